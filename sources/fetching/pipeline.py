"""Fetching without end: one event loop in a thread of its own takes hosts' pages and hands back answers.

caller's thread (the database)                    loop's thread (the network)
start(chains)  ────────────────────────────────►  hosts side by side, a host's pages one after the other
collect()      ◄── answers, hosts that are done ──  a slow host keeps its own slot and nothing else
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Generic, Self, TypeVar

import uvloop

from sources.choices import Outcome
from sources.urls import host_of

from .answers import Fetched, Refusal, Request
from .client import Visitor, admission, decode, open_session
from .decoding import Undecodable
from .guests import Guests
from .policy import FetchPolicy
from .robots import RobotsRules

logger = logging.getLogger(__name__)
T = TypeVar("T")

# Names are looked up in threads; a resolver that is slow for some must not hold up the others.
LOOKUPS = 64
# Bodies decoded and read side by side; the rest wait in their slots, so that they do not pile up in memory.
READERS = 4
# A host that rests longer between two pages is given back after each of them, in seconds.
LONG_REST = 5.0


@dataclass(frozen=True)
class Chain:
    """Pages of one host, visited one after the other."""

    host: str
    requests: Sequence[Request]


@dataclass
class HostReport:
    """A chain has ended: how the host is to be treated from here on."""

    host: str
    # Seconds it rests after a visit.
    delay: float
    # It served something, whatever its status, that was no wish to come later.
    answered: bool = False
    # Hosts that asked us to come later; not always the chain's own (redirects).
    refusals: list[Refusal] = field(default_factory=list)
    # Keys of pages that were not visited.
    unvisited: list[int] = field(default_factory=list)


class Fetching(Generic[T]):
    """A context manager around the loop's thread. `digest` makes of each answer what is to be kept of it.

    `digest` runs in a thread beside the loop when there is a body to read, and in the loop when there is not (nothing
    arrived, 304, the body we hold): then it must be quick. `alone`: redirects to other hosts need no turn, for there
    is nobody to grant it.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        robots: MutableMapping[str, RobotsRules],
        clock: Callable[[], datetime],
        digest: Callable[[int, Fetched], T],
        *,
        alone: bool = False,
    ) -> None:
        self._shared = not alone
        self._policy, self._robots, self._clock, self._digest = policy, robots, clock, digest
        self._answers: deque[tuple[int, T]] = deque()
        self._reports: deque[HostReport] = deque()
        # Set when there is enough to collect, or nothing more to wait for.
        self._ready = threading.Event()
        self._enough = 1
        self._chains: set[asyncio.Task[None]] = set()
        self._guests = Guests(self._ready.set, self._guests_gone)
        self._started: threading.Event = threading.Event()
        self._broken: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="fetching", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        self._raise_if_broken()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self._tell(self._closing.set)
        self._thread.join()

    def start(self, chains: Sequence[Chain]) -> None:
        """Begin to visit these hosts; each must be free of other chains."""
        self._ready.clear()
        self._tell(lambda: self._begin(chains))

    def collect(self, wait: float, enough: int) -> tuple[list[tuple[int, T]], list[HostReport]]:
        """Answers by key and hosts that are done, as soon as there are `enough` or nothing is under way, at the latest
        after `wait` seconds."""
        self._enough = enough
        if len(self._answers) < enough:
            self._ready.wait(wait)
        self._ready.clear()
        self._raise_if_broken()
        # Reports first: a host's answers are all there when its report is.
        reports = [self._reports.popleft() for _ in range(len(self._reports))]
        return [self._answers.popleft() for _ in range(len(self._answers))], reports

    def wished(self) -> list[str]:
        """Hosts that redirects lead to: visits wait for their turns to be granted. Asked again until they are."""
        return self._guests.wished()

    def grant(self, hosts: Iterable[str]) -> None:
        """These hosts' turns were taken; each comes back with a report like any other."""
        for host in hosts:
            self._tell(partial(self._guests.grant, host))

    def cancel(self) -> None:
        """Break off what is under way; the pages come back as unvisited."""
        self._tell(lambda: [chain.cancel() for chain in self._chains])

    def _tell(self, what: Callable[[], object]) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(what)

    def _raise_if_broken(self) -> None:
        if self._broken is not None:
            raise RuntimeError("the fetching thread has ended") from self._broken

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._serve())
        except BaseException as error:
            self._broken = error
        finally:
            self._started.set()
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_default_executor(ThreadPoolExecutor(LOOKUPS, "lookup"))
        # Not the connector's limit: waiting there would eat into a page's own time.
        self._slots = asyncio.Semaphore(self._policy.connections)
        with ThreadPoolExecutor(READERS, "reading") as self._readers:
            async with open_session(self._policy) as session:
                self._visitor = Visitor(self._policy, self._robots, self._clock, session)
                self._started.set()
                await self._closing.wait()
                chains = list(self._chains)
                for chain in chains:
                    chain.cancel()
                await asyncio.gather(*chains, return_exceptions=True)

    def _begin(self, chains: Sequence[Chain]) -> None:
        for chain in chains:
            task = self._loop.create_task(self._visit(chain))
            self._chains.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._chains.discard(task)
        if not self._chains:
            self._ready.set()

    async def _visit(self, chain: Chain) -> None:
        pace, host = self._visitor.pace, chain.host
        report = HostReport(host, self._policy.host_delay, unvisited=[request.key for request in chain.requests])
        self._guests.settle_in(host)
        try:
            for request in chain.requests:
                await pace.rested(host)
                async with self._slots:
                    fetched = await self._fetch(request, host, last=len(report.unvisited) == 1)
                    answer = await self._digested(request, fetched)
                self._hand_over(request.key, answer, report)
                report.answered |= fetched.status is not None
                report.refusals += fetched.refusals
                if fetched.refusals or pace.delay_of(host) > LONG_REST:
                    break
            await self._guests.move_out(host)
        except Exception:
            # A bug of ours: the page it happened at is among the unvisited and comes back later.
            logger.exception("visits to %s broke off", host)
        finally:
            self._guests.vacate(host)
            report.delay = pace.delay_of(host)
            pace.forget(host)
            self._reports.append(report)

    async def _fetch(self, request: Request, home: str, *, last: bool) -> Fetched:
        """Visit a page, wherever it leads."""
        entered = {home, host_of(request.url)}

        async def enter(host: str) -> None:
            if self._shared and host not in entered:
                await self._guests.enter(host)
                guest_of.append(host)
                entered.add(host)

        guest_of: list[str] = []
        served = False
        admission.set(enter)
        try:
            fetched = await self._visitor.visit(request, last=last)
            served = fetched.failure is None and not fetched.refusals
            return fetched
        finally:
            self._guests.leave(guest_of, served=served)

    def _guests_gone(self, host: str, served: bool) -> None:
        self._reports.append(HostReport(host, self._visitor.pace.delay_of(host), answered=served))

    def _hand_over(self, key: int, answer: T, report: HostReport) -> None:
        self._answers.append((key, answer))
        report.unvisited.remove(key)
        if len(self._answers) >= self._enough:
            self._ready.set()

    async def _digested(self, request: Request, fetched: Fetched) -> T:
        known = bool(fetched.raw_sha256) and fetched.raw_sha256 == request.raw_sha256
        if fetched.failure is not None or not fetched.body or known:
            return self._digest(request.key, fetched)
        return await self._loop.run_in_executor(self._readers, self._read, request.key, fetched)

    def _read(self, key: int, fetched: Fetched) -> T:
        try:
            decode(fetched, self._policy)
        except Undecodable as error:
            fetched.failure, fetched.error = Outcome.BAD_CONTENT, str(error)
        return self._digest(key, fetched)


def fetch_all(
    requests: Sequence[Request],
    policy: FetchPolicy,
    robots: MutableMapping[str, RobotsRules],
    at: datetime,
    *,
    digest: Callable[[int, Fetched], T],
) -> dict[int, T]:
    """Visit every page, hosts at the same time and each host's pages one after the other. Never raises for a page.

    `robots` holds the rules known per origin; rules that had to be read are put into it. A host that asks us to come
    later is asked for nothing more: its other pages are missing from the answer.
    """
    by_host: dict[str, list[Request]] = {}
    for request in requests:
        by_host.setdefault(host_of(request.url), []).append(request)
    answers: dict[int, T] = {}
    under_way = len(by_host)
    with Fetching(policy, robots, lambda: at, digest, alone=True) as fetching:
        fetching.start([Chain(host, queue) for host, queue in by_host.items()])
        while under_way:
            arrived, reports = fetching.collect(wait=1.0, enough=len(requests) + 1)
            answers.update(arrived)
            under_way -= len(reports)
    return answers
