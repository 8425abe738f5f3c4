"""Pages of stored documents, read as quickly as PostgreSQL hands them out.

Django takes longer to write such a query than PostgreSQL to answer it. Which query it is follows from the filters, the
order and the page size alone, so each is written once, by the ORM, and kept; only the place it begins at changes. The
documents pass through as bytes, from PostgreSQL to the client, because they are in UTF-8 at both ends.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from psycopg2.extensions import BYTES, register_type

from feed.serving.filters import filtered, keyset_of
from feed.serving.paging import Column, Page, Place, turn
from feed.serving.parameters import CURSOR, DEFAULT_PAGE_SIZE, PAGE_SIZE, Asked
from feed.serving.prepared import run
from feed.serving.state import COUNTER, HEAD, state_of

# Texts to look for differ from request to request; what they cost is the search, not the writing of the query.
NEVER_KEPT = "q"
# Statements a process keeps, 2 kB each: every filter the newsroom's pages link to, in every order.
MOST_KEPT = 512

Statement = tuple[str, tuple[Any, ...]]


def read_stored(asked: Asked, *, path: str, query: dict[str, str]) -> tuple[str | None, list[bytes], Page]:
    """The public state, the page's documents, and the page (for its links), all of the very same moment.

    One statement. The state comes with the rows, so it is None when there are none; and when texts are looked for,
    because which rows may match was found out before.
    """
    keyset = keyset_of(asked)
    place = keyset.place_asked(asked)
    size: int = asked.get(PAGE_SIZE.name, DEFAULT_PAGE_SIZE)
    found = _fetch(asked, place, size)

    def cursor_of(row: tuple[Any, ...], *, backward: bool) -> str:
        values = (value.decode() if isinstance(value, bytes) else value for value in row[3:])
        names = (column.name for column in keyset.columns)
        return keyset.cursor(dict(zip(names, values, strict=True)), backward=backward)

    page = turn(found, place, size, cursor_of=cursor_of, path=path, query=query)
    state = state_of(*found[0][:2]) if found and NEVER_KEPT not in asked else None
    return state, [row[2] for row in page.rows], page


def _fetch(asked: Asked, place: Place, size: int) -> list[tuple[Any, ...]]:
    """Rows of counter, head, body and the sort columns, texts as bytes."""
    with connection.cursor() as cursor:
        register_type(BYTES, cursor.cursor)
        if NEVER_KEPT in asked:
            try:
                cursor.execute(*_written(asked, place, size))
            except EmptyResultSet:  # no row can hold such words
                return []
        else:
            filters = ((name, value) for name, value in asked.items() if name not in (CURSOR.name, PAGE_SIZE.name))
            sql, fixed = _kept(tuple(sorted(filters)), place.values is not None, place.backward, size)
            run(cursor, sql, fixed, tuple(place.values or ()))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@lru_cache(maxsize=MOST_KEPT)
def _kept(filters: tuple[tuple[str, Any], ...], placed: bool, backward: bool, size: int) -> Statement:
    """The statement without the values of its place, which are its last parameters."""
    asked = dict(filters)
    values = [column.value(column.sample) for column in keyset_of(asked).columns] if placed else []
    sql, parameters = _written(asked, Place(values if placed else None, backward), size)
    others = len(parameters) - len(values)
    assert list(parameters[others:]) == values, "a place is compared with in the last condition"
    return sql, parameters[:others]


def _written(asked: Asked, place: Place, size: int) -> Statement:
    """Raises EmptyResultSet when no row can match."""
    keyset = keyset_of(asked)
    state = {"state_counter": RawSQL(COUNTER, ()), "state_head": RawSQL(HEAD, ())}
    rows = filtered(asked).annotate(**state)
    columns = [_read(column) for column in keyset.columns]
    page = keyset.page_of(rows.values_list("state_counter", "state_head", "body", *columns), place, size)
    sql, parameters = page.query.sql_with_params()
    return sql, tuple(parameters)


def _read(column: Column) -> Any:
    # Times as text: of a page's, only the first and the last are looked at, and Python would make objects of all.
    return Cast(F(column.name), TextField()) if column.is_time else F(column.name)
