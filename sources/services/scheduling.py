from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sources.models import HostTurn, Source


def make_due(source: Source, *, at: datetime | None = None) -> None:
    """Have the next sweep visit the source. It still waits for its host's turn."""
    at = at or timezone.now()
    Source.objects.filter(pk=source.pk).update(next_check_at=at)
    source.next_check_at = at


@transaction.atomic
def end_leases() -> int:
    """Free what killed workers still hold; returns how many sources. Only where no worker is running: they would
    visit the same pages a second time. Without this, leases end by themselves after about ten minutes."""
    HostTurn.objects.filter(busy_until__isnull=False).update(busy_until=None)
    return Source.objects.filter(leased_until__isnull=False).update(leased_until=None)
