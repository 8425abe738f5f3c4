"""Does the desk open as quickly with 100,000 claims and 1,000,000 visits as with 1,000 and 10,000?

Two newsrooms in two databases, every list, its filters, its orders and its search, in turns. Times are those of the
whole answer, made in this process. Where one newsroom has fewer rows to show, both are asked for that many: a row
drawn costs the same everywhere, and is not what is asked here. It fails when a list asks more than 20 questions, counts
a whole table, or takes more than twice as long as in the small newsroom.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib import admin  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks import desk_rows  # noqa: E402
from benchmarks.tables import Findings, number, print_table, say  # noqa: E402
from claims.models import User  # noqa: E402

SMALL, LARGE = number("BENCH_DESK_SMALL", 1_000), number("BENCH_DESK_CLAIMS", 100_000)
ROUNDS = number("BENCH_DESK_ROUNDS", 3)
MOST_QUERIES, MOST_TIMES = 20, 2.0
# What is quicker than this in the large newsroom is quick, whatever the small one takes.
UNNOTICED_MS = 40.0
SMALL_DATABASE = "claimtrack_small"
# Cases whose name holds this; every one by default.
ONLY = os.environ.get("BENCH_DESK_ONLY", "")


@dataclass
class Case:
    """What is asked; `posted`: what a form sends; `page`: whose list it is; `rows`: as many as both newsrooms have."""

    address: str
    posted: dict[str, str] | None = None
    page: admin.ModelAdmin[Any] | None = None
    rows: int | None = None


def main() -> int:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    large_database = str(connection.settings_dict["NAME"])
    call_command("migrate", interactive=False, verbosity=0)
    _copy_database(large_database)
    databases = {SMALL_DATABASE: SMALL, large_database: LARGE}
    for name, count in databases.items():
        with _using(name):
            say(f"Filling {count} claims, {count * desk_rows.CHECKS_EACH} visits …")
            desk_rows.fill(count)
    with _using(large_database):
        cases = {name: case for name, case in _cases(_boss()) if ONLY in name}
    taken: dict[str, dict[str, Taken]] = {name: {case: Taken() for case in cases} for name in databases}
    for turn in range(ROUNDS + 1):
        say(f"Round {turn} of {ROUNDS} …")
        for name in databases:
            _measure(name, cases, taken[name], warming=not turn)
        if not turn:
            for name, case in cases.items():
                case.rows = min(taken[database][name].rows for database in databases)
    return _report(cases, taken[SMALL_DATABASE], taken[large_database])


def _report(cases: dict[str, Case], small: dict[str, Taken], large: dict[str, Taken]) -> int:
    findings, rows = Findings(), []
    for name, case in cases.items():
        before, after = small[name], large[name]
        ratio = after.ms / before.ms
        shown = case.rows if case.page else ""
        rows.append((name, shown, f"{before.ms:.0f}", f"{after.ms:.0f}", f"{ratio:.2f}", after.queries))
    head = ("page", "rows", f"ms at {SMALL}", f"ms at {LARGE}", "ratio", "queries")
    print_table(f"{SMALL} and {LARGE} claims", head, rows)
    for name in cases:
        before, after = small[name], large[name]
        ratio = after.ms / before.ms
        if ratio > MOST_TIMES and after.ms > UNNOTICED_MS:
            findings.expect(False, f"{name}: {ratio:.1f} times the small newsroom's {before.ms:.0f} ms")
        if after.queries > MOST_QUERIES:
            findings.expect(False, f"{name}: {after.queries} queries")
        if after.counts:
            findings.expect(False, f"{name}: counts a whole table: {after.counts[0]}")
    findings.expect(
        findings.status == 0, f"all {len(cases)} pages: at most {MOST_QUERIES} queries and {MOST_TIMES} times"
    )
    return findings.status


class Taken:
    """What one page took at its best, for others use the processors too, and what it asked."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.asked: list[str] = []
        self.rows = 0

    @property
    def ms(self) -> float:
        return min(self.times)

    @property
    def queries(self) -> int:
        return len(self.asked)

    @property
    def counts(self) -> list[str]:
        return [sql for sql in self.asked if is_full_count(sql)]


