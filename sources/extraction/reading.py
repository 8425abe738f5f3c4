"""Which reader a body gets. Pure; run inside `box` for strangers' pages."""

from __future__ import annotations

from .markup import read_markup, read_plain
from .page import HTML_TYPES, PDF_TYPES, Page, is_readable, split_content_type
from .pdf import SIGNATURE, read_pdf


def read_page(content: bytes, content_type: str) -> Page:
    """Text, title and language of a decoded body. Never raises for a broken page."""
    media_type, parameters = split_content_type(content_type)
    if media_type in PDF_TYPES:
        return read_pdf(content) if SIGNATURE in content[:1024] else Page(None)
    if not is_readable(media_type) or (not media_type and b"\x00" in content[:1024]):
        return Page(None)
    return read_markup(content, parameters) if media_type in HTML_TYPES else read_plain(content, parameters)
