"""The rules of the W3C feed validator and of JSON Feed 1.1 that a feed of ours could break, as plain checks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree, html

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
MODIFIED = "{http://purl.org/dc/terms/}modified"

ADDRESS = {"type": "string", "format": "uri", "pattern": "^https?://"}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
AUTHORS = {
    "type": "array",
    "items": {"type": "object", "minProperties": 1, "properties": {"name": {"type": "string"}, "url": ADDRESS}},
}
# jsonfeed.org/version/1.1: what is required, which type each key has, and that extensions begin with an underscore.
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": ADDRESS,
        "feed_url": ADDRESS,
        "description": {"type": "string"},
        "next_url": ADDRESS,
        "icon": ADDRESS,
        "language": {"type": "string", "minLength": 2},
        "authors": AUTHORS,
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "url": ADDRESS,
                    "title": {"type": "string"},
                    "summary": {"type": "string"},
                    "content_html": {"type": "string"},
                    "date_published": TIME,
                    "date_modified": TIME,
                    "language": {"type": "string", "minLength": 2},
                    "tags": {"type": "array", "items": {"type": "string", "minLength": 1}},
                },
                "patternProperties": {"^_": {"type": "object"}},
                "additionalProperties": False,
            },
        },
    },
    "patternProperties": {"^_": {"type": "object"}},
    "additionalProperties": False,
}


def rss_problems(text: bytes, address: str) -> list[str]:
    """What the validator would say of this RSS feed, found at this address."""
    channel = etree.fromstring(text).find("channel")
    assert channel is not None
    items = channel.findall("item")
    return [
        *(f"channel has no {name}" for name in ("title", "link", "description") if not channel.findtext(name)),
        *_bad_links(channel.findall(f"{ATOM}link"), address, "application/rss+xml"),
        *_bad_times_822([channel.findtext("lastBuildDate"), *(item.findtext("pubDate") for item in items)]),
        *(f"item has no {name}" for item in items for name in ("title", "link", "guid") if not item.findtext(name)),
        *_bad_times([item.findtext(MODIFIED) for item in items]),
        *_repeated([item.findtext("guid") for item in items]),
        *(
            f"guid {item.findtext('guid')} is called a permanent link and is none"
            for item in items
            if item.find("guid").get("isPermaLink", "true") == "true" and not _is_absolute(item.findtext("guid"))
        ),
        *(f"relative: {link}" for item in items if not _is_absolute(link := item.findtext("link"))),
        *(found for item in items for found in _bad_content(item.findtext(CONTENT))),
    ]


def atom_problems(text: bytes, address: str) -> list[str]:
    """What the validator would say of this Atom feed, found at this address."""
    feed = etree.fromstring(text)
    entries = feed.findall(f"{ATOM}entry")
    required = [(feed, name) for name in ("id", "title", "updated", "author")]
    required += [(entry, name) for entry in entries for name in ("id", "title", "updated", "content", "link")]
    times = [element.text for name in ("updated", "published") for element in feed.iter(f"{ATOM}{name}")]
    return [
        *(f"{parent.tag} has no {name}" for parent, name in required if parent.find(f"{ATOM}{name}") is None),
        *_bad_links(feed.findall(f"{ATOM}link"), address, "application/atom+xml"),
        *_bad_times(times),
        *_repeated([entry.findtext(f"{ATOM}id") for entry in entries]),
        *(f"id {each.text} is no IRI" for each in feed.iter(f"{ATOM}id") if not urlsplit(each.text or "").scheme),
        *(f"relative: {link.get('href')}" for link in feed.iter(f"{ATOM}link") if not _is_absolute(link.get("href"))),
        *(found for entry in entries for found in _bad_content(entry.findtext(f"{ATOM}content"))),
    ]


def json_feed_problems(text: bytes, address: str) -> list[str]:
    """What a validator of JSON Feed would say of this feed, found at this address."""
    from jsonschema import Draft202012Validator

    feed: dict[str, Any] = json.loads(text)
    return [
        *(error.message for error in Draft202012Validator(JSON_FEED).iter_errors(feed)),
        *([] if feed.get("feed_url") == address else ["feed_url is not the address it was found at"]),
        *_repeated([item["id"] for item in feed["items"]]),
        *(found for item in feed["items"] for found in _bad_content(item["content_html"])),
    ]


def _bad_links(links: list[Any], address: str, media_type: str) -> Iterator[str]:
    itself = [link for link in links if link.get("rel") == "self"]
    if [(link.get("href"), link.get("type")) for link in itself] != [(address, media_type)]:
        yield "the self link is not the address it was found at, with its media type"
    yield from (f"relative: {link.get('href')}" for link in links if not _is_absolute(link.get("href")))


def _bad_times(times: list[str | None]) -> Iterator[str]:
    for time in times:
        if not time or datetime.fromisoformat(time).tzinfo is None or "T" not in time:
            yield f"not RFC 3339: {time}"


def _bad_times_822(times: list[str | None]) -> Iterator[str]:
    for time in times:
        if not time or parsedate_to_datetime(time).tzinfo is None:
            yield f"not RFC 822: {time}"


def _repeated(ids: list[Any]) -> list[str]:
    return [] if len(ids) == len(set(ids)) else [f"ids are not unique: {ids}"]


def _is_absolute(address: Any) -> bool:
    return urlsplit(address or "").scheme in {"http", "https"} and bool(urlsplit(address).netloc)


def _bad_content(content: str | None) -> Iterator[str]:
    """HTML that a reader would have to throw away, or that leads nowhere outside our own pages."""
    for element in html.fragment_fromstring(content or "", create_parent="div").iter():
        if element.tag in {"script", "style", "iframe", "object", "embed", "form", "meta", "link", "img"}:
            yield f"content has <{element.tag}>"
        for name, value in element.attrib.items():
            if name in {"href", "src"} and not (_is_absolute(value) or value.startswith("mailto:")):
                yield f"content leads to {value}"
            if name.startswith("on") or name == "style":
                yield f"content has {name}"
