"""Pages of verdicts by keyset: newest first, the last page at the cost of the first."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from claims.choices import VerdictStatus
from claims.models import VerdictDocument
from claims.querysets import DocumentQuerySet
from claims.rendering.search_words import MOST_WORDS, terms_of
from pages.links import feed_links
from pages.reading import read_documents

PAGE_SIZE = 24
LONGEST_QUERY = 200
NEWEST = ("-published_at", "-public_id")
FILTERS = ("q", "rating", "topic", "claimant", "language", "status")
# A withheld verdict is never on a list: its address is all that may still be public.
STATUSES = (VerdictStatus.PUBLISHED, VerdictStatus.UNDER_REVIEW, VerdictStatus.RETRACTED)


@dataclass(frozen=True)
class Listing:
    """One page of verdicts. `older` is the query string of the next page, empty on the last."""

    verdicts: list[dict[str, Any]]
    older: str
    is_first: bool
    chosen: dict[str, str] = field(default_factory=dict)

    @property
    def newest(self) -> str:
        """Query string of the first page with the same filters."""
        return f"?{urlencode(self.chosen)}" if self.chosen else "?"


def chosen_filters(query: QueryDict) -> dict[str, str]:
    """The filters we know, cleaned; unknown parameters (utm_source, …) are ignored."""
    cleaned = {name: query.get(name, "").replace("\x00", "").strip()[:LONGEST_QUERY] for name in FILTERS}
    return {name: value for name, value in cleaned.items() if value}


def feeds_of(chosen: dict[str, str]) -> list[dict[str, str]]:
    """Links to the feeds of this selection; none for filters that a page passes over and a feed refuses."""
    usable = {
        "q": 1 <= len(terms_of(chosen.get("q", "any"))) <= MOST_WORDS,
        "language": re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", chosen.get("language", "en")) is not None,
        "status": chosen.get("status", STATUSES[0]) in STATUSES,
    }
    return feed_links(chosen) if all(usable.values()) else []


def filtered(chosen: dict[str, str]) -> DocumentQuerySet:
    """Public verdicts under these filters but the words; standing ones unless a status is asked for."""
    rows = in_state(chosen)
    if "rating" in chosen:
        rows = rows.filter(rating_code=chosen["rating"])
    if "topic" in chosen:
        rows = rows.about(chosen["topic"])
    if "claimant" in chosen:
        rows = rows.filter(claimant_slug=chosen["claimant"])
    if "language" in chosen:
        rows = rows.written_in(chosen["language"])
    return rows


def in_state(chosen: dict[str, str]) -> DocumentQuerySet:
    status = chosen.get("status")
    return VerdictDocument.objects.filter(status=status) if status in STATUSES else VerdictDocument.objects.listed()


def listing(rows: DocumentQuerySet, query: QueryDict, prefix: str, chosen: dict[str, str] | None = None) -> Listing:
    """The page after ?after=<public id of the last verdict seen>; an unknown id starts at the newest."""
    chosen = chosen or {}
    last = _seen_last(query.get("after", ""))
    rows = _older(rows, last)
    if "q" in chosen:
        # An index holds those that stand in this order, not those taken back.
        among = None if chosen.get("status") == VerdictStatus.RETRACTED else _older(in_state(chosen), last)
        matches = rows.first_matching(chosen["q"], NEWEST, limit=PAGE_SIZE + 1, among=among)
        rows = VerdictDocument.objects.filter(pk__in=matches)
    found = list(rows.defer("search_text", "search_vector").order_by(*NEWEST)[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    older = f"?{urlencode({**chosen, 'after': shown[-1].public_id})}" if len(found) > PAGE_SIZE else ""
    return Listing(verdicts=read_documents(shown, prefix), older=older, is_first=last is None, chosen=chosen)


def _older(rows: DocumentQuerySet, last: tuple[Any, str] | None) -> DocumentQuerySet:
    if last is None:
        return rows
    at, public_id = last
    # The first condition is implied by the second; it lets the index begin in the right place.
    return rows.filter(published_at__lte=at).filter(Q(published_at__lt=at) | Q(public_id__lt=public_id))


def _seen_last(public_id: str) -> tuple[Any, str] | None:
    if not public_id or "\x00" in public_id:
        return None
    return VerdictDocument.objects.filter(public_id=public_id[:16]).values_list("published_at", "public_id").first()
