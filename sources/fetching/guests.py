"""Redirects lead visits to other hosts. Such a guest needs the host's turn too, as any visit there.

Whose turn a host is stands in the database, which the event loop never asks: it leaves a wish, and the thread that has
the database grants it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable

from sources.choices import Outcome

from .failures import FetchFailed

# How long a visit waits for the turn of a host it is redirected to, in seconds.
WAIT = 5.0


class Guests:
    """The hosts whose turns this process holds, and the wishes for more. For the loop's thread, but `wished`.

    `wish_made` is called for each new wish, `given_back` with a host that no guest uses any more and whether it served
    any of them.
    """

    def __init__(self, wish_made: Callable[[], None], given_back: Callable[[str, bool], None]) -> None:
        self._wish_made, self._given_back = wish_made, given_back
        # By host: the chain that visits its own pages there, and guests.
        self._users: Counter[str] = Counter()
        self._wishes: dict[str, list[asyncio.Future[None]]] = {}
        self._served: set[str] = set()

    def settle_in(self, host: str) -> None:
        """A chain begins at its own host."""
        self._users[host] += 1

    async def move_out(self, host: str) -> None:
        """The chain has ended; returns when no guest is left."""
        while self._users[host] > 1:
            await asyncio.sleep(0.05)

    def vacate(self, host: str) -> None:
        """The chain gives its host back."""
        del self._users[host]

    async def enter(self, host: str) -> None:
        """Wait for the host's turn. Raises FetchFailed when it does not come in time."""
        if not self._users[host]:
            wish: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._wishes.setdefault(host, []).append(wish)
            self._wish_made()
            try:
                await asyncio.wait_for(wish, WAIT)
            except TimeoutError as error:
                why = f"the host it leads to, {host}, is busy or wants to be left alone; visit postponed"
                raise FetchFailed(Outcome.RATE_LIMITED, why) from error
        self._users[host] += 1

    def leave(self, hosts: Iterable[str], *, served: bool) -> None:
        """A visit that was a guest there is over; `served`: they all answered."""
        for host in hosts:
            if served:
                self._served.add(host)
            self._users[host] -= 1
            if not self._users[host]:
                del self._users[host]
                self._give_back(host)

    def wished(self) -> list[str]:
        """Hosts whose turns are wished for. For any thread."""
        return list(self._wishes)

    def grant(self, host: str) -> None:
        """The turn was taken."""
        waiting = [wish for wish in self._wishes.pop(host, []) if not wish.done()]
        for wish in waiting:
            wish.set_result(None)
        if not waiting:
            self._give_back(host)

    def _give_back(self, host: str) -> None:
        self._given_back(host, host in self._served)
        self._served.discard(host)
