"""schema.org DataFeed of ClaimReviews: one JSON object, or one item per line.

An item's `item` is always a list with one object that has `@id`, `url` and `datePublished`: importers take the first
one and read these without asking whether they are there.
"""

from __future__ import annotations

import json
from typing import Any

from claims.rendering.times import rfc3339
from feed.formats.dump import About, DumpFormat, Lines, Row, compact

CONTEXT = "https://schema.org"
# Status -> schema.org creativeWorkStatus.
TAKEN_BACK = {"retracted": "Retracted", "withheld": "Withheld"}


def data_feed_item(row: Row) -> str:
    """A DataFeedItem, on one line. A standing verdict's markup goes out byte for byte as stored."""
    dates = f'"dateCreated":"{row.published_at}","dateModified":"{row.updated_at}"'
    item = row.claimreview
    if not item:
        document = json.loads(row.body)
        item = compact(stub(document))
        if row.status in TAKEN_BACK:
            dates += f',"dateDeleted":{compact(_deleted_at(document))}'
    return f'{{"@context":"{CONTEXT}","@type":"DataFeedItem",{dates},"item":[{item}]}}'


def stub(document: dict[str, Any]) -> dict[str, Any]:
    """What is left of a retracted or withheld verdict: enough to find the copy that has to go, nothing to publish.

    It has the ClaimReview's `@id` and address and is no ClaimReview: an importer that looks for that type passes over
    it, one that does not finds neither claim nor rating.
    """
    markup = {
        "@context": CONTEXT,
        "@type": "CreativeWork",
        "@id": f"{document['url']}#claimreview",
        "url": document["url"],
        "datePublished": document["published_at"],
        "dateModified": document["updated_at"],
    }
    if document["status"] in TAKEN_BACK:
        markup["creativeWorkStatus"] = TAKEN_BACK[document["status"]]
    return markup


def _deleted_at(document: dict[str, Any]) -> str:
    """When it was taken back, which no later change of the document moves; a withheld stub has no other time."""
    for correction in document.get("corrections", []):
        if correction["kind"] == "retracted":
            return str(correction["at"])
    return str(document["updated_at"])


class ClaimReviewFeed(DumpFormat):
    """One JSON object. One that was cut off is no JSON any more, so it needs no word for being complete."""

    extension = "jsonld"
    content_type = "application/ld+json"
    reads = frozenset({"claimreview"})

    def begin(self, about: About) -> str:
        sequence, digest, at = about.head
        publisher = about.publisher
        feed = {
            "@context": CONTEXT,
            "@type": "DataFeed",
            "@id": about.address,
            "url": about.address,
            "name": f"{about.site_name}: ClaimReview",
            "description": "Every published verdict as schema.org ClaimReview. Retracted and withheld ones have "
            "dateDeleted. `version` is the head of the event log: <sequence>:<hash>.",
            "version": f"{sequence}:{digest}",
            "dateModified": rfc3339(at) if at else None,
            "license": publisher.licence or None,
            "publisher": {"@type": "Organization", "name": publisher.name, "url": publisher.url},
        }
        opened = compact({key: value for key, value in feed.items() if value is not None})[:-1]
        return f'{opened},"dataFeedElement":[\n'

    def row(self, row: Row, *, is_first: bool) -> str:
        return data_feed_item(row) if is_first else f",\n{data_feed_item(row)}"

    def end(self, about: About, *, count: int, last: str) -> str:
        return "\n]}\n"


class ClaimReviewLines(Lines):
    """The same items, one per line."""

    reads = frozenset({"claimreview"})

    def row(self, row: Row, *, is_first: bool) -> str:
        return f"{data_feed_item(row)}\n"