def is_full_count(sql: str) -> bool:
    """Counts a table without anything that narrows it."""
    return "COUNT(*)" in sql and " WHERE " not in sql and " LIMIT " not in sql


def _boss() -> User:
    return User.objects.get(is_superuser=True)


def _cases(boss: User) -> Iterator[tuple[str, Case]]:
    """Name and address of every page that is measured."""
    yield "front page", Case(reverse("admin:index"))
    request = RequestFactory().get("/")
    request.user = boss
    for model, page in sorted(admin.site._registry.items(), key=lambda item: item[0]._meta.label):
        label = model._meta.label
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        yield label, Case(address, page=page)
        yield f"{label}, page 10", Case(f"{address}?p=10", page=page)
        for asked in asked_of(page, request):
            yield f"{label} ?{asked}", Case(f"{address}?{asked}", page=page)
        if page.get_search_fields(request):
            for word in (desk_rows.ONCE, desk_rows.RARE, desk_rows.TENTH, desk_rows.EVERYWHERE, "nowhere"):
                yield f"{label} ?q={word}", Case(f"{address}?q={word}", page=page)
    for field, term in (("claimant", "claimant 77"), ("claimant", "word12"), ("topics", "topic 2")):
        chosen = {"app_label": "claims", "model_name": "claim", "field_name": field, "term": term}
        yield f"autocomplete {field}: {term}", Case(f"{reverse('admin:autocomplete')}?{urlencode(chosen)}")
    for kind, text in desk_rows.TYPED.items():
        posted = {"text": text, "language": "en"}
        yield f"similar claims while typing: {kind}", Case(reverse("desk:log_text"), posted)


def asked_of(page: admin.ModelAdmin[django.db.models.Model], request: object) -> list[str]:
    """Query strings that use each filter of a list once, by its first choice that narrows, and each order once."""
    changelist = page.get_changelist_instance(request)  # type: ignore[arg-type]
    filters: list[str] = []
    for one in changelist.filter_specs:
        choices = [str(choice["query_string"]) for choice in one.choices(changelist) if not choice.get("selected")]
        filters += [choice.lstrip("?") for choice in choices[:2] if choice.lstrip("?")]
    sorts = list(changelist.sortable_by or ())
    orders = [f"o={place}" for place, name in enumerate(changelist.list_display) if name in sorts]
    return [*dict.fromkeys(filters), *orders]


def _measure(database: str, cases: dict[str, Case], taken: dict[str, Taken], *, warming: bool) -> None:
    """One round over every page; the first warms up, and notes what is asked and how many rows there are."""
    with _using(database):
        client = Client(SERVER_NAME="localhost")
        client.force_login(_boss())
        client.get(reverse("admin:index"))
        for name, case in cases.items():
            with _rows_of(case), CaptureQueriesContext(connection) if warming else nullcontext() as queries:
                began = time.perf_counter()
                response: Any = (
                    client.get(case.address) if case.posted is None else client.post(case.address, case.posted)
                )
                passed = (time.perf_counter() - began) * 1000
            assert response.status_code == 200, (case.address, response.status_code)
            if warming:
                taken[name].asked = [query["sql"] for query in queries.captured_queries] if queries else []
                taken[name].rows = _rows_shown(response)
            else:
                taken[name].times.append(passed)


def _rows_shown(response: Any) -> int:
    """Of a list; 0 for any other page."""
    shown = (getattr(response, "context_data", None) or {}).get("cl")
    return len(shown.result_list) if shown else 0


@contextmanager
def _rows_of(case: Case) -> Iterator[None]:
    """Inside, its list shows as many rows as both newsrooms have, once that is known; page 10 stays where it is."""
    if case.page is None or case.rows is None or "p=10" in case.address:
        yield
        return
    before = case.page.list_per_page
    setattr(case.page, "list_per_page", min(max(case.rows, 1), before))  # noqa: B010
    yield
    setattr(case.page, "list_per_page", before)  # noqa: B010


@contextmanager
def _using(name: str) -> Iterator[None]:
    """Speak to this database inside."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    yield
    connection.close()
    connection.settings_dict["NAME"] = before


def _copy_database(name: str) -> None:
    with _using("postgres"), connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {SMALL_DATABASE} TEMPLATE {name}")


if __name__ == "__main__":
    sys.exit(main())
