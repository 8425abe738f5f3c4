"""One word per rule about many rows; the same word is a predicate on the model."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self, cast

from django.db import models
from django.db.models import Exists, OuterRef, Q

from .choices import Availability

if TYPE_CHECKING:
    from .models import Snapshot, Source, SourceChange, SourceCheck  # noqa: F401 (type parameters below)


class SourceQuerySet(models.QuerySet["Source"]):
    def due(self, at: datetime) -> Self:
        """Sources whose next visit is due at `at` and that no worker holds a lease on."""
        return self.filter(next_check_at__lte=at).unleased(at)

    def unleased(self, at: datetime) -> Self:
        """Sources that no worker holds a lease on."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lte=at))

    def after(self, place: tuple[datetime, int] | None) -> Self:
        """Sources behind this place (next visit, primary key) in the queue; None: all of it."""
        # A row comparison, which the index answers; two comparisons joined by OR would read the queue from its start.
        if place is None:
            return self
        return cast("Self", self.extra(where=["(next_check_at, sources_source.id) > (%s, %s)"], params=list(place)))

    def unreachable(self) -> Self:
        """Sources readers cannot be sent to with confidence: suspect or dead."""
        return self.filter(availability__in=[Availability.SUSPECT, Availability.DEAD])

    def at_risk(self) -> Self:
        """Sources on their way to being called dead: failures count and no visit has succeeded since."""
        return self.filter(availability=Availability.SUSPECT, counted_failures__gt=0)


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

    def due(self, at: datetime) -> Self:
        """Unprocessed rows that may be acted on at `at`: not put off, nor behind one of the same source that is.

        Out of order, an older text of a page would overrule a newer one.
        """
        put_off = self.model._default_manager.filter(processed_at=None, not_before__gt=at, source=OuterRef("source"))
        return self.unprocessed().filter(~Exists(put_off))
