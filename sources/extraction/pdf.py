"""Text, title and language of PDF files, by PDFium. Run inside `box`: a file that crashes or swells it costs the child.

Of the well-kept libraries it is the fastest by ten times and more, and the one that sets no double blanks into
justified text.
"""

from __future__ import annotations

import ctypes
import re
from typing import TYPE_CHECKING

from .page import MAX_TITLE, Page, tidy_language

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

# Readers look for it in the first 1,024 bytes (ISO 32000-1, annex H, note 13).
SIGNATURE = b"%PDF-"
# Read at most; what lies beyond is in the capture but not in its text. The same for every reading of one file.
MAX_PAGES = 2_000
MAX_TEXT = 10_000_000
# How PDFium marks a hyphen at the end of a line; the word goes on right after it.
HYPHEN_AT_END = re.compile("[\ufffe\ufffd\x02]")
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
BLANKS = re.compile(r"[ \t\u00a0]+")


def read_pdf(content: bytes) -> Page:
    """One line of text per line of the file. `text` None, with a note, where there is none to be read."""
    from pypdfium2 import PdfDocument, PdfiumError  # only a child that meets a PDF loads 8 MB of library

    try:
        document = PdfDocument(content)
    except PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        return Page(None, note="the PDF asks for a password" if locked else "the PDF is broken and cannot be opened")
    try:
        text = _text(document)
        if not text:
            return Page(None, note="the PDF holds no text, perhaps only pictures of it")
        return Page(text, _title(document), _language(document))
    finally:
        document.close()


def _text(document: PdfDocument) -> str:
    lines: list[str] = []
    left = MAX_TEXT
    for number in range(min(len(document), MAX_PAGES)):
        page_text = _page_text(document, number)[:left]
        left -= len(page_text)
        for line in page_text.splitlines():
            # A soft hyphen: nobody sees it, and it may have been the author's or the typesetter's.
            joined = HYPHEN_AT_END.sub("\u00ad", line)
            if tidy := BLANKS.sub(" ", UNPRINTABLE.sub("", joined)).strip():
                lines.append(tidy)
        if not left:
            break
    return "\n".join(lines)


def _page_text(document: PdfDocument, number: int) -> str:
    from pypdfium2 import PdfiumError

    try:
        page = document[number]
        try:
            text_page = page.get_textpage()
            try:
                found: str = text_page.get_text_range(errors="replace")
                return found
            finally:
                text_page.close()
        finally:
            page.close()
    except PdfiumError:
        return ""  # one broken page; the others can be read


def _title(document: PdfDocument) -> str:
    title: str = document.get_metadata_value("Title")
    return " ".join(UNPRINTABLE.sub("", title).split())[:MAX_TITLE]


def _language(document: PdfDocument) -> str:
    """The catalogue's /Lang."""
    from pypdfium2 import raw

    size = raw.FPDFCatalog_GetLanguage(document, None, 0)
    if not 2 < size <= 200:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return tidy_language(buffer.raw.decode("utf-16-le", "replace").rstrip("\x00").strip())
