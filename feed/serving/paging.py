"""Keyset pages: the last one costs what the first one costs, and inserts move nobody's place.

A cursor is a place between rows: the sort values of one row, and the direction in which to read from there.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.lookups import GreaterThan, LessThan, Lookup

from feed.serving.parameters import CURSOR, DEFAULT_PAGE_SIZE, PAGE_SIZE, moment
from feed.serving.problems import NoSuchPage

Row = dict[str, Any]

# Stands where a cursor will, and how it is spelled there: no parameter holds a NUL.
HERE, SPELLED_HERE = "\0", "%00"

_encode = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True)
class Column:
    """One sort column: what it is called in a row, how it is looked up, and how a cursor spells its values.

    `value` reads a cursor's text and raises ValueError for text no cursor has. `sample` is a text as one may have it.
    """

    name: str
    lookup: str
    value: Callable[[str], Any] = str
    spell: Callable[[Any], str] = str
    sample: str = "x"
    is_time: bool = False


def _spell_time(at: datetime | str) -> str:
    # PostgreSQL's own text of a time, where it was read as text.
    return (datetime.fromisoformat(at) if isinstance(at, str) else at).isoformat()


def time_column(name: str) -> Column:
    # Microseconds, as stored: times cut to milliseconds would repeat or skip rows.
    return Column(name, name, value=moment, spell=_spell_time, sample="2000-01-01T00:00:00+00:00", is_time=True)


@dataclass(frozen=True)
class Keyset:
    """A total order over rows: every column in one direction, the last one unique. `key` names it in cursors."""

    key: str
    columns: tuple[Column, ...]
    descending: bool = False

    def ordering(self, *, backward: bool) -> list[str]:
        sign = "-" if self.descending != backward else ""
        return [f"{sign}{column.lookup}" for column in self.columns]

    def beyond(self, place: Sequence[Any], *, backward: bool) -> Lookup[Any]:
        """Rows after (or before) the place. Compared as one ROW, which PostgreSQL looks up in an index as a whole."""
        compare = LessThan if self.descending != backward else GreaterThan
        return compare(_row(*(F(column.lookup) for column in self.columns)), _row(*map(Value, place)))

    def cursor(self, row: Row, *, backward: bool) -> str:
        place = [column.spell(row[column.name]) for column in self.columns]
        text = _encode([self.key, "previous" if backward else "next", *place])
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()

    def read_cursor(self, text: str) -> Place:
        """Raises NoSuchPage when the cursor is damaged or belongs to another ordering."""
        try:
            key, direction, *place = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if direction not in ("next", "previous") or not all(_is_text(value) for value in (key, *place)):
                raise ValueError
            if key == self.key:
                values = [column.value(value) for column, value in zip(self.columns, place, strict=True)]
                return Place(values, backward=direction == "previous")
        except (ValueError, TypeError, RecursionError):
            raise NoSuchPage({CURSOR.name: [f"Not usable: give {CURSOR.allowed}, or leave it out."]}) from None
        raise NoSuchPage({CURSOR.name: ["It was made under another ordering: start again without it."]})

    def place_asked(self, asked: dict[str, Any]) -> Place:
        """Where the request's page begins. Raises NoSuchPage."""
        return self.read_cursor(asked[CURSOR.name]) if CURSOR.name in asked else FROM_THE_BEGINNING

    def page_of(self, rows: QuerySet[Any, Any], place: Place, size: int) -> QuerySet[Any, Any]:
        """The page's rows and, when there are more, one of the next page."""
        if place.values is not None:
            rows = rows.filter(self.beyond(place.values, backward=place.backward))
        return rows.order_by(*self.ordering(backward=place.backward))[: size + 1]


@dataclass(frozen=True)
class Place:
    """Between which rows a page begins, as values of the sort columns (None: at the list's beginning), and whether it
    is read backward from there."""

    values: list[Any] | None
    backward: bool = False


FROM_THE_BEGINNING = Place(None)


def _row(*values: Any) -> Func:
    return Func(*values, function="ROW", output_field=TextField())


def _is_text(value: object) -> bool:
    return isinstance(value, str) and "\x00" not in value


@dataclass(frozen=True)
class Page:
    """`next` and `previous` are absolute addresses, or None where the list ends."""

    rows: list[Any]
    next: str | None
    previous: str | None

    def envelope(self, results: list[str]) -> str:
        """The page as JSON, around results that are JSON already."""
        return self.envelope_of_bytes([result.encode() for result in results]).decode()

    def envelope_of_bytes(self, results: list[bytes]) -> bytes:
        """The same in UTF-8, around results that are UTF-8 already: nothing is decoded on its way through."""
        links = f'],"next":{json.dumps(self.next)},"previous":{json.dumps(self.previous)}}}'
        # One join: each further copy of a page would cost as much as reading it from the database.
        commas = [b","] * (2 * len(results) - 1)
        commas[::2] = results
        return b"".join([b'{"results":[', *commas, links.encode()])

    @property
    def headers(self) -> dict[str, str]:
        """The links once more for clients that look for them in the header (RFC 8288)."""
        links = (("next", self.next), ("prev", self.previous))
        link = ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links if address)
        return {"Link": link} if link else {}


def read_page(
    rows: QuerySet[Any, Any], keyset: Keyset, asked: dict[str, Any], *, path: str, query: dict[str, str]
) -> Page:
    """One query. `query` is the request's own, kept in the links; `asked` is its parsed form."""
    size: int = asked.get(PAGE_SIZE.name, DEFAULT_PAGE_SIZE)
    place = keyset.place_asked(asked)
    found = list(keyset.page_of(rows, place, size))
    return turn(found, place, size, cursor_of=keyset.cursor, path=path, query=query)


def turn(
    found: list[Any], place: Place, size: int, *, cursor_of: Callable[..., str], path: str, query: dict[str, str]
) -> Page:
    """The page, and the links to those around it, from the rows found for Keyset.page_of()."""
    more, shown = len(found) > size, found[:size]
    if place.backward:
        shown.reverse()

    # A cursor has only letters that stand in an address as they are: the rest is spelled once for both links.
    before, after = page_url(path, query | {CURSOR.name: HERE}).split(SPELLED_HERE)

    def link(row: Any, *, to_previous: bool) -> str:
        return f"{before}{cursor_of(row, backward=to_previous)}{after}"

    if not shown:
        # Nothing on this side of the cursor: the other side begins where the list begins (or is empty as well).
        others = {name: value for name, value in query.items() if name != CURSOR.name}
        return Page([], next=page_url(path, others) if place.backward else None, previous=None)
    has_previous = more if place.backward else place.values is not None
    return Page(
        shown,
        next=link(shown[-1], to_previous=False) if more or place.backward else None,
        previous=link(shown[0], to_previous=True) if has_previous else None,
    )


def page_url(path: str, query: dict[str, str]) -> str:
    """Absolute, on SITE_URL whatever Host the request named, so that links are the same for every cache."""
    return f"{settings.SITE_URL}{path}{'?' if query else ''}{urlencode(sorted(query.items()))}"
