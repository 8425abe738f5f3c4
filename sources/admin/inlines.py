"""The latest rows of a source's history, below its form."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sources.finding import is_id
from sources.models import SourceChange, SourceCheck

from .base import ReadOnly, TabularInline

# How many of a source's latest rows its page shows.
LATEST = 20


class LatestInline(ReadOnly, TabularInline):
    """The latest rows of a history, newest first."""

    extra = 0
    max_num = 0
    tab = True
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        # Inlines filter by their parent afterwards, which a slice would forbid: the latest are chosen by subquery.
        parent = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        if not parent or not is_id(parent):
            return rows.none()
        latest = self.model._default_manager.filter(source_id=int(parent)).order_by("-pk").values("pk")[:LATEST]
        return rows.filter(pk__in=list(latest.values_list("pk", flat=True))).order_by("-pk")


class CheckInline(LatestInline):
    model = SourceCheck
    verbose_name_plural = _("latest visits")
    fields = ("at", "outcome", "counted", "http_status", "final_url", "duration_ms", "error")
    readonly_fields = fields


class ChangeInline(LatestInline):
    model = SourceChange
    verbose_name_plural = _("changes")
    fields = ("at", "kind", "before", "after", "processed_at")
    readonly_fields = fields
