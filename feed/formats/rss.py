"""RSS 2.0 (rssboard.org/rss-specification), with what Atom and Dublin Core add to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import escape

from feed.formats.channel import DESCRIPTION, GENERATOR, NAMESPACE, Channel
from feed.formats.entries import Entry

CONTENT_TYPE = "application/rss+xml; charset=utf-8"


def write_rss(channel: Channel, entries: Iterable[Entry]) -> str:
    """The whole document. Texts must be `printable`."""
    feed = _Rss(
        title=channel.title,
        link=channel.page,
        description=DESCRIPTION,
        language=channel.language,
        feed_copyright=channel.rights,
        channel=channel,
    )
    for entry in entries:
        feed.add_item(
            title=entry.title,
            link=entry.url,
            # Readers take it for HTML.
            description=escape(entry.summary),
            author_name=channel.publisher.name,
            pubdate=entry.published,
            unique_id=entry.id,
            unique_id_is_permalink=False,
            entry=entry,
        )
    return str(feed.writeString("utf-8"))


class _Rss(Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:dcterms": "http://purl.org/dc/terms/",
            "xmlns:claimtrack": NAMESPACE,
        }

    def latest_post_date(self) -> datetime:
        updated: datetime = self.feed["channel"].updated
        return updated

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        channel: Channel = self.feed["channel"]
        handler.addQuickElement("generator", GENERATOR)
        itself = {"rel": "self", "href": channel.address, "type": "application/rss+xml"}
        handler.addQuickElement("atom:link", None, itself)
        for relation, address in channel.links:
            handler.addQuickElement("atom:link", None, {"rel": relation, "href": address})
        if channel.publisher.logo:
            handler.startElement("image", {})
            handler.addQuickElement("url", channel.publisher.logo)
            # The specification wants the channel's own title and link here.
            handler.addQuickElement("title", channel.title)
            handler.addQuickElement("link", channel.page)
            handler.endElement("image")
        sequence, digest = channel.head
        handler.addQuickElement("claimtrack:head", None, {"sequence": str(sequence), "hash": digest})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        entry: Entry = item["entry"]
        for category in entry.categories:
            handler.addQuickElement("category", category.label, {"domain": category.scheme})
        # RSS has one date; a correction must be seen in a format without a word for it.
        handler.addQuickElement("dcterms:modified", entry.updated.isoformat())
        if entry.language:
            handler.addQuickElement("dc:language", entry.language)
        handler.addQuickElement("content:encoded", entry.content)
