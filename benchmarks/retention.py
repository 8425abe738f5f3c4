"""How large is a year of 1,000,000 sources? Visits by the real schedule are made up, stored, rolled up and weighed."""

from __future__ import annotations

import io
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks import source_rows  # noqa: E402
from sources.choices import Availability  # noqa: E402
from sources.schedule import next_visit  # noqa: E402
from sources.services import roll_up_checks  # noqa: E402

SOURCES = int(os.environ.get("BENCH_SOURCES", "20000"))
SCALED_TO = 1_000_000
# Assumed of an average source, and printed with the result.
CHANGES_A_YEAR = 2.0
FAILED_VISITS = 0.01
ANSWERS_304 = 0.5
TEXT_CHARACTERS = 6_000
VISITS = "sources_sourcecheck"
YEAR = timedelta(days=365)
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
PER_COPY = 1_000
GIB = 1024**3
TABLES = ("sources_source", "sources_sourcecheck", "sources_checksummary", "sources_snapshot", "sources_sourcechange")
URL = "https://www.regional-news-site.example/society/2025/{:02d}/{:07d}-a-headline-of-usual-length.html"
WORDS = [
    f"{a}{b}" for a in ("po", "li", "ce", "Мем", "ле", "ket", "crowd", "Сот", "year", "ni") for b in "aeiouklmnprst"
]

Row = list[Any]


def main() -> int:
    source_rows.prepare()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE UNLOGGED TABLE visited AS SELECT {COLUMNS[VISITS]} FROM {VISITS} WHERE false")
    random.seed(4)
    print(f"Storing a year of visits to {SOURCES:,} sources …", file=sys.stderr)
    visits = sum(_store(range(start, min(start + PER_COPY, SOURCES))) for start in range(0, SOURCES, PER_COPY))
    _in_order()
    before = _sizes()
    print(f"Rolling up {visits:,} visits …", file=sys.stderr)
    began = time.perf_counter()
    gone = 0
    while found := roll_up_checks(before=BEGIN + YEAR - settings.KEEP_CHECKS, limit=100_000):
        gone += found
    seconds = time.perf_counter() - began
    _print(visits, gone, seconds, before, _sizes())
    return 0


def _store(numbers: range) -> int:
    """One year of these sources, by COPY; returns the number of visits."""
    rows: dict[str, list[Row]] = {table: [] for table in TABLES}
    for number in numbers:
        for table, row in _a_year(number + 1):
            rows[table].append(row)
    with connection.cursor() as cursor:
        for table, columns in COLUMNS.items():
            text = "".join("\t".join(_cell(cell) for cell in row) + "\n" for row in rows[table])
            target = "visited" if table == VISITS else table
            cursor.copy_expert(f"COPY {target} ({columns}) FROM STDIN", io.StringIO(text))
    return len(rows[VISITS])


def _in_order() -> None:
    """Visits are written as they are made: one source after the other's, not one source's year after the other's."""
    columns = COLUMNS[VISITS]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {VISITS} ({columns}) SELECT {columns} FROM visited ORDER BY at")
        cursor.execute("DROP TABLE visited")


COLUMNS = {
    "sources_source": "id, public_id, url, canonical_url, host, title, publisher, language, pinned, pinned_reason, "
    "is_demo, availability, availability_since, last_checked_at, last_ok_at, next_check_at, counted_failures, "
    "unchanged_visits, retries, etag, last_modified, pending_raw_sha256, pending_text_sha256, created_at",
    "sources_snapshot": "id, public_id, source_id, taken_at, final_url, raw_sha256, storage_key, media_type, size, "
    "truncated, title, language, text, text_sha256, extractor, extractor_version",
    "sources_sourcecheck": "source_id, at, outcome, counted, http_status, final_url, hops, peer_address, headers, "
    "duration_ms, size, raw_sha256, text_sha256, extractor, extractor_version, snapshot_id, error",
    "sources_sourcechange": "source_id, at, kind, before, after, snapshot_after_id, processed_at",
}


def _a_year(number: int) -> Iterator[tuple[str, Row]]:
    """Rows of one source, each with its table: registered at some moment of a day, visited by the schedule since."""
    url = URL.format(number % 12 + 1, number)
    at = BEGIN + timedelta(seconds=random.uniform(0, 86_400))
    title = "A headline of the usual length about what was said in the council"
    yield "sources_source", [
        number, f"{number:012d}", url, url, "www.regional-news-site.example", title, "Regional news", "en", False, "",
        False, "live", at, at, at, at, 0, 50, 0, '"5f3a-61b2c3d4e5f60"', "Wed, 01 Jan 2025 10:00:00 GMT", "", "", at,
    ]  # fmt: skip
    changes = sorted(at + YEAR * random.random() for _ in range(_how_often(CHANGES_A_YEAR)))
    conditional = random.random() < ANSWERS_304
    version, unchanged, pending, text = 0, 0, False, ""
    while at < BEGIN + YEAR:
        failed, confirmed = random.random() < FAILED_VISITS and version > 0 and not pending, False
        if not failed and (version == 0 or (changes and changes[0] <= at)):
            if version == 0 or pending:
                version, text, pending, confirmed = version + 1, _digest(), False, True
                changes = changes[1:] if version > 1 else changes
                yield from _version(number, version, at, url, title, text)
            else:
                pending = True
        outcome = "read_timeout" if failed else "ok" if confirmed or pending or not conditional else "not_modified"
        yield "sources_sourcecheck", _check(number, at, outcome, url, text, _snapshot_id(number, version), pending)
        unchanged = 0 if confirmed else unchanged + (not failed)
        at = (
            at + timedelta(minutes=11)
            if pending
            else next_visit(
                "daily" if failed else "scheduled", Availability.LIVE, at, intervals=settings.RECHECK_INTERVALS,
                unchanged_visits=unchanged, retries=0,
            )
        )  # fmt: skip


