from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import FrameType

from sources.models import SourceCheck

from .claiming import Queue
from .pipeline import Pipeline

# One task's sweep; what is in flight then gets some seconds more. Well below CELERY_TASK_TIME_LIMIT, and short enough
# that a worker process is not kept from its other tasks for long.
SWEEP_TIME = timedelta(seconds=60)


def recheck_due_sources(*, limit: int = 100, at: datetime | None = None) -> list[SourceCheck]:
    """Visit due sources, up to `limit` of them, until none is left that can be taken; returns their checks."""
    checks: list[SourceCheck] = []
    Pipeline(Queue(), at=at, told=checks.extend).run(limit=limit, until=lambda: False)
    return checks


def sweep(
    *,
    time_limit: timedelta | None = SWEEP_TIME,
    told: Callable[[list[SourceCheck]], object] | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Visit due sources until none is left that can be taken, the time is over or somebody wants it to stop.

    `told` hears of checks as they are written; none is kept. SIGTERM ends a sweep in order: what has arrived is
    written, the rest stays due. Returns the number of visits.
    """
    visits = 0

    def count(checks: list[SourceCheck]) -> None:
        nonlocal visits
        visits += len(checks)
        if told:
            told(checks)

    ends = time.monotonic() + time_limit.total_seconds() if time_limit else None
    with _asked_to_stop() as asked:
        Pipeline(Queue(), told=count).run(
            limit=None,
            until=lambda: asked.is_set() or stopping() or (ends is not None and time.monotonic() > ends),
        )
    return visits


@contextmanager
def _asked_to_stop() -> Iterator[threading.Event]:
    """Set by SIGTERM while the block runs; without effect outside the main thread."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def note(_: int, __: FrameType | None) -> None:
        asked.set()

    before = signal.signal(signal.SIGTERM, note)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGTERM, before)
