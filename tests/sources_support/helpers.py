"""Short words for what tests of sources do all the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sources.models import Source, SourceChange, SourceCheck
from sources.services import register_source, visit_sources

from .server import Server

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def make_source(web: Server, path: str = "/page", *, at: datetime = START, **more: Any) -> Source:
    """A registered source of the web server."""
    return register_source(f"{web.url}{path}", at=at, **more)


def visit(source: Source, at: datetime) -> SourceCheck:
    """Visit at this time and bring the source up to date."""
    (check,) = visit_sources([source.pk], at=at)
    source.refresh_from_db()
    return check


def changes(source_id: int) -> list[tuple[str, str, str]]:
    """What was recorded of it so far, oldest first: kind, before, after."""
    return [(c.kind, c.before, c.after) for c in SourceChange.objects.filter(source_id=source_id).order_by("pk")]
