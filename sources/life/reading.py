"""One source's past as its pages show it, in a constant number of queries and a bounded number of rows."""

from __future__ import annotations

from datetime import datetime

from sources.models import Snapshot, Source

from .side_by_side import Comparison, compare
from .timeline import MOST_MONTHS, Summed, Timeline, draw

# The newest visits and changes that are drawn one by one. Visits daily for five years; older ones are rolled up anyway.
MOST_VISITS = 2000
MOST_CHANGES = 500
# Versions that are listed and can be compared.
MOST_VERSIONS = 50
# Everything about a version but its text, which may be a megabyte.
VERSION_FIELDS = (
    "public_id", "source_id", "taken_at", "title", "language", "size", "truncated", "raw_sha256", "storage_key",
)  # fmt: skip


def timeline_of(source: Source, at: datetime) -> Timeline | None:
    """The drawn timeline of the source's visits and changes; None before the first visit."""
    visits = list(source.checks.newest_first().values_list("at", "outcome")[:MOST_VISITS])
    changes = source.changes.order_by("-pk").values_list("at", "kind")[:MOST_CHANGES]
    months = source.check_summaries.order_by("-month").values_list("outcome", "visits", "first_at", "last_at")
    # A month has one row an outcome; few outcomes happen to one source.
    return draw(visits, changes, (Summed(*row) for row in months[: MOST_MONTHS * 4]), at=at)


def versions_of(source: Source) -> list[Snapshot]:
    """The source's versions, newest first, without their texts."""
    return list(source.snapshots.newest_first().only(*VERSION_FIELDS)[:MOST_VERSIONS])


def compare_versions(source: Source, before: str, after: str) -> tuple[Snapshot, Snapshot, Comparison] | None:
    """What changed between two versions named by their public ids, the older one first whichever was named first.

    None when either is not a version of this source, or both are the same.
    """
    if "\0" in before + after:
        return None  # nothing the database could look for
    chosen = list(source.snapshots.filter(public_id__in=[before, after]).order_by("taken_at", "pk"))
    if len(chosen) != 2:
        return None
    older, newer = chosen
    return older, newer, compare(older.present_text(), newer.present_text())
