"""What a feed says about itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from claims.rendering.claimreview import Publisher

GENERATOR = "claimtrack"
# The namespace of our own elements and the key of our own object, here because every format has them.
NAMESPACE = "urn:claimtrack:feed"
DESCRIPTION = (
    "Verdicts, most recently changed first: a corrected one comes back to the top, a retracted one says so, "
    "of a withheld one only the address is left."
)
# An empty feed was last changed before anything was published: the same at every request, as its ETag promises.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Channel:
    """Addresses are absolute. `address` is this page of the feed, `first` its first page, `id` the feed as a whole.

    `page` is the same selection for people; `head` the event log's (sequence, hash) when the feed was made.
    """

    id: str
    title: str
    language: str
    page: str
    address: str
    first: str
    next: str | None
    previous: str | None
    publisher: Publisher
    head: tuple[int, str]
    updated: datetime = NEVER

    @property
    def rights(self) -> str:
        licence = f" Licence: {self.publisher.licence}" if self.publisher.licence else ""
        return f"© {self.publisher.name}.{licence}"

    @property
    def links(self) -> list[tuple[str, str]]:
        """(relation, address) of the other pages (RFC 5005) and of the licence (RFC 4946)."""
        named = {
            "first": self.first,
            "next": self.next,
            "previous": self.previous,
            "license": self.publisher.licence,
        }
        return [(relation, address) for relation, address in named.items() if address]


def title_of(site_name: str, filters: Mapping[str, str], documents: Sequence[dict[str, Any]]) -> str:
    """`Site: verdicts (topic: Water, rating: False)`. Names come from the verdicts shown, codes stand where none is."""
    told = ", ".join(f"{name.replace('_', ' ')}: {_name(name, value, documents)}" for name, value in filters.items())
    return f"{site_name}: verdicts ({told})" if told else f"{site_name}: verdicts"


def _name(filter_name: str, value: str, documents: Sequence[dict[str, Any]]) -> str:
    for document in documents:
        claim = document.get("claim") or {}
        names = {
            "topic": claim.get("topic_names", {}),
            "claimant": _pair(claim.get("claimant"), "slug"),
            "rating": _pair(document.get("rating"), "code"),
        }.get(filter_name, {})
        if value in names:
            return str(names[value])
    return value


def _pair(named: dict[str, Any] | None, key: str) -> dict[str, str]:
    return {named[key]: named["name"]} if named and key in named else {}
