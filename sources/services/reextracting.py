"""A new extractor reads stored captures and uploaded files again, so that what it reads otherwise is never taken for a
change of a page.

Until it has come to a capture, whoever compares a text with it reads it on the spot (`observing`, `knowing`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet

from sources.archive import CaptureDamaged
from sources.extraction import ExtractionFailed, Extractor
from sources.extraction.page import HTML_TYPES, PDF_TYPES, VISIBLE_TEXT, pdf_text
from sources.models import Extraction, Snapshot, Upload

from .reading_uploads import reread_upload, unread_uploads
from .rereading import read_again

logger = logging.getLogger(__name__)

BATCH = 100
# Of one run, in seconds: re-reading is never in a hurry and leaves the machine to the visits.
BUDGET = 20.0
# A capture that cannot be read is left out of runs with a budget for this many seconds: a few that each take all the
# time there is would otherwise be all that is ever tried.
TRIED_AGAIN_AFTER = 24 * 3600


def reextract_snapshots(
    *, limit: int | None = None, budget: float | None = BUDGET, report: Callable[[int], None] | None = None
) -> tuple[int, int]:
    """Read captures, then files, that the present extractor has not read yet, newest first; returns (read, unreadable).

    Stops after `limit` of them or `budget` seconds (None: at the end). What is damaged is passed over and left to
    `verify_snapshots` to name; a run with a budget tries it once a day. Safe to run twice and in parallel. `report`
    hears of each one done.
    """
    read = unreadable = 0
    until = None if budget is None else time.monotonic() + budget
    for kept in _waiting():
        if read == limit or (until is not None and time.monotonic() > until):
            break
        if budget is not None and cache.get(_tried(kept)):
            continue
        try:
            reread_upload(kept) if isinstance(kept, Upload) else _read(kept)
            read += 1
        except (CaptureDamaged, ExtractionFailed) as error:
            logger.warning("%s %s could not be read again: %s", kept._meta.verbose_name, kept.pk, error)
            cache.set(_tried(kept), True, TRIED_AGAIN_AFTER)
            unreadable += 1
        if report:
            report(read + unreadable)
    return read, unreadable


def _tried(kept: Snapshot | Upload) -> str:
    name, version = kept.present_extractor()
    return f"sources.unreadable.{kept._meta.model_name}.{kept.pk}.{name}.{version}"


def waiting_count() -> int:
    """How many captures and files the present extractor has not read yet."""
    return sum(stale.count() for stale in _stale()) + sum(unread.count() for unread in unread_uploads())


def reextract(snapshot: Snapshot) -> str:
    """The digest of a capture's text as the present extractor reads it; reads it now if nobody has.

    A capture that is damaged keeps the digest of its first reading.
    """
    if snapshot.is_read_by_present_extractor() or not snapshot.storage_key:
        return snapshot.text_sha256
    name, version = snapshot.present_extractor()
    known = snapshot.extractions.filter(extractor=name, extractor_version=version).values_list("text_sha256", flat=True)
    if digest := known.first():
        return digest
    try:
        return _read(snapshot)
    except (CaptureDamaged, ExtractionFailed) as error:
        logger.warning("capture %s could not be read again: %s", snapshot.pk, error)
        return snapshot.text_sha256


def _read(snapshot: Snapshot) -> str:
    page = read_again(snapshot.storage_key, snapshot.media_type)
    digest, extractor = page.digest(snapshot.raw_sha256), snapshot.present_extractor()
    row = Extraction(
        snapshot=snapshot,
        extractor=extractor.name,
        extractor_version=extractor.version,
        text="" if digest == snapshot.text_sha256 else page.text or "",
        text_sha256=digest,
    )
    # Another worker may have read it at the same time: the same extractor, so the same text.
    Extraction.objects.bulk_create([row], ignore_conflicts=True)
    return digest


def _waiting() -> Iterator[Snapshot | Upload]:
    yield from _stale_captures()
    for unread in unread_uploads():
        # Names only, and few beside the captures: at once.
        yield from unread.order_by("-pk")


def _stale_captures() -> Iterator[Snapshot]:
    for stale in _stale():
        last: int | None = None
        while True:
            rows = stale if last is None else stale.filter(pk__lt=last)
            batch = list(rows.defer("text").order_by("-pk")[:BATCH])
            yield from batch
            if len(batch) < BATCH:
                break
            last = batch[-1].pk


def _stale() -> list[QuerySet[Snapshot]]:
    """Captures by kind of extractor that theirs has not read yet. What the law had erased is not read again."""
    extractors = _extractors_seen()
    text_types = Q(media_type__in=HTML_TYPES) | Q(media_type__startswith="text/")
    return [
        _not_read_by(pdf_text(), extractors).filter(media_type__in=PDF_TYPES),
        _not_read_by(VISIBLE_TEXT, extractors).filter(text_types),
    ]


def _not_read_by(present: Extractor, extractors: set[Extractor]) -> QuerySet[Snapshot]:
    older = Q(pk__in=[])
    for extractor in extractors - {present}:
        older |= Q(extractor=extractor.name, extractor_version=extractor.version)
    again = Extraction.objects.filter(
        snapshot=OuterRef("pk"), extractor=present.name, extractor_version=present.version
    )
    return Snapshot.objects.filter(older, ~Exists(again)).exclude(storage_key="")


def _extractors_seen() -> set[Extractor]:
    """Every extractor that ever read a capture; steps from one to the next in the index, however many captures."""
    seen: set[Extractor] = set()
    pairs = Snapshot.objects.order_by("extractor", "extractor_version").values_list("extractor", "extractor_version")
    pair = pairs.first()
    while pair is not None:
        seen.add(Extractor(*pair))
        pair = pairs.filter(Q(extractor__gt=pair[0]) | Q(extractor=pair[0], extractor_version__gt=pair[1])).first()
    return seen
