"""Safe to re-run: due sources are claimed by rows, so a repeated or lost task loses nothing and visits none twice."""

from __future__ import annotations

from datetime import timedelta
from multiprocessing import RawValue
from typing import Any

from celery import shared_task, signals

from sources import services
from sources.slots import Slots

# In memory that the worker shares with its child processes: a sweep in one of them hears that the worker is to stop.
_stopping = RawValue("b", 0)


@signals.worker_shutting_down.connect
def _stop_sweeps(**_: Any) -> None:
    _stopping.value = 1


# A worker with a single process sweeps for this long, so that its other tasks need not wait for a minute.
ALONE = timedelta(seconds=10)


class _Worker:
    """The worker this process belongs to; its child processes inherit what it set before they were forked."""

    processes = 0
    slots: Slots | None = None


@signals.worker_init.connect
def _make_room_for_sweeps(sender: Any, **_: Any) -> None:
    """One process is always left for other tasks: during a backlog every sweep takes all its time."""
    _Worker.processes = int(sender.concurrency)
    _Worker.slots = Slots(max(1, _Worker.processes - 1))


@shared_task
def recheck_due_sources() -> int:
    """Visit sources while any are due, for a minute at most; returns how many. 0 while enough others do."""
    if _Worker.slots is None:  # not in a worker
        return _sweep()
    with _Worker.slots.taken() as free:
        return _sweep() if free else 0


def _sweep() -> int:
    longest = ALONE if _Worker.processes == 1 else services.SWEEP_TIME
    return services.sweep(time_limit=longest, stopping=lambda: bool(_stopping.value))


@shared_task
def mend_dates() -> int:
    """Bring back what a clock that was ahead has put off; returns how many dates."""
    return services.mend_dates()


@shared_task
def roll_up_checks() -> int:
    """Sum up uneventful visits of months ago; returns how many."""
    return services.roll_up_checks()


@shared_task
def reextract_snapshots() -> int:
    """Have the present text extractor read captures that only an older one has read; returns how many."""
    read, _ = services.reextract_snapshots()
    return read


@shared_task
def probe_missing_pages() -> int:
    """Ask sites what they show for addresses that cannot exist, where a change waits for it; returns how many."""
    return services.probe_missing_pages()
