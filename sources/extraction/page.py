"""What reading a page yields, and which extractor reads which media type. Pure, and light to import."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import NamedTuple

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml", ""})
# The last two: what servers say that do not know what they send; read only if it begins like a PDF.
PDF_TYPES = frozenset({"application/pdf", "application/x-pdf", "application/octet-stream", "binary/octet-stream"})
MAX_TITLE = 500


class Extractor(NamedTuple):
    """What read a text. Another version may read the same page differently, and that is never a change of it."""

    name: str
    version: str


# Raise the version whenever the same page would give another text.
VISIBLE_TEXT = Extractor("visible-text", "1")
# Ours, then the library's, which decides where lines and blanks are.
PDF_VERSION = "1"


@cache
def pdf_text() -> Extractor:
    """What reads PDFs: our version and the library's."""
    return Extractor("pdf-text", f"{PDF_VERSION}+{version('pypdfium2')}")


def extractor_for(media_type: str) -> Extractor:
    """The present extractor for a media type; for one that holds no text, the one that says so."""
    return pdf_text() if media_type in PDF_TYPES else VISIBLE_TEXT


def is_readable(media_type: str) -> bool:
    """Whether this media type is text as it is: markup or plain."""
    return media_type in HTML_TYPES or media_type.startswith("text/")


def reads_text(media_type: str) -> bool:
    """Whether some extractor may find text in this media type; of all others only the bytes are compared."""
    return is_readable(media_type) or media_type in PDF_TYPES


def split_content_type(content_type: str) -> tuple[str, str]:
    """Media type in lower case, and the parameters after it."""
    media_type, _, parameters = content_type.partition(";")
    return media_type.strip().lower(), parameters


@dataclass(frozen=True)
class Page:
    """What a reader would see. `text` None: there is no text we can read (an image, a scan); `note` may say why."""

    text: str | None
    title: str = ""
    language: str = ""
    # Where the page sends its readers on by itself and at once, as written in it; "" for nearly every page.
    leads_to: str = ""
    note: str = ""

    def digest(self, raw_sha256: str) -> str:
        """What tells versions of the page apart: SHA-256 of the text, or of the body where there is no text."""
        return raw_sha256 if self.text is None else hashlib.sha256(self.text.encode()).hexdigest()


def tidy_language(language: str) -> str:
    """A BCP-47 tag as it was written, or "" if it is none."""
    fits = len(language) <= 35 and re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", language)
    return language if fits else ""
