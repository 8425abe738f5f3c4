"""The one thing a page is about, by its JSON-LD. Pure; bounded whatever a page writes there."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable
from typing import Any

from sources.words import words

Node = dict[str, Any]

# Scripts read, characters of one, and things looked at in all of them.
MOST_SCRIPTS, LONGEST_SCRIPT, MOST_NODES = 20, 500_000, 2000
# A text, then what has a text beside it, then the page itself.
KINDS = (
    words(
        "Article NewsArticle BlogPosting SocialMediaPosting LiveBlogPosting DiscussionForumPosting Report "
        "ReportageNewsArticle OpinionNewsArticle AnalysisNewsArticle BackgroundNewsArticle ReviewNewsArticle "
        "ScholarlyArticle TechArticle AdvertiserContentArticle SatiricalArticle"
    ),
    words("VideoObject AudioObject ImageObject Comment Message"),
    words("WebPage ItemPage AboutPage ProfilePage"),
)
WRAPPING = re.compile(r"\A\s*(?:<!--|<!\[CDATA\[|//<!\[CDATA\[)|(?:-->|\]\]>|//\]\]>);?\s*\Z")
TAGS = re.compile(r"<[^<>]{1,200}>")


def described(scripts: Iterable[str]) -> Node:
    """The most article-like thing in the scripts, the first of its kind; empty where there is none."""
    best: Node = {}
    rank = len(KINDS)
    waiting: deque[Any] = deque()
    for number, script in enumerate(scripts):
        if number == MOST_SCRIPTS:
            break
        waiting.append(_parsed(script))
    seen = 0
    while waiting and seen < MOST_NODES:
        seen += 1
        value = waiting.popleft()
        if isinstance(value, list):
            waiting.extend(value[:MOST_NODES])
        elif isinstance(value, dict):
            kind = next((number for number, kinds in enumerate(KINDS) if _types(value) & kinds), len(KINDS))
            if kind < rank:
                best, rank = value, kind
            waiting.extend(value.get(name) for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"))
    return best


def _parsed(script: str) -> Any:
    if len(script) > LONGEST_SCRIPT:
        return None
    try:
        # Line breaks inside strings are what pages get wrong most.
        return json.loads(WRAPPING.sub("", script), strict=False)
    except (ValueError, RecursionError):
        return None


def _types(node: Node) -> frozenset[str]:
    said = node.get("@type")
    names = said if isinstance(said, list) else [said]
    return frozenset(name.rpartition("/")[2] for name in names[:10] if isinstance(name, str))


def text_of(node: Node, *names: str) -> str:
    """The first of these that is a text."""
    for name in names:
        value = node.get(name)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, dict):
            value = value.get("@value") or value.get("name")
        if isinstance(value, str) and value.strip():
            return TAGS.sub(" ", value[:100_000])
    return ""


def people_of(node: Node, *names: str) -> tuple[list[str], list[str]]:
    """Names and addresses of the people or organisations under the first of these that has any."""
    for name in names:
        value = node.get(name)
        found = [one for one in (value if isinstance(value, list) else [value])[:10] if one]
        called = [text_of(one if isinstance(one, dict) else {"name": one}, "name") for one in found]
        if any(called):
            return [one for one in called if one], [address for one in found for address in _addresses(one)]
    return [], []


def _addresses(one: Any) -> list[str]:
    if not isinstance(one, dict):
        return []
    values = [one.get("url"), one.get("@id"), *_list(one.get("sameAs"))]
    return [value for value in values if isinstance(value, str)]


def _list(value: Any) -> list[Any]:
    return value[:10] if isinstance(value, list) else [value]


def language_of(node: Node) -> str:
    """As inLanguage says it: a tag, or a Language with one."""
    value = node.get("inLanguage")
    value = value[0] if isinstance(value, list) and value else value
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("identifier")
    return value if isinstance(value, str) else ""
