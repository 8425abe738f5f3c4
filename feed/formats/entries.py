"""What a feed reader shows of one verdict, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext, override

from feed.formats.content import content_of, rating_name
from feed.formats.text import printable

Document = dict[str, Any]


@dataclass(frozen=True)
class Category:
    """`kind` is rating, topic or status; `term` is for machines, `label` for people."""

    kind: str
    term: str
    label: str

    @property
    def scheme(self) -> str:
        return f"urn:claimtrack:{self.kind}"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`content` is safe HTML without relative addresses. `language` is empty for a withheld verdict."""

    id: str
    url: str
    title: str
    summary: str
    content: str
    language: str
    categories: tuple[Category, ...]
    published: datetime
    updated: datetime
    public_id: str
    status: str
    version: int


def entry_of(document: Document) -> Entry:
    """The entry, in the verdict's own language. A retracted verdict says so first; a withheld one has no text."""
    document = printable(document)
    with override(document.get("language") or "en"):
        return Entry(
            id=entry_id(document),
            url=document["url"],
            title=_title(document),
            summary=_summary(document),
            content=content_of(document),
            language=document.get("language", ""),
            categories=tuple(_categories(document)),
            published=datetime.fromisoformat(document["published_at"]),
            updated=datetime.fromisoformat(document["updated_at"]),
            public_id=document["id"],
            status=document["status"],
            version=document["version"],
        )


def entry_id(document: Document) -> str:
    """A tag URI (RFC 4151) of what never changes: host, day of first publication, public id.

    Not the address of the page: that would make every entry new on the day the site moves to https.
    """
    host = urlsplit(document["url"]).hostname or "localhost"
    return f"tag:{host},{document['published_at'][:10]}:verdict/{document['id']}"


def _title(document: Document) -> str:
    if document["status"] == "withheld":
        return gettext("Withheld for legal reasons")
    if document["status"] == "retracted":
        return f"{gettext('Retracted')}: {document['headline']}"
    return f"{rating_name(document)}: {document['headline']}"


def _summary(document: Document) -> str:
    if document["status"] == "withheld":
        return gettext("This verdict is withheld for legal reasons.")
    if document["status"] == "retracted":
        return f"{gettext('We have taken this verdict back')}. {document['status_reason']}".rstrip()
    return str(document["summary"])


def _categories(document: Document) -> list[Category]:
    """The rating only while we stand by it: a reader that sorts by rating must not file what we took back."""
    categories = [Category("status", document["status"], document["status"])]
    if document["status"] in {"published", "under_review"}:
        categories.append(Category("rating", document["rating"]["code"], rating_name(document)))
    if "claim" in document:
        names = document["claim"].get("topic_names", {})
        categories += [Category("topic", slug, names.get(slug, slug)) for slug in document["claim"]["topics"]]
    return categories
