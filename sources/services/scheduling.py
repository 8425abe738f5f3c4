from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from sources.models import Source


def make_due(source: Source, *, at: datetime | None = None) -> None:
    """Have the next sweep visit the source. It still waits for its host's turn."""
    at = at or timezone.now()
    Source.objects.filter(pk=source.pk).update(next_check_at=at)
    source.next_check_at = at
