"""What a captured page marks as headings, for whoever reads its text."""

from __future__ import annotations

import html
import re

from django.core.cache import cache

from sources.archive import CaptureDamaged
from sources.extraction.page import HTML_TYPES
from sources.models import Snapshot

from .page import shown

# The inert page is ours: every tag in it is one we wrote.
HEADING = re.compile(r"<h([1-6])(?: [^>]*)?>(.{1,3000}?)</h\1>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
# More headings than this help nobody find anything.
MOST = 1000
REMEMBERED_FOR = 24 * 3600


def headings_of(snapshot: Snapshot) -> dict[str, int]:
    """By the heading's line in the text: its level, 1 to 6. Empty where none can be told.

    Takes about a tenth of a second at first; the answer is kept in the process's memory, as captures do not change.
    """
    if snapshot.media_type not in HTML_TYPES or not snapshot.storage_key:
        return {}
    key = f"sources.headings.{snapshot.pk}"
    known: dict[str, int] | None = cache.get(key)
    if known is None:
        known = _read(snapshot)
        cache.set(key, known, REMEMBERED_FOR)
    return known


def _read(snapshot: Snapshot) -> dict[str, int]:
    try:
        page = shown(snapshot).html
    except CaptureDamaged:
        return {}
    found: dict[str, int] = {}
    for match in HEADING.finditer(page):
        line = " ".join(html.unescape(TAG.sub("", match[2])).split())
        if line and len(found) < MOST:
            found.setdefault(line, int(match[1]))
    return found
