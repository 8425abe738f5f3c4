"""Rules about many rows. Each has a property of the same word on the model for one row."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from feed.models import ApiKey, Delivery, Endpoint, Lane  # noqa: F401


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, at: datetime) -> ApiKeyQuerySet:
        """Neither revoked nor expired. Same rule: ApiKey.is_usable()."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at), revoked_at__isnull=True)


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def active(self) -> EndpointQuerySet:
        """Changes are sent there. Same rule: Endpoint.is_active."""
        return self.filter(state="active")


class LaneQuerySet(models.QuerySet["Lane"]):
    def free_and_due(self, at: datetime) -> LaneQuerySet:
        """Something is to be sent there now, and nobody is sending."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
        return self.filter(free, due_at__lte=at, endpoint__state="active")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> DeliveryQuerySet:
        """Not settled. Same rule: Delivery.is_waiting."""
        return self.filter(state="waiting")

    def delivered(self) -> DeliveryQuerySet:
        """Taken by the receiver. Same rule: Delivery.is_delivered."""
        return self.filter(state="delivered")

    def dead(self) -> DeliveryQuerySet:
        """Given up. Same rule: Delivery.is_dead."""
        return self.filter(state="dead")

    def in_order(self) -> DeliveryQuerySet:
        """Of the lane that keeps the order."""
        return self.filter(urgent=False)
