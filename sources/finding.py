"""Finding rows of the desk's lists by their words, from expressions that indexes hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import F, Func, Model, QuerySet, Value

# Of the rows that hold the words, the first so many are found: nobody turns twenty pages.
MOST_FOUND = 1000
# Of one search, and letters from which on a word stands for all that begin with it.
MOST_WORDS, SHORTEST_BEGINNING = 8, 3
_WORD = re.compile(r"[^\W_]+")


def is_id(value: Any) -> bool:
    """A key the database could hold. Longer ones are not even read: Python refuses numbers of thousands of digits."""
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) <= 19 and int(text) < 2**63


def words_of(*columns: str, addresses: Sequence[str] = ()) -> SearchVector:
    """What a row is found by, for an index and for holding(); of addresses each part is a word."""
    parts = (
        Func(F(name), Value("[^a-zA-Z0-9]+"), Value(" "), Value("g"), function="regexp_replace") for name in addresses
    )
    return SearchVector(*columns, *parts, config="simple")


def holding(rows: QuerySet[Any], words: SearchVector, text: str) -> QuerySet[Any]:
    """Rows that hold every word of the text, or a longer one that begins so; none when it has no word."""
    query = _query(text)
    return rows.annotate(found_by=words).filter(found_by=query) if query else rows.none()


def _query(text: str) -> SearchQuery | None:
    words = list(dict.fromkeys(_WORD.findall(text.casefold())))[:MOST_WORDS]
    if not words:
        return None
    terms = (f"'{word}':*" if len(word) >= SHORTEST_BEGINNING else f"'{word}'" for word in words)
    return SearchQuery(" & ".join(terms), config="simple", search_type="raw")


def first_keys(rows: QuerySet[Any], order: Sequence[str]) -> list[Any]:
    """Keys of the first MOST_FOUND rows in this order."""
    return list(rows.order_by(*order).values_list("pk", flat=True)[:MOST_FOUND])


def values_of(model: type[Model], column: str, *, most: int) -> list[str]:
    """The first values of a column, from the index that begins with it: one look for each value, not for each row."""
    table, name = model._meta.db_table, connection.ops.quote_name(column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE known AS ("
            f" (SELECT {name} AS value FROM {table} ORDER BY {name} LIMIT 1)"
            f" UNION ALL"
            f" SELECT (SELECT {name} FROM {table} WHERE {name} > known.value ORDER BY {name} LIMIT 1)"
            f" FROM known WHERE known.value IS NOT NULL"
            f") SELECT value FROM known WHERE value IS NOT NULL LIMIT %s",
            [most],
        )
        return [value for (value,) in cursor.fetchall()]
