"""One request in flight per host and a pause after it, within one event loop.

Across workers the same is kept by rows: sources.services.turns.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

# A robots.txt that asks for longer pauses is taken to mean this, in seconds: a host must not stop our visits.
CRAWL_DELAY_AT_MOST = 60.0
# Hosts remembered at once; those that have rested are forgotten beyond it.
REMEMBERED = 2000


@dataclass
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    ended: float | None = None
    delay: float = 0.0

    def rest(self) -> float:
        """Seconds until it may be asked again."""
        return 0.0 if self.ended is None else max(0.0, self.ended + self.delay - time.monotonic())


class HostPace:
    """Hands out turns at hosts."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self._hosts: dict[str, _Host] = {}

    def delay_of(self, host: str) -> float:
        """Seconds the host rests between two requests."""
        return self._hosts[host].delay if host in self._hosts else self.delay

    def slow_down(self, host: str, crawl_delay: float | None) -> None:
        """Keep the pause the host's robots.txt asks for, up to a cap; never a shorter one than ours."""
        self._state(host).delay = max(self.delay, min(crawl_delay or 0.0, CRAWL_DELAY_AT_MOST))

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host to be free and past the pause after its last request."""
        state = self._state(host)
        async with state.lock:
            if rest := state.rest():
                await asyncio.sleep(rest)
            try:
                yield
            finally:
                state.ended = time.monotonic()

    async def rested(self, host: str) -> None:
        """Wait for the pause alone, holding nothing meanwhile."""
        if rest := self._state(host).rest():
            await asyncio.sleep(rest)

    def forget(self, host: str) -> None:
        """Its visits are over; from here on its row in the database knows when it may be asked again."""
        self._hosts.pop(host, None)

    def _state(self, host: str) -> _Host:
        state = self._hosts.get(host)
        if state is None:
            if len(self._hosts) >= REMEMBERED:
                self._hosts = {name: kept for name, kept in self._hosts.items() if kept.lock.locked() or kept.rest()}
            state = self._hosts[host] = _Host(delay=self.delay)
        return state
