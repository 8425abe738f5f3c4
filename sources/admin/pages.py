"""The desk's own pages about sources: how all of them are doing, and two versions of one side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.choices import Availability
from sources.health import LATELY, LONG_LAG, figures
from sources.health.bars import columns
from sources.health.counting import DAYS, HOURS_AHEAD
from sources.kinds import Kind
from sources.life.reading import compare_versions, versions_of
from sources.models import Source

from .base import COLOURS
from .overview import TONES, host_url, listed

if TYPE_CHECKING:
    from .sources import SourceAdmin

# States that have a tile even when no source is in them.
ALWAYS_SHOWN = (Availability.LIVE, Availability.SUSPECT, Availability.DEAD, Availability.BLOCKED)


def health_page(admin: SourceAdmin, request: HttpRequest) -> TemplateResponse:
    """How all sources and their visits are doing. For everybody who may look at sources."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    shown = figures(timezone.now())
    context = {
        "title": _("Health of sources"),
        "figures": shown,
        "lag_tone": "alarm" if shown.lag > LONG_LAG else "good",
        "states": _state_tiles(shown.states),
        "list_url": reverse("admin:sources_source_changelist"),
        "faults_url": f"{reverse('admin:sources_sourcecheck_changelist')}?outcome__exact=internal_error",
        "chart": columns(shown.days),
        "kinds": list(Kind),
        "days": DAYS,
        "hours": HOURS_AHEAD,
        "lately": LATELY.days,
        "hosts": [{"health": health, "url": host_url(health.host)} for health in shown.hosts],
        "most_ahead": max((due for _, due in shown.ahead), default=0) or 1,
    }
    return _page(admin, request, "health.html", context)


def _state_tiles(states: dict[str, Any]) -> list[dict[str, Any]]:
    address = reverse("admin:sources_source_changelist")
    return [
        {
            "label": Availability(word).label,
            "number": number,
            "tone": TONES[COLOURS[Availability(word)]] if number else "",
            "url": f"{address}?availability__exact={word}",
        }
        for word, number in states.items()
        if number or word in ALWAYS_SHOWN
    ]


def versions_page(admin: SourceAdmin, request: HttpRequest, object_id: int) -> TemplateResponse:
    """Two versions of a source side by side; without a choice the last two."""
    source = Source.objects.filter(pk=object_id).first()
    if source is None:
        raise Http404
    if not admin.has_view_permission(request, source):
        raise PermissionDenied
    versions = versions_of(source)
    newest = [version.public_id for version in versions[:2]]
    before = request.GET.get("before") or (newest[1] if len(newest) > 1 else "")
    after = request.GET.get("after") or (newest[0] if newest else "")
    compared = compare_versions(source, before, after)
    context = {
        "title": _("Versions side by side"),
        "subtitle": str(source),
        "source": source,
        "versions": versions,
        "chosen": {"before": before, "after": after},
        "sides": listed([compared[0], compared[1]]) if compared else [],
        "comparison": compared[2] if compared else None,
        "back_url": reverse("admin:sources_source_change", args=[source.pk]),
    }
    return _page(admin, request, "versions.html", context)


def _page(admin: SourceAdmin, request: HttpRequest, template: str, context: dict[str, Any]) -> TemplateResponse:
    context = {**admin.admin_site.each_context(request), **context}
    return TemplateResponse(request, f"sources/desk/{template}", context)
