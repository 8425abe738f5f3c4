"""What stands above a source's form: its state in words, its life drawn, its versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sources.choices import Outcome
from sources.health import limits
from sources.kinds import Kind
from sources.life.outlook import outlook
from sources.life.reading import timeline_of, versions_of
from sources.models import Snapshot, Source

from .base import COLOURS, capture_url

# The theme's label colours in the words of the desk's stylesheet.
TONES = {"success": "good", "info": "info", "warning": "attention", "danger": "alarm"}
# Former addresses that are listed.
FORMER = 10
# What a sign of the timeline means (see sources.life.timeline.sign_of).
SIGNS = (("version", _("text kept as a version")), ("back", _("text went back")), ("state", _("state or address")))


def overview(source: Source, at: datetime) -> dict[str, Any]:
    """Template context for the source's page."""
    last = source.checks.newest_first().first()
    gone = last is not None and last.outcome == Outcome.GONE
    versions = versions_of(source)
    return {
        "source": source,
        "tone": TONES[COLOURS[source.availability]],  # type: ignore[index]
        "last": last,
        "outlook": outlook(source.counted_failures, source.last_counted_failure_at, limits(), gone=gone),
        "is_overdue": source.is_due(at),
        "timeline": timeline_of(source, at),
        "kinds": list(Kind),
        "signs": SIGNS,
        "versions": listed(versions),
        "compare_url": reverse("admin:sources_source_versions", args=[source.pk]) if len(versions) > 1 else "",
        "former": list(source.former_urls.order_by("-replaced_at")[:FORMER]),
        "host_url": host_url(source.host),
        "now": at,
    }


def listed(versions: list[Snapshot]) -> list[dict[str, Any]]:
    return [
        {
            "version": version,
            "url": reverse("admin:sources_snapshot_change", args=[version.pk]),
            "capture_url": capture_url(version),
        }
        for version in versions
    ]


def host_url(host: str) -> str:
    """The list of a site's sources."""
    return f"{reverse('admin:sources_source_changelist')}?{urlencode({'host': host})}"
