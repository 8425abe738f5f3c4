"""Visible text, title and language of HTML and plain text. Pure; run inside `box` for strangers' pages.

The whole visible text is kept, not only the "main content": what opens a review is a quoted passage, so a passage
that a content heuristic drops would be a false alarm, and one it never saw could not be quoted. Only what no reader
sees, navigation and advertisements are left out.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import lxml.html
from lxml import etree

from sources.words import words

EXTRACTOR = "visible-text"
# Raise it whenever the same page would give another text: a new extractor's text is never a change of the page.
EXTRACTOR_VERSION = "1"

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml", ""})
# Parsed at most; the rest of a larger page is cut off before parsing.
MAX_CONTENT = 10 * 1024 * 1024
MAX_TITLE = 500
HIDDEN_TAGS = words(
    "script style template noscript iframe object svg math canvas title nav audio video select datalist dialog"
)
INLINE_TAGS = words(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr"
)
# Class names and ids that mark advertisements; whole words, so that "leaderboard" or "head" stay.
ADVERTISEMENT = re.compile(
    r"(?:\A|\s)(?:ads?|adsbygoogle|advert\w*|ad-\w+|sponsored|banner-?ads?)(?=\s|\Z)", re.IGNORECASE
)
INVISIBLE_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0]+")
META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """What a reader would see. `text` None: the media type holds no text we can read (an image, a PDF)."""

    text: str | None
    title: str = ""
    language: str = ""

    def digest(self, raw_sha256: str) -> str:
        """What tells versions of the page apart: SHA-256 of the text, or of the body where there is no text."""
        return raw_sha256 if self.text is None else hashlib.sha256(self.text.encode()).hexdigest()


def is_readable(media_type: str) -> bool:
    """Whether `read_page` finds text in this media type."""
    return media_type in HTML_TYPES or media_type.startswith("text/")


def read_page(content: bytes, content_type: str) -> Page:
    """Text, title and language of a decoded body. Never raises for broken markup."""
    media_type, _, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    if not is_readable(media_type) or (not media_type and b"\x00" in content[:1024]):
        return Page(None)
    text = _decode(content[:MAX_CONTENT], parameters).replace("\x00", "")
    if media_type in HTML_TYPES:
        return _read_html(text)
    return Page(_tidy(text.splitlines()))


def _decode(content: bytes, parameters: str) -> str:
    declared = re.search(r"""charset\s*=\s*["']?([A-Za-z0-9_:.-]+)""", parameters, re.IGNORECASE)
    in_page = META_CHARSET.search(content[:4096])
    candidates = [
        "utf-8" if content.startswith(codecs.BOM_UTF8) else "",
        declared.group(1) if declared else "",
        in_page.group(1).decode("ascii") if in_page else "",
        "utf-8",
    ]
    for name in filter(None, candidates):
        try:
            # Pages that say latin-1 mean windows-1252 (WHATWG Encoding).
            known = codecs.lookup(name).name
            return content.decode("cp1252" if known in ("iso8859-1", "ascii") else known)
        except (LookupError, UnicodeDecodeError):
            continue
    last = declared.group(1) if declared else "utf-8"
    try:
        return content.decode(last, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _read_html(markup: str) -> Page:
    markup = re.sub(r"\A\s*<\?xml[^>]*\?>", "", markup)
    if not markup.strip():
        return Page("")
    try:
        root = lxml.html.document_fromstring(markup.removeprefix("\ufeff"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return Page("")
    title = " ".join("".join(root.xpath("//head/title[1]//text() | //title[1]//text()")[:1]).split())
    language = (root.get("lang") or root.get("xml:lang") or "").strip()
    # From the root: where <head> and <body> are left to the parser (valid HTML), libxml2 puts new elements in the head.
    return Page(
        _tidy(_lines(root)),
        title[:MAX_TITLE],
        language if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", language) and len(language) <= 35 else "",
    )


def _lines(root: lxml.html.HtmlElement) -> Iterator[str]:
    """The visible text, one line per block. A stack instead of recursion: depth is the page's to choose."""
    line: list[str] = []
    stack: list[tuple[str, object]] = [("enter", root)]
    while stack:
        step, item = stack.pop()
        if step == "text":
            line.append(str(item))
            continue
        if step == "break":
            yield "".join(line)
            line.clear()
            continue
        assert isinstance(item, etree._Element)
        if item is not root and item.tail:
            stack.append(("text", item.tail))
        if not isinstance(item.tag, str) or _is_hidden(item):
            continue
        block = item.tag not in INLINE_TAGS
        if block:
            stack.append(("break", None))
        stack.extend(("enter", child) for child in reversed(item))
        if item.text:
            stack.append(("text", item.text))
        if block:
            stack.append(("break", None))
    yield "".join(line)


def _is_hidden(element: etree._Element) -> bool:
    if element.tag in HIDDEN_TAGS or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if INVISIBLE_STYLE.search(element.get("style") or ""):
        return True
    return any(ADVERTISEMENT.search(element.get(name) or "") for name in ("class", "id"))


def _tidy(lines: Iterator[str] | list[str]) -> str:
    """One line per block, blanks folded, empty lines gone."""
    folded = (BLANKS.sub(" ", line).strip() for line in lines)
    return "\n".join(line for line in folded if line)
