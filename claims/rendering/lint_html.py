"""A page as it was answered: what it says to people and to machines. Pure; broken markup is read as far as it goes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from claims.rendering.lint_values import Markup, NotJSON, claim_reviews, number, read_json

# What no reader sees.
UNSEEN = {"head", "script", "style", "template", "noscript", "title"}
INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
JSON_LD = "application/ld+json"
# Names of meta elements that search engines of Google obey.
ROBOTS = {"robots", "googlebot", "googlebot-news"}
FORBIDDING = {"noindex", "none"}


@dataclass(frozen=True)
class Page:
    """One answer of a web server. `address` is absolute, or "" when nobody knows where the HTML is from."""

    html: str
    address: str = ""
    status: int = 200
    # The headers Location and X-Robots-Tag.
    location: str = ""
    robots_tag: str = ""
    _root: etree._Element | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_root", _parse(self.html))

    def elements(self, *names: str) -> Iterator[etree._Element]:
        return self._root.iter(*names) if self._root is not None else iter(())

    @cached_property
    def scripts(self) -> list[str]:
        """The text of each JSON-LD block, as written."""
        kinds = ((one.get("type") or "").split(";")[0].strip().lower() for one in self.elements("script"))
        return [one.text or "" for one, kind in zip(self.elements("script"), kinds, strict=True) if kind == JSON_LD]

    @cached_property
    def claim_reviews(self) -> list[Markup]:
        """Every ClaimReview the page carries as JSON-LD. Blocks that are no JSON are in `broken`."""
        return [found for script in self.scripts for found in claim_reviews(_json_or_none(script))]

    @cached_property
    def broken(self) -> list[str]:
        """Why a block cannot be read, for each that cannot."""
        return [reason for script in self.scripts if (reason := _why_not(script))]

    @cached_property
    def visible_text(self) -> str:
        """What readers see, a blank between elements."""
        return " ".join(" ".join(_visible(self._root)).split()) if self._root is not None else ""

    def forbids_indexing(self) -> bool:
        said = [self.robots_tag] + [
            one.get("content") or ""
            for one in self.elements("meta")
            if (one.get("name") or "").strip().lower() in ROBOTS
        ]
        # A header may begin with the name of one robot: "googlebot: noindex".
        return any(FORBIDDING & set(re.split(r"[,:\s]+", one.lower())) for one in said)

    def in_other_languages(self) -> list[str]:
        """The addresses under which the page says it can be read too, as written, each once."""
        links = (one.get("href") or "" for one in self.elements("a", "link") if one.get("hreflang"))
        return list(dict.fromkeys(link for link in links if link))

    def numbers(self) -> Mapping[float, set[str]]:
        """The published map of ratings: number -> its words, from <data value="1">False</data>."""
        found: dict[float, set[str]] = defaultdict(set)
        for one in self.elements("data"):
            value = number(one.get("value"))
            if value is not None:
                found[value].add(" ".join("".join(one.itertext()).split()))
        return found


def _parse(html: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(html.replace("\x00", "").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _visible(root: etree._Element) -> Iterator[str]:
    """The texts in reading order. A stack and no recursion: pages may nest deeper than Python does."""
    waiting: list[etree._Element | str] = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
            continue
        if _is_seen(one):
            for child in reversed(one):
                waiting += [child.tail or "", child]
            yield one.text or ""


def _is_seen(element: etree._Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in UNSEEN or element.get("hidden") is not None:
        return False
    return not INVISIBLE.search(element.get("style") or "")


def _json_or_none(script: str) -> object:
    try:
        return read_json(script)
    except NotJSON:
        return None


def _why_not(script: str) -> str:
    try:
        read_json(script)
    except NotJSON as error:
        return str(error)
    return ""
