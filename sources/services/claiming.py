"""Taking work so that nobody else has it: a host's turn, then a lease on its sources. Both are rows; both end by
themselves when a worker is killed.

A lease's end is also its token: it differs from lease to lease, so a visit knows whether the lease it was begun under
still holds (see storing).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from sources.models import Source

from .storing import put_off
from .turns import give_back_turns, take_turns

# A turn is meant to take about this long; a host's further pages wait for its next one.
TURN = timedelta(seconds=5)
# Pages of one host in one turn, however quick it is.
PER_HOST = 10
# Rows of the queue looked at in one step, and steps in one claim: a claim's cost does not grow with the queue.
SCAN = 1000
SCANS = 5
# A source whose worker died this often in a row is no longer visited at once: it may be what they died of.
CRASHES = 2
# What a visit needs to know beforehand; whole rows would take twice as long to load.
NEEDED = [
    "availability", "canonical_url", "etag", "faults", "host", "last_modified", "leased_until", "pending_since",
    *(f"current_snapshot__{name}" for name in (
        "extractor", "extractor_version", "media_type", "raw_sha256", "storage_key", "text_sha256",
    )),
]  # fmt: skip


@dataclass(frozen=True)
class Claimed:
    """A host whose turn we hold, and its sources we hold a lease on."""

    host: str
    sources: list[Source]


def per_turn() -> int:
    """How many pages of a host are taken in one turn."""
    delay: timedelta = settings.RECHECK_HOST_DELAY
    return PER_HOST if delay <= TURN / PER_HOST else max(1, int(TURN / delay))


def lease_time() -> timedelta:
    """How long a claimed source stays with its worker; longer than any task may run (CELERY_TASK_TIME_LIMIT)."""
    return timedelta(seconds=getattr(settings, "CELERY_TASK_TIME_LIMIT", 540) + 60)


class Queue:
    """Walks along the due sources, the longest due first, and starts over at the end.

    What cannot be taken now (its host is busy, resting or has had its share) stays where it is and is met again on
    the next round: nothing is rewritten, and a host with a hundred thousand due sources costs each round a few index
    pages and starves nobody.
    """

    ask_every = 0.0

    def __init__(self) -> None:
        self._place: tuple[datetime, int] | None = None
        # Nothing was taken since the walk was last at the beginning; and nobody was busy with us either.
        self._in_vain = self._unhindered = True
        self.is_idle = self.is_done = False

    def claim(self, room: int, at: datetime, busy: Set[str]) -> list[Claimed]:
        """Up to `room` due sources, none of a host in `busy` (those are ours already)."""
        wanted: dict[str, list[int]] = {}
        for _ in range(SCANS):
            ended = self._look(wanted, room, at, busy)
            if ended or sum(map(len, wanted.values())) >= room:
                break
        claimed = claim(wanted, at)
        self._in_vain = self._in_vain and not claimed
        self._unhindered = self._unhindered and not busy
        self.is_idle = ended and self._in_vain
        self.is_done = self.is_idle and self._unhindered
        if ended:
            self._in_vain = self._unhindered = True
        return claimed

    def _look(self, wanted: dict[str, list[int]], room: int, at: datetime, busy: Set[str]) -> bool:
        """One step along the queue: notes what is wanted; returns whether this was the end of it."""
        due = Source.objects.due(at).after(self._place).order_by("next_check_at", "pk")
        rows = list(due.values_list("pk", "host", "next_check_at")[:SCAN])
        share, found = per_turn(), sum(map(len, wanted.values()))
        for pk, host, next_check_at in rows:
            if found >= room:
                return False
            self._place = (next_check_at, pk)
            if host not in busy and len(wanted.get(host, ())) < share:
                wanted.setdefault(host, []).append(pk)
                found += 1
        if len(rows) < SCAN:
            self._place = None
        return self._place is None


@transaction.atomic
def claim(wanted: Mapping[str, Iterable[int]], at: datetime, *, due_only: bool = True) -> list[Claimed]:
    """Take the turns of hosts that are free, and lease what is free of the sources wanted there."""
    free = take_turns(wanted)
    ids = [pk for host in free for pk in wanted[host]]
    if not ids:
        return []
    rows = Source.objects.due(at) if due_only else Source.objects.unleased(at)
    sources = list(
        rows.filter(pk__in=ids)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("current_snapshot")
        .only(*NEEDED)
        .order_by("next_check_at", "pk")
    )
    by_host: dict[str, list[Source]] = {}
    for source in _lease(sources, at):
        if source.host in free:
            by_host.setdefault(source.host, []).append(source)
    give_back_turns(free - set(by_host), timedelta(0))
    return [Claimed(host, held) for host, held in by_host.items()]


def _lease(sources: list[Source], at: datetime) -> list[Source]:
    """Lease them until the same moment; returns those that are to be visited."""
    # The microseconds make it a token; never longer than `lease_time`.
    until = at + lease_time() - timedelta(microseconds=random.randrange(1_000_000))
    # Their lease ran out: whoever visited them died, and one of them may be why.
    died = {source.pk for source in sources if source.leased_until is not None}
    poison = {source.pk for source in sources if source.pk in died and source.faults >= CRASHES}
    put_off(poison, at)
    held = [source for source in sources if source.pk not in poison]
    Source.objects.filter(pk__in=[source.pk for source in held if source.pk not in died]).update(leased_until=until)
    for source in held:
        if source.pk in died:
            source.faults += 1
            Source.objects.filter(pk=source.pk).update(leased_until=until, faults=source.faults)
        source.leased_until = until
    return held


def give_up(source_ids: Iterable[int], lease_ends: Iterable[datetime]) -> None:
    """End leases without a visit: the sources stay due. Leases that others have taken meanwhile stay."""
    Source.objects.filter(pk__in=list(source_ids), leased_until__in=set(lease_ends)).update(leased_until=None)
