"""How many results a filter would leave, counted among the newest: a million would take too long."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from claims.choices import VerdictStatus
from claims.models import VerdictDocument
from claims.querysets import DocumentQuerySet
from claims.searching import SearchTakesTooLong
from pages import lists
from pages.links import INTERFACE_LANGUAGES

# Results that are looked at. Few enough that the page costs the same however many there are.
COUNTED = 300
# Values shown of each filter; the menus have the rest.
MOST_VALUES = 8
COLUMNS = ("rating_code", "topic_slugs", "claimant_slug", "language")


@dataclass(frozen=True)
class Value:
    """One value of a filter with its address: choosing it, or, where it is chosen, giving it up again."""

    code: str
    name: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Facets:
    """By filter, the commonest first. `more`: there are further results that were not counted."""

    values: dict[str, list[Value]]
    more: bool


def facets(chosen: dict[str, str], names: dict[str, dict[str, str]]) -> Facets:
    """Of the results of these filters; `names` has what each filter's codes are called.

    Nothing while the words take too long.
    """
    rows = lists.filtered(chosen)
    try:
        rows = _matching(rows, chosen)
        newest = list(rows.order_by(*lists.NEWEST).values_list(*COLUMNS)[: COUNTED + 1])
    except SearchTakesTooLong:
        newest = []
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("rating", "topic", "claimant", "language")}
    for rating, topics, claimant, language in newest[:COUNTED]:
        counts["rating"][rating] += 1
        counts["topic"].update(topics)
        counts["claimant"][claimant] += 1
        counts["language"][language.partition("-")[0]] += 1
    names = {**names, "language": INTERFACE_LANGUAGES}
    values = {name: _values(name, counter, names.get(name, {}), chosen) for name, counter in counts.items()}
    return Facets({name: each for name, each in values.items() if each}, len(newest) > COUNTED)


def _matching(rows: DocumentQuerySet, chosen: dict[str, str]) -> DocumentQuerySet:
    if "q" not in chosen:
        return rows
    among = None if chosen.get("status") == VerdictStatus.RETRACTED else lists.in_state(chosen)
    matches: list[Any] = rows.first_matching(chosen["q"], lists.NEWEST, limit=COUNTED + 1, among=among)
    return VerdictDocument.objects.filter(pk__in=matches)


def _values(name: str, counter: Counter[str], names: dict[str, str], chosen: dict[str, str]) -> list[Value]:
    """Nothing to choose where all results are alike, unless that is what was chosen."""
    known = [(code, count) for code, count in counter.most_common() if code in names][:MOST_VALUES]
    if len(known) < 2 and name not in chosen:
        return []
    return [
        Value(
            code=code,
            name=names[code],
            count=count,
            query=_query(chosen, name, "" if chosen.get(name) == code else code),
            is_chosen=chosen.get(name) == code,
        )
        for code, count in known
    ]


def _query(chosen: dict[str, str], name: str, code: str) -> str:
    asked = {key: value for key, value in {**chosen, name: code}.items() if value}
    return f"?{urlencode(asked)}"
