"""Visits that were asked for by name, due or not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Set
from datetime import datetime, timedelta
from itertools import islice

from sources.models import Source, SourceCheck

from .claiming import Claimed, claim, per_turn
from .pipeline import Pipeline
from .turns import resting_longer

# How long a visit asked for by a person waits for its hosts to be free, in seconds.
WAIT_FOR_HOSTS = 60.0
# Sources considered at a time; the rest of a long list waits outside.
WINDOW = 1000


def visit_sources(
    source_ids: Iterable[int],
    *,
    at: datetime | None = None,
    told: Callable[[list[SourceCheck]], object] | None = None,
) -> list[SourceCheck]:
    """Visit these sources now, each in its host's turn, and write down what was found.

    Sources whose host stays busy for `WAIT_FOR_HOSTS` seconds, or that a sweep is visiting just now, are left for the
    next sweep and missing from the result. With `told`, which hears of checks as they are written, the result is
    empty: for lists that are too long to keep.
    """
    checks: list[SourceCheck] = []
    Pipeline(_Chosen(source_ids), at=at, told=told or checks.extend).run(limit=None, until=lambda: False)
    return sorted(checks, key=lambda check: check.source_id)


class _Chosen:
    """The sources somebody chose, as their hosts become free."""

    ask_every = 0.2

    def __init__(self, source_ids: Iterable[int]) -> None:
        self._ids = iter(source_ids)
        # By host: sources not taken yet.
        self._waiting: dict[str, dict[int, None]] = {}
        self._progress = time.monotonic()
        self.is_idle = self.is_done = False

    def claim(self, room: int, at: datetime, busy: Set[str]) -> list[Claimed]:
        """What can be taken of them now. Idle when none is left that is worth waiting for."""
        self._refill()
        wanted: dict[str, list[int]] = {}
        for host, ids in self._waiting.items():
            if host not in busy and room > 0:
                wanted[host] = list(islice(ids, min(per_turn(), room)))
                room -= len(wanted[host])
        claimed = claim(wanted, at, due_only=False)
        for held in claimed:
            for source in held.sources:
                self._waiting[held.host].pop(source.pk, None)
            if not self._waiting[held.host]:
                del self._waiting[held.host]
        if claimed or busy:
            self._progress = time.monotonic()
        else:
            self._drop_the_hopeless()
        self._refill()
        self.is_idle = self.is_done = not self._waiting
        return claimed

    def _drop_the_hopeless(self) -> None:
        """Hosts that were asked to be left alone will not be free in time; nor will any, after some time in vain."""
        left = self._progress + WAIT_FOR_HOSTS - time.monotonic()
        late = set(self._waiting) if left <= 0 else resting_longer(self._waiting, timedelta(seconds=left))
        for host in late:
            self._waiting.pop(host, None)

    def _refill(self) -> None:
        while sum(map(len, self._waiting.values())) < WINDOW and (more := list(islice(self._ids, WINDOW))):
            for pk, host in Source.objects.filter(pk__in=more).values_list("pk", "host"):
                self._waiting.setdefault(host, {})[pk] = None
