"""Our own outage: when most hosts visited at the same time give no answer at all, the fault is ours.

Hosts are judged in the company of those whose visits began with theirs (a cohort). A failure without an answer is
held back until its cohort is known, so nothing that was counted ever has to be taken back.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from sources.choices import Outcome
from sources.states import TABLE

from .observing import Visit

# If more than this share of a cohort's hosts give no answer, and there are enough of them to tell, the fault is ours.
OUTAGE_SHARE = 0.5
OUTAGE_HOSTS = 10
# A cohort is complete with this many hosts; those begun in one go stay together.
COHORT_HOSTS = 20
# How long a failure waits for the rest of its cohort, in seconds: a connection attempt given up takes ten.
HELD_FOR = 12.0
# Failures held back at most; beyond it the oldest are judged by what is known.
HELD_AT_MOST = 2000


@dataclass
class _Cohort:
    begun: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)
    under_way: int = 0

    def is_outage(self) -> bool:
        """Only silence can be our fault: a 404 came from somewhere."""
        silent, known = len(self.silent - self.heard), len(self.silent | self.heard)
        return known >= OUTAGE_HOSTS and silent > OUTAGE_SHARE * known


class OutageWatch:
    """Takes visits as they end and gives them back as soon as it is known whether they may count."""

    def __init__(self) -> None:
        self._cohort = _Cohort()
        self._of: dict[int, tuple[_Cohort, str]] = {}
        # By source: when the visit ended, its cohort and the visit; the oldest first.
        self._held: dict[int, tuple[float, _Cohort, Visit]] = {}

    def begin(self, host: str, source_ids: Iterable[int]) -> None:
        """Visits to this host begin now."""
        self._cohort.begun.add(host)
        for source_id in source_ids:
            self._of[source_id] = (self._cohort, host)
            self._cohort.under_way += 1

    def complete(self) -> None:
        """All that begins together has begun."""
        if len(self._cohort.begun) >= COHORT_HOSTS:
            self._cohort = _Cohort()

    def end(self, visit: Visit) -> Visit | None:
        """A visit has ended; None while it has to wait for its cohort."""
        cohort, host = self._of.pop(visit.source_id)
        cohort.under_way -= 1
        counts = TABLE[visit.outcome].counts
        silent = visit.http_status is None and (counts or visit.outcome == Outcome.DNS_TEMPORARY)
        (cohort.silent if silent else cohort.heard).add(host)
        if not (silent and counts):
            return visit
        self._held[visit.source_id] = (time.monotonic(), cohort, visit)
        return None

    def leave(self, source_ids: Iterable[int]) -> None:
        """These visits will not take place."""
        for source_id in source_ids:
            cohort, _ = self._of.pop(source_id)
            cohort.under_way -= 1

    def judged(self, *, all_of_them: bool = False) -> list[Visit]:
        """Held visits whose cohort is known, or that have waited long enough; marked if the fault was ours."""
        now, ready = time.monotonic(), []
        too_many = len(self._held) - HELD_AT_MOST
        for number, (source_id, (since, cohort, visit)) in enumerate(list(self._held.items())):
            alone = cohort is self._cohort  # more hosts may still join it
            known = cohort.under_way == 0 and not alone
            if all_of_them or known or number < too_many or now - since > HELD_FOR:
                visit.our_outage = cohort.is_outage()
                ready.append(visit)
                del self._held[source_id]
        return ready
