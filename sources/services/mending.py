"""Dates that a clock which was ahead has left behind. Once it is right again, nothing may wait for its year to come.

The database's clock is asked, because a worker's own may be the one that is wrong. What is dead by such dates is not:
its failures were not as far apart as they seemed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from sources.choices import Availability, ChangeKind
from sources.models import HostTurn, Source, SourceChange
from sources.schedule import DEAD, HOST_PAUSE_AT_MOST, JITTER, RETRY_AFTER_AT_MOST

from .claiming import lease_time
from .turns import HOLD

# Clocks of several machines are never quite the same.
SLACK = timedelta(minutes=5)
# Whoever acts on changes puts off those that break it by hours, never longer.
CHANGE_PUT_OFF_AT_MOST = timedelta(days=1)


def mend_dates(*, at: datetime | None = None) -> int:
    """Bring back what is dated further ahead than anything can be; returns how many dates were mended.

    `at`: the present (None: the database's clock). Safe to run beside workers: no date they write is out of reach.
    """
    at = at or _database_time()
    soon = at + SLACK
    longest = max(DEAD, RETRY_AFTER_AT_MOST, settings.RECHECK_CONFIRM_DELAY, *settings.RECHECK_INTERVALS) * (1 + JITTER)
    return (
        Source.objects.filter(leased_until__gt=soon + lease_time()).update(leased_until=None)
        + Source.objects.filter(next_check_at__gt=soon + longest).update(next_check_at=at)
        + Source.objects.filter(pending_since__gt=soon).update(pending_since=at)
        + HostTurn.objects.filter(busy_until__gt=soon + HOLD).update(busy_until=None)
        + HostTurn.objects.filter(next_at__gt=soon + _longest_rest()).update(next_at=at)
        + SourceChange.objects.filter(processed_at=None, not_before__gt=soon + CHANGE_PUT_OFF_AT_MOST).update(
            not_before=at
        )
        + sum(_count_anew(pk, at) for pk in _counted_after(soon))
    )


def _database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def _longest_rest() -> timedelta:
    rest: timedelta = max(HOST_PAUSE_AT_MOST, settings.RECHECK_HOST_DELAY)
    return rest


def _counted_after(moment: datetime) -> list[int]:
    return list(Source.objects.filter(last_counted_failure_at__gt=moment).values_list("pk", flat=True))


@transaction.atomic
def _count_anew(source_id: int, at: datetime) -> int:
    """The failures that are known for sure are one, and it was just now: never too early, and not stuck either."""
    source = Source.objects.select_for_update().get(pk=source_id)
    source.counted_failures, source.last_counted_failure_at = 1, at
    if source.availability == Availability.DEAD and not source.pinned:
        SourceChange.objects.create(
            source=source, at=at, kind=ChangeKind.AVAILABILITY, before=Availability.DEAD, after=Availability.SUSPECT
        )
        source.availability, source.availability_since = Availability.SUSPECT, at
        source.next_check_at = at
    source.save(
        update_fields=[
            "counted_failures", "last_counted_failure_at", "availability", "availability_since", "next_check_at",
        ]
    )  # fmt: skip
    return 1
