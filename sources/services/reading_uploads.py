"""The text of uploaded files: read when they are brought, and once more by every newer extractor.

An `Extraction` without a text says that its extractor found none (a scan, a locked file); none at all, that reading
went beyond the limits or was never tried.
"""

from __future__ import annotations

import logging

from django.db.models import Exists, OuterRef, Q, QuerySet

from sources.archive import read_file
from sources.extraction import ExtractionFailed, Extractor, Page, extract, extractor_for
from sources.extraction.page import HTML_TYPES, PDF_TYPES, VISIBLE_TEXT, pdf_text, reads_text
from sources.media_types import begins_like_markup
from sources.models import Extraction, Upload

logger = logging.getLogger(__name__)


def read_if_new(content: bytes, *, sha256: str, media_type: str) -> Page | None:
    """What the present extractor reads in a file; None where it did already, where there is nothing to read, and
    where reading goes beyond the limits: such a file is kept all the same."""
    if not reads_text(media_type) or _read_by(extractor_for(media_type)).filter(upload__sha256=sha256).exists():
        return None
    try:
        return _read(content, media_type)
    except ExtractionFailed as error:
        logger.warning("the uploaded file %s is kept without its text: %s", sha256, error)
        return None


def reread_upload(upload: Upload) -> None:
    """Have the present extractor read a kept file. Raises CaptureDamaged and ExtractionFailed."""
    keep_reading(upload, _read(read_file(upload.storage_key), upload.media_type))


def keep_reading(upload: Upload, page: Page) -> None:
    """Write down what the present extractor read in the file, once."""
    extractor = upload.present_extractor()
    row = Extraction(
        upload=upload,
        extractor=extractor.name,
        extractor_version=extractor.version,
        text=page.text or "",
        text_sha256=page.digest(upload.sha256),
    )
    # Somebody else may have brought or read it at the same time: the same extractor, so the same text.
    Extraction.objects.bulk_create([row], ignore_conflicts=True)


def unread_uploads() -> list[QuerySet[Upload]]:
    """Kept files, by kind of extractor, that the present one has not read."""
    text_types = Q(media_type__in=HTML_TYPES) | Q(media_type__startswith="text/")
    return [
        _not_read_by(pdf_text()).filter(media_type__in=PDF_TYPES),
        _not_read_by(VISIBLE_TEXT).filter(text_types),
    ]


def _read(content: bytes, media_type: str) -> Page:
    # Files are called text/plain where they are markup, so that no browser runs them; they are read as what they are.
    markup = media_type == "text/plain" and begins_like_markup(content)
    return extract(content, "text/html" if markup else media_type)


def _read_by(extractor: Extractor) -> QuerySet[Extraction]:
    return Extraction.objects.filter(extractor=extractor.name, extractor_version=extractor.version)


def _not_read_by(extractor: Extractor) -> QuerySet[Upload]:
    return Upload.objects.exclude(storage_key="").filter(~Exists(_read_by(extractor).filter(upload=OuterRef("pk"))))
