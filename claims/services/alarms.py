"""Alarms of the machinery: raised once, over once. Looked at every minute."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from claims.choices import AlarmKind
from claims.models import Alarm, Notice
from claims.services.notices import one_line, tell_of_alarm
from sources.choices import Outcome
from sources.health import LONG_LAG, sweep_lag
from sources.models import Source, SourceChange, SourceCheck

# Over how long failures are counted.
LATELY = timedelta(hours=1)
# A larger share than this of the visits failing by our own fault is an alarm, from so many failures on: one bug that
# one page in a thousand meets is a poison source, a full disk meets them all.
FAILING_SHARE = 0.05
FEWEST_FAILURES = 5
# Visits in a row that failed by our own fault before a source is called poison; the same for acting on a change.
POISON_FROM = 3
# Attempts to mail a notice before the mail server is to blame.
MAIL_ATTEMPTS = 3
# An alarm is over when nothing of it was seen for so long: what comes and goes is one alarm, not twenty.
CALM = timedelta(minutes=30)
NAMED = 5


def raise_alarms(*, at: datetime | None = None) -> int:
    """Look at everything once; returns how many alarms started or ended."""
    at = at or timezone.now()
    return sum(settle_alarm(kind, look(at), at) for kind, look in LOOKS.items())


@transaction.atomic
def settle_alarm(kind: AlarmKind, wrong: str, at: datetime) -> bool:
    """`wrong`: what is wrong now, empty when nothing is. True when the alarm started or ended.

    Public for apps that watch machinery of their own.
    """
    if wrong:
        alarm, started = Alarm.objects.get_or_create(
            kind=kind, ended_at=None, defaults={"started_at": at, "text": wrong}
        )
        if started:
            tell_of_alarm(alarm, at=at)
        else:
            Alarm.objects.open().filter(pk=alarm.pk).update(text=wrong, calm_since=None)
        return started
    Alarm.objects.open().filter(kind=kind, calm_since=None).update(calm_since=at)
    over = Alarm.objects.open().filter(kind=kind, calm_since__lte=at - CALM)
    # The row is locked, so that of two workers one ends it and tells of it.
    alarm_over = over.select_for_update().first()
    if alarm_over is None:
        return False
    alarm_over.ended_at = at
    alarm_over.save(update_fields=["ended_at"])
    tell_of_alarm(alarm_over, at=at)
    return True


def _sweep_late(at: datetime) -> str:
    lag = sweep_lag(at)
    if lag <= LONG_LAG:
        return ""
    minutes = int(lag.total_seconds() // 60)
    return (
        f"The page that waits longest for its visit is {minutes} minutes late. "
        "Check that a worker runs (/readyz), or run more of them."
    )


def _archive_failing(at: datetime) -> str:
    lately = SourceCheck.objects.filter(at__gt=at - LATELY, at__lte=at)
    failed = lately.filter(outcome=Outcome.INTERNAL_ERROR).count()
    if failed < FEWEST_FAILURES:
        return ""
    # All outcomes by name, so that the index of outcomes and times answers.
    visits = lately.filter(outcome__in=Outcome.values).count()
    if failed <= FAILING_SHARE * visits:
        return ""
    newest = lately.filter(outcome=Outcome.INTERNAL_ERROR).order_by("-at").first()
    said = one_line(newest.error) if newest else ""
    return f"{failed} of {visits} visits in the last hour failed by our own fault. The last one said: {said}"


def _poison_sources(at: datetime) -> str:
    poison = Source.objects.filter(faults__gte=POISON_FROM).order_by("-faults", "pk")
    number = poison.count()
    if not number:
        return ""
    named = _named(poison.values_list("canonical_url", flat=True)[:NAMED], number)
    return f"{number} sources failed by our own fault at {POISON_FROM} visits in a row or more: {named}."


def _poison_changes(at: datetime) -> str:
    poison = SourceChange.objects.unprocessed().filter(attempts__gte=POISON_FROM)
    number = poison.count()
    if not number:
        return ""
    named = _named(poison.values_list("source__canonical_url", flat=True)[:NAMED], number)
    return (
        f"{number} changes of pages could not be worked off in {POISON_FROM} attempts or more: {named}. "
        "Verdicts do not follow these pages until it is mended; the worker's log says what broke."
    )


def _named(some: Iterable[str], number: int) -> str:
    return ", ".join(some) + (f" and {number - NAMED} more" if number > NAMED else "")


def _mail_failing(at: datetime) -> str:
    stuck = Notice.objects.filter(mail_due_at__isnull=False, mail_attempts__gte=MAIL_ATTEMPTS).order_by("-at")
    newest = stuck.first()
    if newest is None:
        return ""
    return f"{stuck.count()} notices could not be mailed. The last attempt said: {newest.mail_error}"


LOOKS: dict[AlarmKind, Callable[[datetime], str]] = {
    AlarmKind.SWEEP_LATE: _sweep_late,
    AlarmKind.ARCHIVE_FAILING: _archive_failing,
    AlarmKind.POISON_SOURCES: _poison_sources,
    AlarmKind.POISON_CHANGES: _poison_changes,
    AlarmKind.MAIL_FAILING: _mail_failing,
}
