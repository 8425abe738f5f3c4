"""Strangers' markup written anew so that it can do nothing. Pure; run by `child` under limits.

Nothing of the original is passed on but words: every tag, attribute and style in the result is one of ours, every word
is escaped. So it does not matter how a browser would have parsed the original. (A sanitiser that keeps what it thinks
harmless is a list to keep up with, and nh3 takes minutes for two megabytes of nested elements.)
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import lxml.html
from lxml import etree

from sources.extraction.page import tidy_language
from sources.words import words

# What keeps its tag; anything else keeps its words only.
KEPT = words(
    "abbr address article aside b blockquote br caption center cite code col colgroup dd del details dfn div dl dt em "
    "figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li main mark ol p pre q rp rt ruby s samp section "
    "small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr"
)
WITHOUT_END = words("br col hr wbr")
# What goes with all that is in it: programs, styles, other documents, drawings, form fields.
DROPPED = words(
    "applet area audio base canvas datalist embed frame frameset iframe input link map math meta noembed noframes "
    "noscript object option param script select source style svg template textarea title track video"
)
# Nothing is nested deeper; browsers and people give up long before.
DEEPEST = 100
LONGEST_TITLE = 500
DIRECTIONS = frozenset({"ltr", "rtl", "auto"})
SPAN = re.compile(r"[1-9][0-9]{0,2}")


def inert_markup(text: str) -> str:
    """HTML for a body element. Never raises for broken markup; linear in its length."""
    text = re.sub(r"\A\ufeff?\s*<\?xml[^>]*\?>", "", text)
    if not text.strip():
        return ""
    try:
        root = lxml.html.document_fromstring(text)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    return "".join(_written(root))


def inert_text(text: str) -> str:
    """Plain text for a body element."""
    return f"<pre>{html.escape(text)}</pre>"


def _written(root: etree._Element) -> Iterator[str]:
    """Depth first, by a stack: how deep the original is nested is a stranger's choice."""
    stack: list[tuple[etree._Element | str, int]] = [(root, 0)]
    while stack:
        item, depth = stack.pop()
        if isinstance(item, str):
            yield item
            continue
        if item.tail and item is not root:
            stack.append((html.escape(item.tail), depth))
        if not isinstance(item.tag, str) or item.tag in DROPPED:
            continue
        start, end = _tags(item) if depth < DEEPEST else ("", "")
        yield start
        if end is None:
            continue
        stack.append((end, depth))
        stack.extend((child, depth + bool(end)) for child in reversed(item))
        if item.text:
            stack.append((html.escape(item.text), depth))


def _tags(element: etree._Element) -> tuple[str, str | None]:
    """What stands before and after the element's words; no end: it has none."""
    tag = str(element.tag)
    if tag == "img":
        return (f'<span class="image">{html.escape(alt)}</span>' if (alt := element.get("alt")) else ""), None
    if tag == "a":
        return f'<span class="link"{_attribute("title", element.get("href"))}>', "</span>"
    if tag not in KEPT:
        return "", ""
    start = f"<{tag}{''.join(_attributes(element))}>"
    return start, None if tag in WITHOUT_END else f"</{tag}>"


def _attributes(element: etree._Element) -> Iterator[str]:
    yield _attribute("lang", tidy_language(element.get("lang") or ""))
    yield _attribute("dir", direction if (direction := (element.get("dir") or "").lower()) in DIRECTIONS else "")
    if element.tag in {"td", "th"}:
        for name in ("colspan", "rowspan"):
            value = element.get(name) or ""
            yield _attribute(name, value if SPAN.fullmatch(value) else "")


def _attribute(name: str, value: str | None) -> str:
    return f' {name}="{html.escape(value[:LONGEST_TITLE])}"' if value else ""
