"""Atom 1.0 (RFC 4287), with paging (RFC 5005) and licence (RFC 4946) links."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed

from feed.formats.channel import DESCRIPTION, GENERATOR, NAMESPACE, Channel
from feed.formats.entries import Entry

CONTENT_TYPE = "application/atom+xml; charset=utf-8"


def write_atom(channel: Channel, entries: Iterable[Entry]) -> str:
    """The whole document. Texts must be `printable`."""
    feed = _Atom(
        title=channel.title,
        link=channel.page,
        description="",
        subtitle=DESCRIPTION,
        language=channel.language,
        author_name=channel.publisher.name,
        author_link=channel.publisher.url,
        feed_copyright=channel.rights,
        feed_guid=channel.id,
        channel=channel,
    )
    for entry in entries:
        feed.add_item(
            title=entry.title,
            link=entry.url,
            # Without it no summary is written that is called HTML; ours is plain text.
            description=None,  # type: ignore[arg-type]
            pubdate=entry.published,
            updateddate=entry.updated,
            unique_id=entry.id,
            entry=entry,
        )
    return str(feed.writeString("utf-8"))


class _Atom(Atom1Feed):
    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:claimtrack": NAMESPACE}

    def latest_post_date(self) -> datetime:
        updated: datetime = self.feed["channel"].updated
        return updated

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        channel: Channel = self.feed["channel"]
        handler.addQuickElement("generator", GENERATOR)
        itself = {"rel": "self", "href": channel.address, "type": "application/atom+xml"}
        handler.addQuickElement("link", None, itself)
        for relation, address in channel.links:
            handler.addQuickElement("link", None, {"rel": relation, "href": address})
        if channel.publisher.logo:
            handler.addQuickElement("logo", channel.publisher.logo)
        sequence, digest = channel.head
        handler.addQuickElement("claimtrack:head", None, {"sequence": str(sequence), "hash": digest})

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        entry: Entry = item["entry"]
        return {"xml:lang": entry.language} if entry.language else {}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        entry: Entry = item["entry"]
        for category in entry.categories:
            named = {"term": category.term, "scheme": category.scheme, "label": category.label}
            handler.addQuickElement("category", None, named)
        handler.addQuickElement("summary", entry.summary, {"type": "text"})
        handler.addQuickElement("content", entry.content, {"type": "html"})
