"""Old deliveries go, with the log of their attempts: what is delivered is in the event log for ever.

What waits and what is dead stays, whatever its age: it is owed. Whom a verdict was sent to stays as well (Told).
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from feed.models import Attempt, Delivery, Endpoint

# Deliveries in one transaction, and in one run: the next run carries on.
BATCH, AT_MOST = 2_000, 100_000


def prune_deliveries(*, before: datetime | None = None, limit: int = AT_MOST) -> int:
    """Delete what was delivered before this time (default: `KEEP_DELIVERIES` ago), its attempts too; returns how many.

    Batch by batch, each in a transaction of its own; may be killed at any moment.
    """
    before = before or timezone.now() - settings.KEEP_DELIVERIES
    pruned = 0
    for endpoint in Endpoint.objects.values_list("pk", flat=True):
        while pruned < limit and (gone := _batch(endpoint, before, min(BATCH, limit - pruned))):
            pruned += gone
    return pruned


@transaction.atomic
def _batch(endpoint: int, before: datetime, size: int) -> int:
    # A replay that finds a delivery has it wait again: under the same lock, so that it finds none that is going.
    Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint)
    old = Delivery.objects.delivered().filter(endpoint=endpoint, settled_at__lt=before).order_by("settled_at")
    keys = list(old.values_list("pk", flat=True)[:size])
    if keys:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL claimtrack.allow_pruning = 'on'")
            Attempt.objects.filter(delivery__in=keys).delete()
            cursor.execute("SET LOCAL claimtrack.allow_pruning = 'off'")
        Delivery.objects.filter(pk__in=keys).delete()
    return len(keys)
