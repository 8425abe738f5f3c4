"""`/feeds/verdicts.rss`, `.atom`, `.json`: what feed readers and aggregators subscribe to.

Most recently changed first: a reader looks at the top of a feed, so that is where a correction of an old verdict has to
be. Retracted and withheld verdicts stay in, as entries that say so.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from claims.services.documents import publisher
from feed.dumps import log_head
from feed.formats import atom, json_feed, rss
from feed.formats.channel import NEVER, Channel, title_of
from feed.formats.entries import Entry, entry_of
from feed.formats.text import printable
from feed.serving.filters import FILTERS, ORDERINGS, filtered
from feed.serving.paging import Page, page_url, read_page
from feed.serving.parameters import CURSOR, PAGE_SIZE, Asked
from feed.views.feeds import FeedView

RECENTLY_CHANGED = ORDERINGS["-updated_at"]
PARAMETERS = tuple(parameter for parameter in FILTERS if parameter.name != "ordering")
# What /claims/ takes too: the page for people shows the same selection.
PAGE_FILTERS = ("q", "rating", "topic", "claimant", "language", "status")
# To ask for what changed since ever is to ask for what was taken back as well.
EVER = datetime(1, 1, 1, tzinfo=UTC)


class VerdictFeed(FeedView):
    """One feed format. Three queries, however many verdicts there are."""

    parameters = PARAMETERS

    @abstractmethod
    def write(self, channel: Channel, entries: list[Entry]) -> str:
        """The feed as text."""

    def body(self, asked: Asked, **kwargs: Any) -> str:
        sequence, digest, _ = log_head()
        page = self.page(asked)
        documents = printable([json.loads(row["body"]) for row in page.rows])
        entries = [entry_of(document) for document in documents]
        channel = self.channel(asked, page, documents, (sequence, digest), entries[0].updated if entries else NEVER)
        return self.write(channel, entries)

    def page(self, asked: Asked) -> Page:
        recently_changed = {"updated_since": EVER, "ordering": RECENTLY_CHANGED.key}
        rows = filtered(recently_changed | asked).values("body", "updated_at", "public_id")
        return read_page(rows, RECENTLY_CHANGED, asked, path=self.request.path, query=self.query())

    def channel(
        self, asked: Asked, page: Page, documents: list[dict[str, Any]], head: tuple[int, str], updated: datetime
    ) -> Channel:
        query = self.query()
        first = {name: value for name, value in query.items() if name != CURSOR.name}
        filters = {name: value for name, value in first.items() if name != PAGE_SIZE.name}
        for_people = {name: value for name, value in filters.items() if name in PAGE_FILTERS}
        return Channel(
            id=page_url(self.request.path, filters),
            title=printable(title_of(settings.SITE_NAME, filters, documents)),
            language=asked.get("language", settings.LANGUAGE_CODE),
            page=f"{settings.SITE_URL}/claims/{'?' if for_people else ''}{urlencode(for_people)}",
            address=page_url(self.request.path, query),
            first=page_url(self.request.path, first),
            next=page.next,
            previous=page.previous,
            publisher=publisher(),
            head=head,
            updated=updated,
        )


class Rss(VerdictFeed):
    content_type = rss.CONTENT_TYPE

    def write(self, channel: Channel, entries: list[Entry]) -> str:
        return rss.write_rss(channel, entries)


class Atom(VerdictFeed):
    content_type = atom.CONTENT_TYPE

    def write(self, channel: Channel, entries: list[Entry]) -> str:
        return atom.write_atom(channel, entries)


class JsonFeed(VerdictFeed):
    content_type = json_feed.CONTENT_TYPE

    def write(self, channel: Channel, entries: list[Entry]) -> str:
        return json_feed.write_json_feed(channel, entries)
