"""Keyset pages: the last one costs what the first one costs, and inserts move nobody's place.

A cursor is a place between rows: the sort values of one row, and the direction in which to read from there.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Expression, F, Func, QuerySet, TextField, Value
from django.db.models.lookups import GreaterThan, LessThan, Lookup

from feed.parameters import CURSOR, DEFAULT_PAGE_SIZE, PAGE_SIZE, moment
from feed.problems import BadParameters

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One sort column: what it is called in a row, how it is looked up, and how a cursor spells its values.

    `parse` turns a cursor's text into an expression to compare with and raises ValueError for text no cursor has.
    """

    name: str
    lookup: str
    parse: Callable[[str], Any] = Value
    spell: Callable[[Any], str] = str


def time_column(name: str) -> Column:
    # Microseconds, as stored: times cut to milliseconds would repeat or skip rows.
    return Column(name, name, parse=lambda text: Value(moment(text)), spell=datetime.isoformat)


@dataclass(frozen=True)
class Keyset:
    """A total order over rows: every column in one direction, the last one unique. `key` names it in cursors."""

    key: str
    columns: tuple[Column, ...]
    descending: bool = False

    def ordering(self, *, backward: bool) -> list[str]:
        sign = "-" if self.descending != backward else ""
        return [f"{sign}{column.lookup}" for column in self.columns]

    def beyond(self, place: list[Expression], *, backward: bool) -> Lookup[Any]:
        """Rows after (or before) the place. Compared as one ROW, which PostgreSQL looks up in an index as a whole."""
        compare = LessThan if self.descending != backward else GreaterThan
        return compare(_row(*(F(column.lookup) for column in self.columns)), _row(*place))

    def cursor(self, row: Row, *, backward: bool) -> str:
        place = [column.spell(row[column.name]) for column in self.columns]
        text = json.dumps([self.key, "previous" if backward else "next", *place], ensure_ascii=False)
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()

    def read_cursor(self, text: str) -> tuple[list[Expression], bool]:
        """The place, and whether to read backward from it.

        Raises BadParameters when the cursor is damaged or belongs to another ordering.
        """
        try:
            key, direction, *place = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if direction not in ("next", "previous") or not all(_is_text(value) for value in (key, *place)):
                raise ValueError
            if key == self.key:
                values = [column.parse(value) for column, value in zip(self.columns, place, strict=True)]
                return values, direction == "previous"
        except (ValueError, TypeError, RecursionError):
            raise BadParameters({CURSOR.name: [f"Not usable: give {CURSOR.allowed}, or leave it out."]}) from None
        raise BadParameters({CURSOR.name: ["It was made under another ordering: start again without it."]})


def _row(*values: Any) -> Func:
    return Func(*values, function="ROW", output_field=TextField())


def _is_text(value: object) -> bool:
    return isinstance(value, str) and "\x00" not in value


@dataclass(frozen=True)
class Page:
    """`next` and `previous` are absolute addresses, or None where the list ends."""

    rows: list[Row]
    next: str | None
    previous: str | None

    def envelope(self, results: list[str]) -> str:
        """The page as JSON, around results that are JSON already."""
        links = f'"next":{json.dumps(self.next)},"previous":{json.dumps(self.previous)}'
        # One join: each further copy of a page would cost as much as reading it from the database.
        commas = [","] * (2 * len(results) - 1)
        commas[::2] = results
        return "".join(['{"results":[', *commas, "],", links, "}"])


def read_page(
    rows: QuerySet[Any, Any], keyset: Keyset, asked: dict[str, Any], *, path: str, query: dict[str, str]
) -> Page:
    """One query. `query` is the request's own, kept in the links; `asked` is its parsed form."""
    size: int = asked.get(PAGE_SIZE.name, DEFAULT_PAGE_SIZE)
    backward = False
    if CURSOR.name in asked:
        place, backward = keyset.read_cursor(asked[CURSOR.name])
        rows = rows.filter(keyset.beyond(place, backward=backward))
    found = list(rows.order_by(*keyset.ordering(backward=backward))[: size + 1])
    more, shown = len(found) > size, found[:size]
    if backward:
        shown.reverse()

    def link(row: Row, *, to_previous: bool) -> str:
        return page_url(path, query | {CURSOR.name: keyset.cursor(row, backward=to_previous)})

    if not shown:
        # Nothing on this side of the cursor: the other side begins where the list begins (or is empty as well).
        others = {name: value for name, value in query.items() if name != CURSOR.name}
        return Page([], next=page_url(path, others) if backward else None, previous=None)
    return Page(
        shown,
        next=link(shown[-1], to_previous=False) if more or backward else None,
        previous=link(shown[0], to_previous=True) if (more if backward else CURSOR.name in asked) else None,
    )


def page_url(path: str, query: dict[str, str]) -> str:
    """Absolute, on SITE_URL whatever Host the request named, so that links are the same for every cache."""
    return f"{settings.SITE_URL}{path}{'?' if query else ''}{urlencode(sorted(query.items()))}"
