"""Visible text, title and language of markup and plain text. Pure; run inside `box` for strangers' pages.

The whole visible text is kept, not only the "main content": what opens a review is a quoted passage, so a passage
that a content heuristic drops would be a false alarm, and one it never saw could not be quoted. Only what no reader
sees, navigation and advertisements are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import lxml.html
from lxml import etree

from sources.words import words

from .charset import decode
from .page import MAX_TITLE, Page, tidy_language
from .refresh import refresh_target

# Parsed at most; the rest of a larger page is cut off before parsing.
MAX_CONTENT = 10 * 1024 * 1024
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
# Class names longer than this are looked at anew each time, so that no page fills the memory with them.
REMEMBERED_AT_MOST = 200
INVISIBLE_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0]+")


def read_markup(content: bytes, parameters: str) -> Page:
    """The page as a reader sees it. `parameters`: what follows the media type. Never raises for broken markup."""
    return _read_html(decode(content[:MAX_CONTENT], parameters).replace("\x00", ""))


def read_plain(content: bytes, parameters: str) -> Page:
    """Plain text, line by line."""
    return Page(_tidy(decode(content[:MAX_CONTENT], parameters).replace("\x00", "").splitlines()))


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
        tidy_language(language),
        leads_to=_leads_to(root),
    )


def _leads_to(root: lxml.html.HtmlElement) -> str:
    """Where the page sends its readers on by itself and at once, as written there; "" if it does not."""
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        if any(above.tag == "noscript" for above in meta.iterancestors()):
            continue  # only for readers without scripts
        if target := refresh_target(meta.get("content") or ""):
            return target
    return ""


def _lines(root: lxml.html.HtmlElement) -> Iterator[str]:
    """The visible text, one line per block. Walked without recursion: depth is the page's to choose."""
    line: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    hidden: etree._Element | None = None
    for event, element in walk:
        if event == "start":
            if element.tag in HIDDEN_TAGS or _is_hidden(element):
                hidden = element
                walk.skip_subtree()
                continue
            if element.tag not in INLINE_TAGS and line:
                yield "".join(line)
                line.clear()
            if text := element.text:
                line.append(text)
            continue
        if event == "end":
            if element is hidden:
                hidden = None
            elif element.tag not in INLINE_TAGS and line:
                yield "".join(line)
                line.clear()
        if element is not root and (tail := element.tail):
            line.append(tail)
    yield "".join(line)


def _is_hidden(element: etree._Element) -> bool:
    for name, value in element.items():
        if name in ("class", "id"):
            hides = _is_advertisement(value) if len(value) <= REMEMBERED_AT_MOST else _names_advertisement(value)
        elif name == "style":
            hides = bool(INVISIBLE_STYLE.search(value))
        else:
            hides = name == "hidden" or (name == "aria-hidden" and value == "true")
        if hides:
            return True
    return False


def _names_advertisement(names: str) -> bool:
    return bool(ADVERTISEMENT.search(names))


# Pages repeat the same few class names thousands of times.
_is_advertisement = lru_cache(maxsize=10_000)(_names_advertisement)


def _tidy(lines: Iterable[str]) -> str:
    """One line per block, blanks folded, empty lines gone."""
    folded = (BLANKS.sub(" ", line).strip() for line in lines if line and not line.isspace())
    return "\n".join(line for line in folded if line)
