"""By what the list of sources can be narrowed."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.querysets import SourceQuerySet

from .quick import ByValue


class NeedsLook(SimpleListFilter):
    """The lists behind the figures of the health page."""

    title = _("needs a look")
    parameter_name = "look"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("at_risk", _("may be called dead")),
            ("overdue", _("waits for its visit")),
            ("unconfirmed", _("change to be confirmed")),
            ("faulty", _("our own faults")),
        ]

    def queryset(self, request: HttpRequest, queryset: SourceQuerySet) -> SourceQuerySet:  # type: ignore[override]
        if self.value() == "at_risk":
            return queryset.at_risk()
        if self.value() == "overdue":
            return queryset.due(timezone.now())
        if self.value() == "unconfirmed":
            return queryset.filter(pending_since__isnull=False)
        if self.value() == "faulty":
            return queryset.filter(faults__gt=0)
        return queryset


class OfHost(SimpleListFilter):
    """One site's sources. There may be 50,000 sites: links lead here, and only the chosen one is listed."""

    title = _("host")
    parameter_name = "host"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        host = chosen_host(request.GET.get("host"))
        return [(host, host)] if host else []

    def queryset(self, request: HttpRequest, queryset: SourceQuerySet) -> SourceQuerySet:  # type: ignore[override]
        host = chosen_host(self.value())
        return queryset.filter(host=host) if host else queryset


class OfLanguage(ByValue):
    title = _("language")
    column = "language"


def chosen_host(value: str | None) -> str:
    """The host asked for, as far as the database can look for it; "" for none."""
    return (value or "").replace("\0", "")
