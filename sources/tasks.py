"""Safe to re-run: due sources are claimed by rows, so a repeated or lost task loses nothing and visits none twice."""

from __future__ import annotations

from celery import shared_task

from sources import services


@shared_task
def recheck_due_sources() -> int:
    """Visit the sources that are due; returns how many."""
    return len(services.recheck_due_sources())
