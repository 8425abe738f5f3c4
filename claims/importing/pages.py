"""ClaimReview markup of a web page: its JSON-LD blocks, and microdata where there are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

import lxml.html
from lxml import etree

from claims.importing.broken_json import Unreadable, read_json
from claims.importing.findings import Found, Skipped, TakenFrom
from claims.importing.nodes import read_document
from claims.importing.reviews import Origin

# A block that names the word is one somebody will miss when it cannot be read.
_ABOUT_CLAIMS = re.compile(r"ClaimReview|claimReviewed")
_JSON_LD = re.compile(r"\s*application/ld\+json\b", re.IGNORECASE)
_XML_HEAD = re.compile(r"\A\s*<\?xml[^>]*\?>")
# Deeper than anybody nests a review.
_DEEPEST_MICRODATA = 10


def read_page(markup: str, origin: Origin) -> Iterator[Found]:
    """Every review of the page. Blocks of other kinds are passed over; one Skipped when nothing was found at all."""
    origin = replace(origin, taken_from=TakenFrom.PAGE)
    try:
        root = lxml.html.document_fromstring(_XML_HEAD.sub("", markup.replace("\x00", "").removeprefix("\ufeff")))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        yield Skipped(where=origin.where, reason="this is no HTML page")
        return
    origin = replace(origin, base=_base_of(root, origin.base))
    count = 0
    for found in _blocks(root, origin):
        count += 1
        yield found
    if not count:
        for node in _microdata(root):
            for found in read_document(node, origin):
                count += 1
                yield found
    if not count:
        yield Skipped(where=origin.where, reason="no ClaimReview on the page", url=origin.base)


def _base_of(root: Any, known: str) -> str:
    """What relative addresses of the page begin with: <base>, where we got it from, or what it says it is."""
    base = next((tag.get("href") for tag in root.iter("base") if tag.get("href")), "")
    canonical = next(
        (tag.get("href") for tag in root.iter("link") if (tag.get("rel") or "").lower() == "canonical"), ""
    )
    page = known or canonical or ""
    try:
        return urljoin(page, base) if base else page
    except ValueError:
        return page


def _blocks(root: Any, origin: Origin) -> Iterator[Found]:
    scripts = [tag for tag in root.iter("script") if _JSON_LD.match(tag.get("type") or "")]
    for number, script in enumerate(scripts, start=1):
        text = script.text or ""
        if not _ABOUT_CLAIMS.search(text):
            continue
        where = f"{origin.where}, block {number}" if len(scripts) > 1 else origin.where
        yield from read_block(text, replace(origin, where=where), first_line=script.sourceline or 1)


def read_block(text: str, origin: Origin, *, first_line: int = 1) -> Iterator[Found]:
    """One JSON-LD block. `first_line`: where it begins in its page."""
    try:
        value = read_json(text)
    except Unreadable as problem:
        yield Skipped(where=f"{origin.where}, line {first_line + problem.line - 1}", reason=str(problem))
        return
    yield from read_document(value, origin)


def _microdata(root: Any) -> Iterator[dict[str, Any]]:
    """Objects as JSON-LD would say them (HTML Living Standard, 5.2), without itemref."""
    for element in root.iter():
        if isinstance(element.tag, str) and "ClaimReview" in (element.get("itemtype") or ""):
            yield _item(element, _DEEPEST_MICRODATA)


def _item(element: Any, depth: int) -> dict[str, Any]:
    node: dict[str, Any] = {"@type": (element.get("itemtype") or "").split()}
    waiting = list(element)[::-1]
    while waiting:
        child = waiting.pop()
        if not isinstance(child.tag, str):
            continue
        for name in (child.get("itemprop") or "").split():
            inner = child.get("itemscope") is not None
            node.setdefault(name, []).append(_item(child, depth - 1) if inner and depth else _property(child))
        if child.get("itemscope") is None:
            waiting += list(child)[::-1]
    return node


def _property(element: Any) -> str:
    for name in ("content", "href", "src", "datetime"):
        if (value := element.get(name)) is not None:
            return str(value)
    return str(element.text_content())
