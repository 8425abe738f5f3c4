"""Statements that PostgreSQL reads and plans once for each connection: to plan such a one takes as long as to run it.

A pooler that gives every transaction another connection knows nothing of what was prepared on the last one. The first
error that says so turns preparing off for this process.
"""

from __future__ import annotations

import hashlib
import logging
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from psycopg2 import errors

logger = logging.getLogger(__name__)

# A connection keeps some 60 kB for each. What goes beyond is sent as it is.
MOST = 64
# Not there after all; there already; or made before a migration changed what it reads.
STALE = (errors.InvalidSqlStatementName, errors.DuplicatePreparedStatement, errors.FeatureNotSupported)

# The names that each of psycopg2's connections knows. One of a new connection is none of the old one's.
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
_off: list[bool] = []


def run(cursor: Any, sql: str, fixed: tuple[Any, ...] = (), values: tuple[Any, ...] = ()) -> None:
    """As cursor.execute(sql, (*fixed, *values)): `fixed` belongs to the statement, `values` differ each time."""
    database = cursor.cursor.connection
    name = _name(sql, fixed)
    known = _known.get(database)
    if known is None:
        # Or PostgreSQL plans anew each time after all, wherever it guesses that the values might matter.
        _quietly(cursor, "SET plan_cache_mode = force_generic_plan")
        known = _known[database] = set()
    if _off or (name not in known and len(known) >= MOST):
        cursor.execute(sql, (*fixed, *values))
        return
    try:
        if name not in known:
            _quietly(cursor, f"PREPARE {name} AS {_numbered(sql, len(values))}", fixed)
            known.add(name)
        cursor.execute(f"EXECUTE {name}{_placeholders(len(values))}", values or None)
    except DatabaseError as error:
        if not isinstance(error.__cause__, STALE) or connection.in_atomic_block:
            raise
        _off.append(True)
        logger.warning("Statements are sent whole from now on: %s", str(error).strip())
        cursor.execute(sql, (*fixed, *values))


def one_row(sql: str) -> tuple[Any, ...]:
    """The row of a statement without values that a process runs for every request, many thousand times a minute.

    Django's cursor takes half as long again as the answer of PostgreSQL. It is gone round when nobody counts or logs
    queries and the statement is known to the connection.
    """
    django = connections[DEFAULT_DB_ALIAS]  # `connection` looks it up at every mention
    database, name = django.connection, _name(sql, ())
    if django.queries_logged or django.execute_wrappers or database is None or name not in _known.get(database, ()):
        with connection.cursor() as cursor:
            run(cursor, sql)
            row: tuple[Any, ...] = cursor.fetchone()
        return row
    with django.wrap_database_errors:
        cursor = database.cursor()
        cursor.execute(f"EXECUTE {name}")
        row = cursor.fetchone()
    return row


def _quietly(cursor: Any, sql: str, parameters: tuple[Any, ...] = ()) -> None:
    """Past Django's own cursor: this is no query of the request's, so none that is counted or logged as one."""
    with connection.wrap_database_errors:
        cursor.cursor.execute(sql, parameters)


@lru_cache(maxsize=1024)
def _name(sql: str, fixed: tuple[Any, ...]) -> str:
    return f"feed_{hashlib.sha256(repr((sql, fixed)).encode()).hexdigest()[:24]}"


def _numbered(sql: str, count: int) -> str:
    """With $1, $2 … in place of its last `count` placeholders."""
    *parts, last = sql.rsplit("%s", count) if count else [sql]
    return "".join(f"{part}${number}" for number, part in enumerate(parts, start=1)) + last


def _placeholders(count: int) -> str:
    return f" ({', '.join(['%s'] * count)})" if count else ""
