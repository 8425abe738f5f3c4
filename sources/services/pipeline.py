"""The pipeline of a sweep: claim, fetch, write, again and again, each at its own speed.

    this thread (the database)                                the fetching thread (the network)
    claims a few hosts while there is room        ─────────►  visits them, hosts side by side
    writes finished visits many at a time         ◄─────────  answers, as they come
    gives hosts back as their turns end           ◄─────────  hosts that are done

Bounded everywhere: visits in flight, rows per transaction, robots.txt files remembered. A worker that is killed loses
only what it had in flight: leases and turns end by themselves, and the sources come due again. While the database is
away, what has arrived is kept and the leases hold (see outlasting): the sweep goes on when it is back.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Set
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from sources.choices import Availability, Outcome
from sources.fetching import Chain, Fetched, Fetching, FetchPolicy, HostReport, Request, retry_after
from sources.models import Source, SourceCheck

from .claiming import Claimed, give_up
from .knowing import known_pages
from .observing import Known, Visit, observe
from .outages import OutageWatch
from .outlasting import Outlasting
from .robots import RobotsMemory
from .storing import Finished, put_off, store_visits
from .turns import Ended, end_turns, leave_alone, take_turns

logger = logging.getLogger(__name__)

# Visits begun and not yet written, at most. Most of them rest: a host's pages are a pause apart, so a thousand visits a
# second take a thousand hosts.
IN_FLIGHT = 3000
# No claim for less room than this, so that claims stay few; nor for more, so that they stay short.
CLAIM_AT_LEAST, CLAIM_AT_MOST = 100, 250
# Visits are written when there are this many, or after this many seconds.
WRITE_AT, WRITE_EVERY = 200, 0.25
# Hosts may only be resting: asked for again after this many seconds.
ASK_EVERY = 0.2
# How long a sweep that has to end waits for what is in flight before it gives it up, in seconds.
PATIENCE = 10.0


class Work(Protocol):
    """Where a pipeline gets its sources."""

    # Nothing can be taken just now, perhaps only because we are there already.
    is_idle: bool
    # Nothing could be taken although we were nowhere: that is the end.
    is_done: bool
    # Seconds after which it makes sense to ask again when nothing was taken but it is not idle.
    ask_every: float

    def claim(self, room: int, at: datetime, busy: Set[str]) -> list[Claimed]:
        """Up to `room` sources, leased, at hosts whose turn was taken; none of a host in `busy`."""


class Pipeline:
    """One run. `at`: the time of every visit (None: the clock's). `told` hears of checks as they are written."""

    def __init__(self, work: Work, *, at: datetime | None = None, told: Callable[[list[SourceCheck]], object]) -> None:
        self._work, self._told = work, told
        self._clock: Callable[[], datetime] = (lambda: at) if at else timezone.now
        self._robots = RobotsMemory()
        self._outages = OutageWatch()
        self._outlast = Outlasting()
        self._known: dict[int, Known] = {}
        # By source: the lease it is visited under. By host: turns we hold.
        self._leases: dict[int, datetime] = {}
        self._busy: set[str] = set()
        self._finished: list[Finished] = []

    def run(self, *, limit: int | None, until: Callable[[], bool]) -> None:
        """Go on until `limit` sources were claimed, `until` says so, or there is no work left."""
        self._left = limit
        with Fetching(FetchPolicy.from_settings(), self._robots, self._clock, self._digest) as self._fetching:
            try:
                self._go_on(until)
                self._finish()
            except BaseException as error:
                self._abandon(error)
                raise

    def _go_on(self, until: Callable[[], bool]) -> None:
        asked = 0.0
        while not until():
            room, wait = self._room(), WRITE_EVERY
            rested = not self._work.is_idle or time.monotonic() - asked > ASK_EVERY
            if room > 0 and (not self._busy or (room >= CLAIM_AT_LEAST and rested)):
                asked = time.monotonic()
                claimed = self._claim(room)
                self._begin(claimed)
                wait = WRITE_EVERY if claimed or self._work.is_idle else self._work.ask_every
            if not self._leases and (self._left == 0 or self._work.is_done):
                return
            self._collect(wait)

    def _room(self) -> int:
        room = min(IN_FLIGHT - len(self._leases), CLAIM_AT_MOST)
        return room if self._left is None else min(room, self._left)

    def _claim(self, room: int) -> list[Claimed]:
        if not (self._leases or self._busy):
            # With empty hands there is nothing to keep: the next sweep may as well try.
            return self._work.claim(room, self._clock(), self._busy)
        return self._outlast(lambda: self._work.claim(room, self._clock(), self._busy))

    def _begin(self, claimed: list[Claimed]) -> None:
        if not claimed:
            return
        sources = [source for held in claimed for source in held.sources]
        if self._left is not None:
            self._left -= len(sources)
        for held in claimed:
            self._busy.add(held.host)
            self._leases.update((source.pk, _lease(source)) for source in held.sources)
            self._outages.begin(held.host, (source.pk for source in held.sources))
        self._outages.complete()
        self._known.update(self._outlast(lambda: known_pages(sources)))
        self._outlast(lambda: self._robots.recall(source.canonical_url for source in sources))
        self._fetching.start([Chain(held.host, [_request(source) for source in held.sources]) for held in claimed])

    def _digest(self, key: int, fetched: Fetched) -> Visit:
        """In the fetching thread, or one beside it."""
        known, at = self._known.pop(key), self._clock()
        try:
            return observe(key, fetched, known, at)
        except Exception as error:
            logger.exception("visit of source %s could not be evaluated", key)
            return Visit(key, at, Outcome.INTERNAL_ERROR, error=f"{type(error).__name__}: {error}"[:500])

    def _collect(self, wait: float) -> None:
        # Half of what is in flight: with few visits under way, waiting for many would leave their room empty.
        enough = max(1, min(WRITE_AT, len(self._leases) // 2))
        answers, reports = self._fetching.collect(wait, enough)
        visits = [self._outages.end(visit) for _, visit in answers]
        for report in reports:
            self._outages.leave(report.unvisited)
        over = not self._busy or len(reports) == len(self._busy)
        visits += self._outages.judged(all_of_them=over and (self._left == 0 or self._work.is_idle))
        self._finished += [Finished(visit, self._leases[visit.source_id]) for visit in visits if visit]
        self._write()
        self._end_turns(reports)
        self._welcome_guests()

    def _welcome_guests(self) -> None:
        """Take the turns of hosts that redirects lead to. A host of ours comes free first, or its visits share it."""
        wished = set(self._fetching.wished()) - self._busy
        free = self._outlast(lambda: take_turns(wished))
        self._busy |= free
        self._fetching.grant(free)

    def _write(self) -> None:
        while self._finished:
            batch, self._finished = self._finished[:WRITE_AT], self._finished[WRITE_AT:]
            checks = self._outlast(partial(store_visits, batch))
            for one in batch:
                del self._leases[one.visit.source_id]
            self._told(checks)
        self._outlast(self._robots.keep)

    def _end_turns(self, reports: list[HostReport]) -> None:
        at = self._clock()
        refused = {
            refusal.host: retry_after(refusal.retry_after, at) for report in reports for refusal in report.refusals
        }
        ended = {
            report.host: Ended(timedelta(seconds=report.delay), report.answered and report.host not in refused)
            for report in reports
        }
        self._outlast(lambda: leave_alone(refused, settings.RECHECK_HOST_DELAY))
        self._outlast(lambda: end_turns(ended))
        self._give_up(key for report in reports for key in report.unvisited)
        self._busy.difference_update(report.host for report in reports)

    def _give_up(self, source_ids: Iterable[int]) -> None:
        leases = {source_id: self._leases.pop(source_id) for source_id in source_ids}
        if leases:
            self._outlast(lambda: give_up(leases, leases.values()))
            for source_id in leases:
                self._known.pop(source_id, None)

    def _finish(self) -> None:
        """Wait for what is in flight, but not for ever; what has not come by then stays due."""
        deadline = time.monotonic() + PATIENCE
        cancelled = False
        while self._busy:
            if not cancelled and time.monotonic() > deadline:
                self._fetching.cancel()
                cancelled = True
            self._collect(WRITE_EVERY)
        visits = self._outages.judged(all_of_them=True)
        self._finished += [Finished(visit, self._leases[visit.source_id]) for visit in visits]
        self._write()

    def _abandon(self, error: BaseException) -> None:
        """Something broke. What we hold is put off before anyone hears of it, or it would be the next to break; only a
        database that was away, or somebody who wants an end at once, is no fault of the pages in hand."""
        innocent = not isinstance(error, Exception) or isinstance(error, (OperationalError, InterfaceError))
        try:
            if isinstance(error, (OperationalError, InterfaceError)):
                connection.close_if_unusable_or_obsolete()
            if innocent:
                self._give_up(list(self._leases))
            else:
                put_off(self._leases, self._clock())
            end_turns({host: Ended(settings.RECHECK_HOST_DELAY) for host in self._busy})
        except (OperationalError, InterfaceError):
            logger.warning("the database is away: %d sources stay leased until their leases end", len(self._leases))
        except Exception:
            logger.exception("leases could not be given back; they end by themselves")


def _request(source: Source) -> Request:
    """Conditional only where the version we hold is what the page last showed: not while suspect or unconfirmed."""
    snapshot = source.current_snapshot
    held = snapshot.raw_sha256 if snapshot else ""
    settled = source.availability in (Availability.LIVE, Availability.MOVED)
    if not settled or snapshot is None or source.pending_since is not None:
        return Request(source.pk, source.canonical_url, raw_sha256=held)
    return Request(source.pk, source.canonical_url, source.etag, source.last_modified, held)


def _lease(source: Source) -> datetime:
    assert source.leased_until is not None
    return source.leased_until
