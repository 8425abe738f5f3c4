"""What is known of pages before they are visited again, and whether what arrived is known."""

from __future__ import annotations

from collections.abc import Iterable

from sources.models import Snapshot, Source

from .observing import Known, Visit

# A text equal to one of this many last versions is flapping (an A/B test, a rotating teaser), not a change.
FLAPPING_VERSIONS = 5


def known_pages(sources: Iterable[Source]) -> dict[int, Known]:
    """By source: the version it shows now, as far as we know. Sources come with `current_snapshot` joined."""
    return {source.pk: _known(source.current_snapshot) for source in sources}


def _known(current: Snapshot | None) -> Known:
    return Known(current.pk, current.raw_sha256, current.text_sha256) if current else Known()


def is_same_text(visit: Visit, current: Snapshot) -> bool:
    """Whether the text that arrived is the current version's; `current` is the locked row's."""
    return visit.text_sha256 == current.text_sha256


def recent_version(source: Source, visit: Visit) -> Snapshot | None:
    """The one of the last versions that says what the visit brought."""
    versions = source.snapshots.defer("text").newest_first()[:FLAPPING_VERSIONS]
    return next((version for version in versions if is_same_text(visit, version)), None)
