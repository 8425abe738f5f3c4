"""Beat's errands for webhooks. Safe to re-run: work is claimed by rows; what a killed worker held comes due again."""

from __future__ import annotations

from multiprocessing import RawValue
from typing import Any

from celery import shared_task, signals
from django.utils import timezone

from feed import services
from sources.slots import Slots

# In memory that the worker shares with its child processes, as for sweeps (sources/tasks.py).
_stopping = RawValue("b", 0)


@signals.worker_shutting_down.connect
def _stop_sending(**_: Any) -> None:
    _stopping.value = 1


class _Worker:
    # One process of a worker sends at a time: it serves all endpoints side by side, and receivers that hang must not
    # take the others, which re-check sources.
    slots: Slots | None = None


@signals.worker_init.connect
def _one_sender(**_: Any) -> None:
    _Worker.slots = Slots(1)


@shared_task
def queue_deliveries() -> int:
    """Deliveries for events that endpoints have not been looked at for; returns how many."""
    return services.queue_deliveries()


@shared_task
def send_due_deliveries() -> int:
    """Send for ten seconds at most, and 15 more for answers under way; returns how many attempts were made."""
    if _Worker.slots is None:  # not in a worker
        return _send()
    with _Worker.slots.taken() as free:
        return _send() if free else 0


def _send() -> int:
    # What just happened leaves with this run; the task above serves the runs that are under way.
    services.queue_deliveries()
    return services.send_due_deliveries(stopping=lambda: bool(_stopping.value))


@shared_task
def look_after_webhooks() -> None:
    """What the law takes out of the log, clocks that were ahead, the alarm of late receivers, mail to contacts."""
    services.blank_withheld_answers()
    services.mend_lanes()
    services.watch_webhooks(at=timezone.now())
    services.mail_contacts()


@shared_task
def prune_deliveries() -> int:
    """Delete deliveries of months ago with their attempts; returns how many."""
    return services.prune_deliveries()
