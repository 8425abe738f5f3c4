"""Sending again: replay from any event on, one dead letter or all of them. Always under the same webhook-ids."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import User
from claims.services.record import record
from feed.choices import DeliveryState
from feed.models import Delivery, Endpoint, Lane
from feed.querysets import DeliveryQuerySet


@transaction.atomic
def replay(endpoint: Endpoint, *, after: int, by: User | None) -> Endpoint:
    """Send everything it wants that happened after event `after` (0: from the beginning), in order, once more.

    Only puts its place in the event log back: queue_deliveries() then looks at those events again, batch by batch.
    What waits already keeps its place. Raises ValidationError.
    """
    row = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    if not 0 <= after <= row.cursor:
        said = _("Give the number of an event it was sent already: 0 to %(last)s.")
        raise ValidationError(said % {"last": row.cursor})
    row.cursor = after
    row.save(update_fields=["cursor"])
    record(None, "webhook replayed", by=by, detail=f"{row.name}: events after {after}")
    return row


@transaction.atomic
def redeliver(endpoint: Endpoint, *, by: User | None, sequence: int | None = None, at: datetime | None = None) -> int:
    """Send the dead letter about this event again, or all dead letters; returns how many. They go before what waits."""
    row = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    dead = Delivery.objects.dead().filter(endpoint=row)
    number = put_back(dead if sequence is None else dead.filter(event=sequence), at=at or timezone.now())
    if number:
        record(None, "webhook redelivered", by=by, detail=f"{row.name}: {number} dead letters")
    return number


def put_back(deliveries: DeliveryQuerySet, *, at: datetime) -> int:
    """Have these settled deliveries wait again, from a first attempt on, in the caller's transaction."""
    chosen = list(deliveries.values_list("pk", "endpoint_id", "urgent"))
    Delivery.objects.filter(pk__in=[pk for pk, _, _ in chosen]).update(
        state=DeliveryState.WAITING, attempts_made=0, queued_at=at, next_attempt_at=at, settled_at=None
    )
    wake({(endpoint, urgent) for _, endpoint, urgent in chosen}, at=at)
    return len(chosen)


def wake(lanes: set[tuple[int, bool]], *, at: datetime) -> None:
    """Have these lanes, by endpoint and urgency, looked at now. Whoever sends there at present keeps the lease."""
    for urgent in (False, True):
        mine = [endpoint for endpoint, is_urgent in lanes if is_urgent == urgent]
        if mine:
            Lane.objects.filter(endpoint__in=mine, urgent=urgent).update(due_at=at)
