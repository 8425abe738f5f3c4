"""After a clock that was ahead: what it put off comes back. As sources' mend_dates() does for visits."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from feed.models import Endpoint, Lane
from feed.services.delivering import LEASE
from feed.services.endpoints import try_now
from feed.webhooks.retrying import LONGEST_WAIT

# Workers' clocks may differ by so much.
SLACK = timedelta(minutes=5)


def mend_lanes(*, at: datetime | None = None) -> int:
    """Have lanes tried now that are put off, or held, longer than anything can be; returns how many endpoints'."""
    at = at or timezone.now()
    held = Lane.objects.filter(leased_until__gt=at + LEASE + SLACK).update(leased_until=None)
    ahead = list(Endpoint.objects.filter(lanes__due_at__gt=at + LONGEST_WAIT + SLACK).distinct())
    for endpoint in ahead:
        try_now(endpoint, at=at)
    return held + len(ahead)
