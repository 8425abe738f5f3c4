"""The sender: turns are taken, posted side by side, and settled one by one as answers come.

    this thread (the database)                        the posting thread (the network)
    takes the turns of lanes that are due  ─────────►  posts them, all at the same time
    settles each answer, passes the lane's next on ◄──  answers, as they come

A receiver that hangs keeps its own lane waiting and no other.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from datetime import datetime

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from feed.services.delivering import Turn, parcel_of, settle, take_turns
from feed.services.endpoints import SecretLost
from sources.fetching import FetchPolicy, Posted, Poster

logger = logging.getLogger(__name__)

# Requests in flight at once in one run.
IN_FLIGHT = 64
# One run begins new requests for so many seconds; the last ones may take 15 more. The next run carries on.
RUN_TIME = 10.0
# While requests are in flight, turns that came due meanwhile are looked for this often, in seconds.
ASK_EVERY = 0.5
# How long a run that has to end waits for what is in flight; what is broken off is sent again.
PATIENCE = 3.0


def send_due_deliveries(
    *, at: datetime | None = None, run_time: float = RUN_TIME, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Send what is due until nothing is; returns how many attempts were made.

    `at`: the time of everything (None: the clock's). `stopping` says that the process has to end. Safe to run side by
    side and to be killed at any moment.
    """
    return _Run(at, run_time, stopping).go()


class _Run:
    def __init__(self, at: datetime | None, run_time: float, stopping: Callable[[], bool]) -> None:
        self._clock: Callable[[], datetime] = (lambda: at) if at else timezone.now
        self._until, self._stopping = time.monotonic() + run_time, stopping
        self._flying: dict[Future[Posted], tuple[Turn, datetime]] = {}
        self._asked = float("-inf")
        self._attempts = 0

    def go(self) -> int:
        turns = take_turns(IN_FLIGHT, at=self._clock())
        if not turns:
            return 0  # the usual case: no thread for nothing
        with Poster(FetchPolicy.from_settings()) as self._poster:
            for turn in turns:
                self._post(turn)
            while self._flying and not self._has_to_end():
                done, _ = wait(self._flying, timeout=ASK_EVERY, return_when=FIRST_COMPLETED)
                for future in done:
                    self._settle(future)
                self._look_for_more()
        return self._attempts

    def _goes_on(self) -> bool:
        return time.monotonic() < self._until and not self._stopping()

    def _has_to_end(self) -> bool:
        if self._stopping():
            done, _ = wait(self._flying, timeout=PATIENCE)
            for future in done:
                self._settle(future)
            return True
        return False

    def _look_for_more(self) -> None:
        now = time.monotonic()
        if (self._flying and now - self._asked < ASK_EVERY) or not self._goes_on():
            return
        self._asked = now
        for turn in take_turns(IN_FLIGHT - len(self._flying), at=self._clock()):
            self._post(turn)

    def _post(self, turn: Turn) -> None:
        began = self._clock()
        with _one_endpoint_alone(turn):
            try:
                parcel = parcel_of(turn, at=began)
            except SecretLost as error:
                future: Future[Posted] = Future()
                future.set_result(Posted(error=str(error)))
            else:
                if turn.is_too_late(self._clock()):
                    return  # the database held us up; the lane comes free by itself
                future = self._poster.post(parcel.url, parcel.body, parcel.headers)
            self._flying[future] = (turn, began)

    def _settle(self, future: Future[Posted]) -> None:
        turn, began = self._flying.pop(future)
        self._attempts += 1
        following = None
        with _one_endpoint_alone(turn):
            following = settle(turn, future.result(), began=began, at=self._clock(), go_on=self._goes_on())
        if following is not None:
            self._post(following)


@contextmanager
def _one_endpoint_alone(turn: Turn) -> Iterator[None]:
    """What breaks over one endpoint, by a fault of ours, stops no other: its lane rests until the lease ends."""
    try:
        yield
    except (OperationalError, InterfaceError):
        raise  # the database is away, for everybody
    except Exception:
        logger.exception("event %s could not be sent to endpoint %s", turn.delivery.event_id, turn.delivery.endpoint_id)
