"""What is known of pages before they are visited again, and whether what arrived is known.

Texts are compared only as one and the same extractor reads them, so that a newer one never makes a change.
"""

from __future__ import annotations

from collections.abc import Iterable

from sources.extraction import Extractor
from sources.models import Extraction, Snapshot, Source

from .observing import Known, Visit
from .probing import missing_texts
from .reextracting import reextract

# A text equal to one of this many last versions is flapping (an A/B test, a rotating teaser), not a change.
FLAPPING_VERSIONS = 5


def known_pages(sources: Iterable[Source]) -> dict[int, Known]:
    """By source: the version it shows now, as far as we know. Sources come with `current_snapshot` joined.

    Two queries at most, and none while every version was read by the present extractor and no change is pending.
    """
    held = {source: source.current_snapshot for source in sources}
    stale = [version.pk for version in held.values() if version and not version.is_read_by_present_extractor()]
    rows = Extraction.objects.filter(snapshot__in=stale).defer("text") if stale else ()
    readings = {(row.snapshot_id, row.extracted_by()): row.text_sha256 for row in rows}
    missing = missing_texts([source for source in held if source.pending_since])
    return {
        source.pk: _known(version, readings, missing.get(source.pk, "")) if version else Known()
        for source, version in held.items()
    }


def _known(version: Snapshot, readings: dict[tuple[int | None, Extractor], str], missing_text: str) -> Known:
    extractor = version.present_extractor()
    digest = version.text_sha256 if version.is_read_by_present_extractor() else readings.get((version.pk, extractor))
    return Known(
        version.pk,
        version.raw_sha256,
        digest or version.text_sha256,
        extractor if digest else version.extracted_by(),
        reread_key="" if digest else version.storage_key,
        media_type=version.media_type,
        missing_text=missing_text,
    )


def is_current_text(visit: Visit, source: Source) -> bool:
    """Whether the text that arrived is the one the page shows as far as we know; `source` is the locked row."""
    if source.current_snapshot_id is None or not visit.text_sha256:
        return False
    if source.current_snapshot_id == visit.known.snapshot_id:
        return _is_known_text(visit)  # without loading the version
    assert source.current_snapshot is not None
    return _is_text_of(visit, source.current_snapshot)


def _is_known_text(visit: Visit) -> bool:
    return visit.raw_sha256 == visit.known.raw_sha256 or visit.text_sha256 == visit.known.text_sha256


def _is_text_of(visit: Visit, version: Snapshot) -> bool:
    if version.pk == visit.known.snapshot_id:
        return _is_known_text(visit)
    return visit.raw_sha256 == version.raw_sha256 or visit.text_sha256 == reextract(version)


def recent_version(source: Source, visit: Visit) -> Snapshot | None:
    """The one of the last versions that says what the visit brought."""
    versions = source.snapshots.defer("text").newest_first()[:FLAPPING_VERSIONS]
    return next((version for version in versions if _is_text_of(visit, version)), None)
