"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from claims.rendering.times import rfc3339
from feed.formats.channel import DESCRIPTION, Channel
from feed.formats.entries import Entry

CONTENT_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def write_json_feed(channel: Channel, entries: Iterable[Entry]) -> str:
    """The whole document. What the format has no word for is in `_claimtrack`, as it asks of extensions."""
    sequence, digest = channel.head
    feed = {
        "version": VERSION,
        "title": channel.title,
        "home_page_url": channel.page,
        "feed_url": channel.address,
        "description": DESCRIPTION,
        "next_url": channel.next,
        "icon": channel.publisher.logo,
        "language": channel.language,
        "authors": [_filled({"name": channel.publisher.name, "url": channel.publisher.url})],
        "_claimtrack": _filled(
            {
                "about": "The event log's head when this was made, the licence, and the other pages (RFC 5005).",
                "head": {"sequence": sequence, "hash": digest},
                "license": channel.publisher.licence,
                "first_url": channel.first,
                "previous_url": channel.previous,
            }
        ),
    }
    # `items` is required, also when there are none.
    return json.dumps(_filled(feed) | {"items": [_item(entry) for entry in entries]}, ensure_ascii=False)


def _item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.content,
        "date_published": rfc3339(entry.published),
        "date_modified": rfc3339(entry.updated),
        "language": entry.language,
        "tags": [category.label for category in entry.categories],
        "_claimtrack": _filled(
            {
                "id": entry.public_id,
                "status": entry.status,
                "version": entry.version,
                "rating": next((each.term for each in entry.categories if each.kind == "rating"), None),
            }
        ),
    }
    return _filled(item)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Optional keys are left out when there is nothing to say; null is not a value the format knows."""
    return {key: value for key, value in values.items() if value not in (None, "", [])}
