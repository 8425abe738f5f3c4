"""Pages of verdicts by keyset: newest first, the last page at the cost of the first."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from claims.choices import VerdictStatus
from claims.models import VerdictDocument
from claims.querysets import DocumentQuerySet
from pages.reading import read_documents

PAGE_SIZE = 24
LONGEST_QUERY = 200
MOST_WORDS = 8
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


def filtered(chosen: dict[str, str]) -> DocumentQuerySet:
    """Public verdicts under these filters; standing ones unless a status is asked for."""
    rows = VerdictDocument.objects.all()
    status = chosen.get("status")
    rows = rows.filter(status=status) if status in STATUSES else rows.listed()
    if "rating" in chosen:
        rows = rows.filter(rating_code=chosen["rating"])
    if "topic" in chosen:
        rows = rows.about(chosen["topic"])
    if "claimant" in chosen:
        rows = rows.filter(claimant_slug=chosen["claimant"])
    if "language" in chosen:
        rows = rows.written_in(chosen["language"])
    return rows.matching(chosen.get("q", "").split()[:MOST_WORDS])


def listing(rows: DocumentQuerySet, query: QueryDict, prefix: str, chosen: dict[str, str] | None = None) -> Listing:
    """The page after ?after=<public id of the last verdict seen>; an unknown id starts at the newest."""
    chosen = chosen or {}
    last = _seen_last(query.get("after", ""))
    if last is not None:
        at, pk = last
        # The first condition is implied by the second; it lets the index begin in the right place.
        rows = rows.filter(published_at__lte=at).filter(Q(published_at__lt=at) | Q(claim_id__lt=pk))
    found = list(rows.order_by("-published_at", "-claim_id")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    older = f"?{urlencode({**chosen, 'after': shown[-1].public_id})}" if len(found) > PAGE_SIZE else ""
    return Listing(verdicts=read_documents(shown, prefix), older=older, is_first=last is None, chosen=chosen)


def _seen_last(public_id: str) -> tuple[Any, int] | None:
    if not public_id or "\x00" in public_id:
        return None
    return VerdictDocument.objects.filter(public_id=public_id[:16]).values_list("published_at", "claim_id").first()
