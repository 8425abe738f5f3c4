from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sources.models import Source, SourceCheck

from .turns import give_back_turns, take_turns
from .visiting import lease_time, visit_held

logger = logging.getLogger(__name__)

# A host is held for as long as its pages of one batch take: few at a time, so that no host holds up the others.
PER_HOST = 5
# Sources whose host is busy come back after this.
BUSY = timedelta(seconds=5)


def recheck_due_sources(*, limit: int = 100, at: datetime | None = None) -> list[SourceCheck]:
    """Claim up to `limit` due sources and visit them.

    A claimed source is leased to this worker; if the worker is killed, the lease ends and the source is due again.
    """
    at = at or timezone.now()
    claimed, hosts = _claim(limit, at)
    if not claimed:
        return []
    try:
        return visit_held(Source.objects.filter(pk__in=claimed), at)
    except Exception:
        # Pushed forward before anyone hears of it: a batch that crashes must not be the next batch again.
        _release(claimed, at + timedelta(minutes=15))
        raise
    finally:
        give_back_turns(hosts, settings.RECHECK_HOST_DELAY)


@transaction.atomic
def _claim(limit: int, at: datetime) -> tuple[list[int], set[str]]:
    due = list(
        Source.objects.due(at)
        .select_for_update(skip_locked=True)
        .order_by("next_check_at")
        .values_list("pk", "host")[:limit]
    )
    free = take_turns(host for _, host in due)
    claimed: list[int] = []
    later: dict[str, list[int]] = {}
    per_host: dict[str, int] = {}
    for pk, host in due:
        per_host[host] = per_host.get(host, 0) + 1
        if host in free and per_host[host] <= PER_HOST:
            claimed.append(pk)
        else:
            later.setdefault(host, []).append(pk)
    Source.objects.filter(pk__in=claimed).update(leased_until=at + lease_time())
    for waiting in later.values():
        # Out of the way of other hosts' sources; one after the other, as the host can take them.
        _release(waiting, at + BUSY + len(waiting) // PER_HOST * settings.RECHECK_HOST_DELAY)
    return claimed, free


def _release(source_ids: Iterable[int], next_check_at: datetime) -> None:
    Source.objects.filter(pk__in=list(source_ids)).update(leased_until=None, next_check_at=next_check_at)
