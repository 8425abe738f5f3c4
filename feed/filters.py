"""Which verdicts a list holds, and in which order: from parsed parameters to one keyset query."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import F, FloatField, Subquery, Value
from django.db.models.functions import Cast

from claims.choices import VerdictStatus
from claims.models import VerdictDocument
from claims.querysets import DocumentQuerySet
from feed.paging import Column, Keyset, time_column
from feed.parameters import (
    A_MOMENT,
    MAX_LENGTH,
    MOMENT,
    PAGING,
    Asked,
    Parameter,
    language_tag,
    moment,
    one_of,
    short_text,
)
from feed.problems import BadParameters

MOST_WORDS = 8
RELEVANCE = "relevance"


def _at_most_eight_words(value: str) -> str:
    if len(value.split()) > MOST_WORDS:
        raise ValueError
    return short_text(value)


def _place_of(public_id: str) -> Subquery:
    """The tie-breaker of a cursor. Outside we name documents by public id, so that nobody counts our claims by key."""
    return Subquery(VerdictDocument.objects.filter(public_id=public_id).values("pk"))


TIE = Column("public_id", "claim_id", parse=_place_of)


def _by_time(name: str, *, descending: bool) -> Keyset:
    return Keyset(f"-{name}" if descending else name, (time_column(name), TIE), descending=descending)


ORDERINGS = {
    keyset.key: keyset
    for keyset in (
        _by_time("published_at", descending=True),
        _by_time("published_at", descending=False),
        _by_time("updated_at", descending=True),
        _by_time("updated_at", descending=False),
        Keyset(
            RELEVANCE,
            (
                # repr() of a float reads back as the same float.
                Column("rank", "rank", parse=lambda text: Value(float(text)), spell=repr),
                time_column("published_at"),
                TIE,
            ),
            descending=True,
        ),
    )
}
DEFAULT_ORDERING = "-published_at"

_SLUG = f"a slug of at most {MAX_LENGTH} characters"

FILTERS = (
    Parameter(
        "q",
        _at_most_eight_words,
        f"up to {MOST_WORDS} words of together at most {MAX_LENGTH} characters",
        "Verdicts whose claim, headline, answer or claimant contain every one of these words.",
    ),
    Parameter("rating", short_text, "a rating's code, see /api/v1/ratings/", "Code of a rating, see /api/v1/ratings/."),
    Parameter("topic", short_text, _SLUG, "Slug of a topic, see /api/v1/topics/."),
    Parameter("claimant", short_text, _SLUG, "Slug of a claimant, see /api/v1/claimants/."),
    Parameter(
        "language",
        language_tag,
        "a BCP 47 language tag such as en or kk",
        "Language the verdict is written in; en also finds en-GB.",
    ),
    Parameter(
        "status",
        one_of(*VerdictStatus.values),
        f"one of {', '.join(VerdictStatus.values)}",
        "Only verdicts in this state. Without it: published and under_review; with updated_since: all.",
        {"type": "string", "enum": VerdictStatus.values},
    ),
    Parameter("published_after", moment, MOMENT, "First published at this time or later.", A_MOMENT),
    Parameter("published_before", moment, MOMENT, "First published before this time.", A_MOMENT),
    Parameter(
        "updated_since",
        moment,
        MOMENT,
        "Changed at this time or later. Holds retracted and withheld verdicts too: a client that keeps copies has to "
        "learn of them.",
        A_MOMENT,
    ),
    Parameter(
        "ordering",
        one_of(*ORDERINGS),
        f"one of {', '.join(ORDERINGS)} (relevance only with q)",
        f"Without it: {DEFAULT_ORDERING}, newest first. relevance needs q.",
        {"type": "string", "enum": list(ORDERINGS), "default": DEFAULT_ORDERING},
    ),
    *PAGING,
)


def keyset_of(asked: Asked) -> Keyset:
    ordering = asked.get("ordering", DEFAULT_ORDERING)
    if ordering == RELEVANCE and "q" not in asked:
        raise BadParameters({"ordering": ["relevance needs q: add the words to look for, or order by a time."]})
    return ORDERINGS[ordering]


def filtered(asked: Asked) -> DocumentQuerySet:
    """The documents asked for, unordered; with a `rank` when the order is by relevance."""
    rows = _in_state(asked)
    simple: dict[str, Any] = {
        lookup: asked[name]
        for name, lookup in (
            ("rating", "rating_code"),
            ("claimant", "claimant_slug"),
            ("published_after", "published_at__gte"),
            ("published_before", "published_at__lt"),
            ("updated_since", "updated_at__gte"),
        )
        if name in asked
    }
    rows = rows.filter(**simple) if simple else rows
    if "topic" in asked:
        rows = rows.about(asked["topic"])
    if "language" in asked:
        rows = rows.written_in(asked["language"])
    rows = rows.matching(asked.get("q", "").split())
    if asked.get("ordering") == RELEVANCE:
        rank = SearchRank(SearchVector(F("search_text"), config="simple"), SearchQuery(asked["q"], config="simple"))
        rows = rows.annotate(rank=Cast(rank, FloatField()))
    return rows


def _in_state(asked: Asked) -> DocumentQuerySet:
    rows = VerdictDocument.objects.all()
    if "status" in asked:
        return rows.filter(status=asked["status"])
    return rows if "updated_since" in asked else rows.listed()