def _how_often(mean: float) -> int:
    """A Poisson draw: changes come one by one, at no particular time."""
    count, chance = 0, random.expovariate(1)
    while chance < mean:
        count, chance = count + 1, chance + random.expovariate(1)
    return count


def _version(number: int, version: int, at: datetime, url: str, title: str, text: str) -> Iterator[tuple[str, Row]]:
    raw, pk = _digest(), _snapshot_id(number, version)
    words = " ".join(random.choices(WORDS, k=TEXT_CHARACTERS // 5))
    yield "sources_snapshot", [
        pk, f"{pk:012d}", number, at, url, raw, f"{raw[:2]}/{raw[2:4]}/{raw}.warc.gz", "text/html", 80_000, False,
        title, "en", words, text, "visible-text", "1",
    ]  # fmt: skip
    kind = "captured" if version == 1 else "content"
    yield "sources_sourcechange", [number, at, kind, "", "", pk, at]


def _check(number: int, at: datetime, outcome: str, url: str, text: str, snapshot_id: int, pending: bool) -> Row:
    headers = {
        "date": "Wed, 01 Jan 2025 10:00:00 GMT", "server": "nginx", "etag": '"5f3a-61b2c3d4e5f60"',
        "cache-control": "public, max-age=300", "last-modified": "Wed, 01 Jan 2025 09:00:00 GMT",
    }  # fmt: skip
    if outcome == "ok":
        headers |= {"content-type": "text/html; charset=utf-8", "content-encoding": "gzip"}
        return [
            number, at, outcome, False, 200, url, "[]", "203.0.113.7", json.dumps(headers), 340, 80_000, _digest(),
            _digest() if pending else text, "visible-text", "1", None if pending else snapshot_id, "",
        ]  # fmt: skip
    if outcome == "not_modified":
        tail = [304, url, "[]", "203.0.113.7", json.dumps(headers), 60, 0, "", "", "", "", None, ""]
    else:
        tail = [None, url, "[]", None, "{}", 20_000, 0, "", "", "", "", None, "no answer within 20 seconds"]
    return [number, at, outcome, False, *tail]


def _snapshot_id(number: int, version: int) -> int:
    return number * 100 + version


def _digest() -> str:
    return f"{random.getrandbits(256):064x}"


def _cell(value: Any) -> str:
    return "\\N" if value is None else str(value).replace("\\", "\\\\")


def _sizes() -> dict[str, tuple[int, int]]:
    """Rows, and bytes with indexes and long texts, of each table written anew: what was deleted weighs nothing."""
    with connection.cursor() as cursor:
        sizes = {}
        for table in TABLES:
            cursor.execute(f"CREATE TABLE weighed (LIKE {table} INCLUDING ALL)")
            cursor.execute(f"INSERT INTO weighed SELECT * FROM {table}")
            cursor.execute("SELECT count(*), pg_total_relation_size('weighed') FROM weighed")
            sizes[table] = cursor.fetchone()
            cursor.execute("DROP TABLE weighed")
    return sizes


def _print(visits: int, gone: int, seconds: float, before: Any, after: Any) -> None:
    print(
        f"{SOURCES:,} sources, {visits / SOURCES:.1f} visits each in a year: schedule {_schedule()}, "
        f"{CHANGES_A_YEAR:g} changes a year, {FAILED_VISITS:.0%} of visits fail, "
        f"{ANSWERS_304:.0%} of sites answer 304, {TEXT_CHARACTERS:,} characters of text. "
        f"Visits are kept {settings.KEEP_CHECKS.days} days."
    )
    print(f"Rolled up {gone:,} of {visits:,} visits in {seconds:.0f} s: {gone / seconds:,.0f} a second.\n")
    print("| table | bytes a row | rows a source | GiB a year | rows a source, rolled up | GiB a year, rolled up |")
    print("|---|---|---|---|---|---|")
    total: Counter[str] = Counter()
    for table in TABLES:
        (rows, size), (rows_after, size_after) = before[table], after[table]
        width = size_after / rows_after if rows_after else 0
        total.update(before=size, after=size_after)
        print(f"| {table.removeprefix('sources_')} | {width:,.0f} | {rows / SOURCES:.1f} | {_gib(size)} "
              f"| {rows_after / SOURCES:.1f} | {_gib(size_after)} |")  # fmt: skip
    print(f"| together | | | {_gib(total['before'])} | | {_gib(total['after'])} |")
    texts = after["sources_snapshot"][1]
    print(f"\nof {SCALED_TO:,} sources. Without the versions' texts: {_gib(total['before'] - texts)} and, rolled up, "
          f"{_gib(total['after'] - texts)} GiB.")  # fmt: skip


def _schedule() -> str:
    return ", ".join(f"{step.total_seconds() / 3600:g} h" for step in settings.RECHECK_INTERVALS)


def _gib(size: int) -> str:
    return f"{size / SOURCES * SCALED_TO / GIB:.1f}"


if __name__ == "__main__":
    sys.exit(main())
