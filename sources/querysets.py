"""One word per rule about many rows; the same word is a predicate on the model."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from .choices import Availability

if TYPE_CHECKING:
    from .models import Snapshot, Source, SourceChange, SourceCheck  # noqa: F401 (type parameters below)


class SourceQuerySet(models.QuerySet["Source"]):
    def due(self, at: datetime) -> Self:
        """Sources whose next visit is due at `at` and that no worker holds a lease on."""
        return self.filter(next_check_at__lte=at).filter(Q(leased_until=None) | Q(leased_until__lte=at))

    def unreachable(self) -> Self:
        """Sources readers cannot be sent to with confidence: suspect or dead."""
        return self.filter(availability__in=[Availability.SUSPECT, Availability.DEAD])


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def newest_first(self) -> Self:
        return self.order_by("-taken_at", "-pk")


class SourceCheckQuerySet(models.QuerySet["SourceCheck"]):
    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")


class SourceChangeQuerySet(models.QuerySet["SourceChange"]):
    def unprocessed(self) -> Self:
        """Rows nobody has acted on yet, in the order they happened."""
        return self.filter(processed_at=None).order_by("pk")
