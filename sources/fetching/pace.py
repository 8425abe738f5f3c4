"""One request in flight per host and a pause after it, within one event loop.

Across workers the same is kept by rows: sources.services.turns.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    ended: float | None = None


class HostPace:
    """Hands out turns at hosts."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host to be free and `delay` seconds past its last request."""
        state = self._hosts.setdefault(host, _Host())
        async with state.lock:
            if self.delay and state.ended is not None:
                await asyncio.sleep(max(0.0, state.ended + self.delay - time.monotonic()))
            try:
                yield
            finally:
                state.ended = time.monotonic()
