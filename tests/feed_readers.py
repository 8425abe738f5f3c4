"""The feeds and dumps as their readers' programs take them apart."""

from __future__ import annotations

import json
from typing import Any

import feedparser  # type: ignore[import-untyped]
from django.test import Client

from tests.feed_rules import atom_problems, json_feed_problems, rss_problems

XML = ("rss", "atom")
FORMATS = (*XML, "json")
CHECKS = {"rss": rss_problems, "atom": atom_problems, "json": json_feed_problems}
LINES = ("claimreview.ndjson", "verdicts.ndjson")


def feed(client: Client, form: str, **query: Any) -> Any:
    """What feedparser makes of an XML feed."""
    response = client.get(f"/feeds/verdicts.{form}", query)
    assert response.status_code == 200, response.content
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


def items(client: Client, **query: Any) -> list[dict[str, Any]]:
    """The items of the JSON feed."""
    response = client.get("/feeds/verdicts.json", query)
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["items"]
    return found


def dumped(client: Client, name: str, **query: Any) -> str:
    response = client.get(f"/feeds/{name}", query)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def lines(client: Client, name: str = "claimreview.ndjson", **query: Any) -> tuple[list[Any], Any]:
    """What stands on the lines, and on the last one."""
    *rows, last = [json.loads(line) for line in dumped(client, name, **query).splitlines()]
    return rows, last
