"""Sources in bulk, made by the database itself, and what their visits came to."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from django.core.management import call_command
from django.db import connection, models

from sources.choices import Availability
from sources.models import Source, SourceCheck

# Well past the end of any run.
PARKED = "interval '10 years'"


def prepare() -> None:
    """Tables, and the certainty that nobody's sources are in them: a benchmark has thousands of pages visited."""
    call_command("migrate", interactive=False, verbosity=0)
    if Source.objects.exists():
        sys.exit("This database holds sources. Benchmarks need an empty one of their own: run script/bench.")


# What claiming reads and writes.
CLAIMED_TABLES = ("sources_source", "sources_hostturn")


def make_schema(name: str) -> None:
    """Empty tables of sources and hosts' turns beside the usual ones: same columns, indexes and storage."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {name}")
        for table in CLAIMED_TABLES:
            cursor.execute(f"CREATE TABLE {name}.{table} (LIKE public.{table} INCLUDING ALL)")
            cursor.execute("SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE oid = %s::regclass", [table])
            if options := cursor.fetchone()[0]:
                cursor.execute(f"ALTER TABLE {name}.{table} SET ({options})")


def use_schema(name: str) -> None:
    """Have this connection meet the tables of a schema made here, or the usual ones (`public`)."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path TO {name}, public")


def fill(count: int, *, hosts: int, port: int, kind: str, first_host: int = 0) -> None:
    """`count` live sources, pages 0 to count-1 of a kind, dealt out to `hosts` hosts in turn, due now. No network."""
    # The n-th host, as `workers.host` has it.
    host = f"host(inet '127.1.0.0' + {first_host} + (n % {hosts}))"
    url = f"'http://' || {host} || ':{port}/{kind}/' || n"
    expressions = {
        "public_id": f"left(md5({url}), 16)",
        "url": url,
        "canonical_url": url,
        "host": host,
        "next_check_at": "now()",
        "availability": f"'{Availability.LIVE}'",
    }
    columns = [column for column in Source._meta.concrete_fields if not column.primary_key]
    values, parameters = [], []
    for column in columns:
        assert column.column
        if column.name in expressions:
            values.append(expressions[column.name])
        else:
            values.append("%s")
            parameters.append(_default(column))
    names = ", ".join(str(column.column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO sources_source ({names}) SELECT {', '.join(_escaped(values))}"
            f" FROM generate_series(0, {count - 1}) AS n",
            parameters,
        )


def _escaped(expressions: Iterable[str]) -> list[str]:
    return [text if text == "%s" else text.replace("%", "%%") for text in expressions]


def _default(column: models.Field[Any, Any]) -> Any:
    return column.get_db_prep_save(column.get_default(), connection)


def tidy() -> None:
    """As autovacuum leaves the tables; it would come in the middle of something otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def age(port: int, kind: str, *, due: str) -> None:
    """As after a first visit of every page of a kind: its host has had a turn, and its row was written once more.

    New rows stand close together and their hosts are unknown: that would make the first claims dearer than all later
    ones. `due`: when the next visit is, in SQL.
    """
    pages = f"http://%:{port}/{kind}/%"
    with connection.cursor() as cursor:
        when = due.replace("%", "%%")
        cursor.execute(f"UPDATE sources_source SET next_check_at = {when} WHERE canonical_url LIKE %s", [pages])
        cursor.execute(
            "INSERT INTO sources_hostturn (host) SELECT DISTINCT host FROM sources_source WHERE canonical_url LIKE %s"
            " ON CONFLICT DO NOTHING",
            [pages],
        )
    tidy()


def make_due(port: int, *kinds: str) -> int:
    """Have the pages of these kinds on this server visited again, no others; returns how many are due."""
    park()
    due = 0
    with connection.cursor() as cursor:
        for kind in kinds:
            cursor.execute(
                "UPDATE sources_source SET next_check_at = now() WHERE canonical_url LIKE %s",
                [f"http://%:{port}/{kind}/%"],
            )
            due += cursor.rowcount
    tidy()
    return due


def park() -> None:
    """Nothing is due any more or within a day, nor held by a worker."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE sources_source SET next_check_at = now() + {PARKED}, leased_until = NULL"
            " WHERE next_check_at <= now() + interval '1 day' OR leased_until IS NOT NULL"
        )


class Checks:
    """The checks written since this was made."""

    def __init__(self) -> None:
        self._after = SourceCheck.objects.aggregate(newest=models.Max("pk"))["newest"] or 0

    def outcomes(self, kind: str = "") -> dict[str, int]:
        """How many, by outcome; of one kind of page or of all."""
        part = f"/{kind}/" if kind else ""
        rows = SourceCheck.objects.filter(pk__gt=self._after, source__canonical_url__contains=part)
        return dict(rows.order_by().values_list("outcome").annotate(count=models.Count("pk")))

    def by_host(self) -> dict[str, int]:
        """How many, by host."""
        rows = SourceCheck.objects.filter(pk__gt=self._after).order_by().values_list("source__host")
        return dict(rows.annotate(count=models.Count("pk")))
