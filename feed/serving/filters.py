"""Which verdicts a list holds, and in which order: from parsed parameters to one keyset query."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.exceptions import APIException

from claims.choices import VerdictStatus
from claims.models import VerdictDocument
from claims.querysets import STANDING, DocumentQuerySet
from claims.rendering.search_words import MOST_WORDS
from claims.searching import CANDIDATES, SearchTakesTooLong
from feed.serving.paging import FROM_THE_BEGINNING, Column, Keyset, time_column
from feed.serving.parameters import (
    A_LANGUAGE,
    A_MOMENT,
    DEFAULT_PAGE_SIZE,
    LANGUAGE,
    MAX_LENGTH,
    MOMENT,
    PAGE_SIZE,
    PAGING,
    Asked,
    Parameter,
    language_tag,
    moment,
    one_of,
    short_text,
)
from feed.serving.problems import BadParameters

RELEVANCE = "relevance"


# Outside we name documents by public id, so that nobody counts our claims by key.
TIE = Column("public_id", "public_id")


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
                Column("rank", "rank", value=float, spell=repr),
                time_column("published_at"),
                TIE,
            ),
            descending=True,
        ),
    )
}
DEFAULT_ORDERING = "-published_at"

# Filters that are one comparison, and what they compare.
NAMES = (("rating", "rating_code"), ("claimant", "claimant_slug"))
TIMES = (
    ("published_after", "published_at__gte"),
    ("published_before", "published_at__lt"),
    ("updated_since", "updated_at__gte"),
)

_SLUG = f"a slug of at most {MAX_LENGTH} characters"

FILTERS = (
    Parameter(
        "q",
        # Any text: no schema could tell what is a word. Marks alone find nothing, as a name nobody has.
        short_text,
        f"words to look for, at most {MAX_LENGTH} characters",
        "Verdicts whose claim, headline, answer or claimant hold every one of these words, or a longer one that begins "
        "so: protest finds protesters, but protesters does not find protest. Numbers, and words of one or two letters, "
        'find themselves alone, however digits are grouped (10,000 is 10 000); words in "quotes" find themselves, side '
        "by side. Capitals, accents of Latin letters and ё do not matter. "
        f"The first {MOST_WORDS} words count, and marks alone find nothing.",
    ),
    Parameter("rating", short_text, "a rating's code, see /api/v1/ratings/", "Code of a rating, see /api/v1/ratings/."),
    Parameter("topic", short_text, _SLUG, "Slug of a topic, see /api/v1/topics/."),
    Parameter("claimant", short_text, _SLUG, "Slug of a claimant, see /api/v1/claimants/."),
    Parameter(
        "language",
        language_tag,
        LANGUAGE,
        "Language the verdict is written in; en also finds en-GB.",
        A_LANGUAGE,
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
        f"Without it: {DEFAULT_ORDERING}, newest first. relevance needs q, and puts the newest {CANDIDATES} matches in "
        "order: what lies beyond them is reached in the order of a time.",
        # No schema of one parameter can say "only with q"; the help does.
        {"type": "string", "enum": [name for name in ORDERINGS if name != RELEVANCE], "default": DEFAULT_ORDERING},
    ),
    *PAGING,
)


def keyset_of(asked: Asked) -> Keyset:
    ordering = asked.get("ordering", DEFAULT_ORDERING)
    if ordering == RELEVANCE and "q" not in asked:
        raise BadParameters({"ordering": ["relevance needs q: add the words to look for, or order by a time."]})
    return ORDERINGS[ordering]


def filtered(asked: Asked) -> DocumentQuerySet:
    """The documents asked for, unordered.

    With q only those that its page may hold: found beforehand, because words need a plan of their own. By relevance
    these are the candidates, with their `rank`. Raises SearchTooBroad.
    """
    rows = _narrowed(_in_state(asked), asked)
    return _searched(rows, asked) if "q" in asked else rows


def _in_state(asked: Asked) -> DocumentQuerySet:
    rows = VerdictDocument.objects.all()
    if "status" in asked:
        return rows.filter(status=asked["status"])
    return rows if "updated_since" in asked else rows.listed()


def _narrowed(rows: DocumentQuerySet, asked: Asked) -> DocumentQuerySet:
    simple = {lookup: asked[name] for name, lookup in (*NAMES, *TIMES) if name in asked}
    rows = rows.filter(**simple) if simple else rows
    if "topic" in asked:
        rows = rows.about(asked["topic"])
    return rows.written_in(asked["language"]) if "language" in asked else rows


def _searched(rows: DocumentQuerySet, asked: Asked) -> DocumentQuerySet:
    by_relevance = asked.get("ordering") == RELEVANCE
    keyset = ORDERINGS[DEFAULT_ORDERING] if by_relevance else keyset_of(asked)
    place = FROM_THE_BEGINNING if by_relevance else keyset.place_asked(asked)
    limit = CANDIDATES if by_relevance else asked.get(PAGE_SIZE.name, DEFAULT_PAGE_SIZE) + 1
    among = _in_state(asked).filter(**_bounds(asked, keyset)) if _has_index(keyset, asked) else None
    if place.values is not None:
        beyond = keyset.beyond(place.values, backward=place.backward)
        rows, among = rows.filter(beyond), None if among is None else among.filter(beyond)
    ordering = keyset.ordering(backward=place.backward)
    try:
        found = rows.first_matching(asked["q"], ordering, limit=limit, among=among)
    except SearchTakesTooLong:
        raise SearchTooBroad from None
    page = VerdictDocument.objects.filter(pk__in=found)
    return page.ranked(asked["q"]) if by_relevance else page


def _bounds(asked: Asked, keyset: Keyset) -> dict[str, Any]:
    """Conditions on the time that the list is ordered by: they say where in the index to look."""
    column = keyset.columns[0].name
    return {lookup: asked[name] for name, lookup in TIMES if name in asked and lookup.startswith(column)}


def _has_index(keyset: Keyset, asked: Asked) -> bool:
    """Is there an index of all documents in this state in this order? By publication only of those that stand."""
    if keyset.columns[0].name == "updated_at":
        return True
    return asked["status"] in STANDING if "status" in asked else "updated_since" not in asked


class SearchTooBroad(APIException):
    """503: a search was given up. It may pass at a quieter moment; with another word it will."""

    status_code = 503
    default_detail = "This search takes too long: add a word, or narrow it by rating, topic or time."
    headers: ClassVar[dict[str, str]] = {"Retry-After": "30"}
