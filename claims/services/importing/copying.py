"""Many rows at once into one table: COPY into a staging table, merged by PostgreSQL in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.db import connection, models

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_IN_ARRAY = str.maketrans({"\\": "\\\\", '"': '\\"'})


def merge_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    unique: str,
    kept: Sequence[str] = (),
) -> None:
    """Insert the rows, or update those whose `unique` column is there already, but for its columns in `kept`.

    Values are str, int, None, dates and aware times, or lists of str. In the caller's transaction; a key may come
    only once.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    staging = connection.ops.quote_name(f"staging_{model._meta.db_table}")
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    updates = ", ".join(
        f"{name} = EXCLUDED.{name}"
        for name in (connection.ops.quote_name(column) for column in columns if column not in {unique, *kept})
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} ON COMMIT DELETE ROWS AS"
            f" SELECT {names} FROM {table} LIMIT 0"
        )
        cursor.execute(f"DELETE FROM {staging}")
        cursor.copy_expert(f"COPY {staging} ({names}) FROM STDIN", StringIO("".join(map(_line, rows))))
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM {staging} ORDER BY {connection.ops.quote_name(unique)}"
            f" ON CONFLICT ({connection.ops.quote_name(unique)}) DO UPDATE SET {updates}"
        )


def _line(row: Sequence[Any]) -> str:
    return "\t".join(map(_value, row)) + "\n"


def _value(value: Any) -> str:
    """As COPY's text format wants it (PostgreSQL, COPY, File Formats)."""
    if value is None:
        return "\\N"
    if isinstance(value, list):
        value = "{" + ",".join(f'"{text.translate(_IN_ARRAY)}"' for text in value) + "}"
    return str(value).translate(_ESCAPES)
