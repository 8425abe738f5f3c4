"""Uneventful visits of months ago become counts; everything that happened stays for ever."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone
from pytest_django import Settings

from claimtrack.celery import app
from sources.choices import ChangeKind, Outcome
from sources.models import CheckSummary, RollUpPosition, Snapshot, Source, SourceChange, SourceCheck
from sources.services import register_source, roll_up_checks, rolling_up
from sources.states import FOUND
from tests.make import make_snapshot
from tests.sources_support.helpers import make_source, visit
from tests.sources_support.server import Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 10, tzinfo=timezone.get_fixed_timezone(0))
DAY = timedelta(days=1)
LATE = START + 400 * DAY


@pytest.fixture
def source() -> Source:
    return register_source("https://news.example/page", at=START)


def visits(source: Source, *outcomes: str, start: datetime = START, **fields: Any) -> list[SourceCheck]:
    """One visit a day."""
    return [
        SourceCheck.objects.create(source=source, at=start + number * DAY, outcome=outcome, **fields)
        for number, outcome in enumerate(outcomes)
    ]


def left(source: Source) -> list[int]:
    """Which days' visits are still there."""
    return [(check.at - START).days for check in source.checks.order_by("at", "pk")]


def summaries(source: Source) -> list[tuple[date, str, int]]:
    return list(source.check_summaries.order_by("month", "outcome").values_list("month", "outcome", "visits"))


def test_only_the_first_and_the_newest_of_a_row_of_equal_visits_stay(source: Source) -> None:
    visits(source, *["not_modified"] * 30)
    assert roll_up_checks(before=LATE) == 28
    assert left(source) == [0, 29]
    assert summaries(source) == [(date(2026, 1, 1), "not_modified", 21), (date(2026, 2, 1), "not_modified", 7)]
    january = source.check_summaries.get(month=date(2026, 1, 1))
    assert (january.first_at, january.last_at) == (START + DAY, START + 21 * DAY)


def test_a_second_run_finds_nothing_to_do(source: Source) -> None:
    visits(source, *["ok"] * 5)
    roll_up_checks(before=LATE)
    before = summaries(source)
    assert roll_up_checks(before=LATE) == 0
    RollUpPosition.objects.update(check_id=0)
    assert roll_up_checks(before=LATE) == 0
    assert summaries(source) == before


def test_looking_at_everything_anew_counts_on(source: Source) -> None:
    visits(source, *["ok"] * 5)
    assert roll_up_checks(before=LATE) == 3
    visits(source, *["ok"] * 3, start=START + 5 * DAY)
    assert roll_up_checks(before=LATE) == 2
    RollUpPosition.objects.all().delete()
    assert roll_up_checks(before=LATE) == 1  # the newest of the first run is in the middle by now
    assert (left(source), summaries(source)) == ([0, 7], [(date(2026, 1, 1), "ok", 6)])


def test_visits_younger_than_the_limit_stay_until_they_are_old_enough(source: Source, settings: Settings) -> None:
    settings.KEEP_CHECKS = timedelta(days=10)
    visits(source, *["ok"] * 8, start=timezone.now() - timedelta(days=13, hours=-1))
    assert roll_up_checks() == 2
    assert roll_up_checks() == 0
    assert source.checks.count() == 6


@pytest.mark.parametrize("outcome", sorted(set(Outcome.values) - FOUND))
def test_trouble_stays_however_often_it_repeats(source: Source, outcome: str) -> None:
    visits(source, *[outcome] * 4)
    assert roll_up_checks(before=LATE) == 0


@pytest.mark.parametrize("outcome", sorted(FOUND))
def test_every_fine_outcome_may_go_when_it_repeats(source: Source, outcome: str) -> None:
    visits(source, *[outcome] * 4)
    assert roll_up_checks(before=LATE) == 2


@pytest.mark.parametrize(
    "what",
    [
        {"outcome": "not_modified"},
        {"counted": True},
        {"error": "the page said something odd"},
        {"text_sha256": "b" * 64},
        {"final_url": "https://news.example/elsewhere"},
        {"hops": [{"url": "https://news.example/page", "status": 302}]},
    ],
)
def test_a_visit_that_differs_and_the_one_after_it_stay(source: Source, what: dict[str, Any]) -> None:
    visits(source, "ok", "ok")
    SourceCheck.objects.create(source=source, at=START + 2 * DAY, **({"outcome": "ok"} | what))
    visits(source, "ok", "ok", "ok", start=START + 3 * DAY)
    roll_up_checks(before=LATE)
    same_as_next = set(what) & {"counted", "error"}  # the visit after it looks like the ones before
    assert left(source) == ([0, 2, 5] if same_as_next else [0, 2, 3, 5])


def test_the_first_visit_to_each_version_stays(source: Source) -> None:
    def version(text: str, at: datetime) -> dict[str, Any]:
        snapshot = make_snapshot(source, text, at)
        return {"snapshot": snapshot, "text_sha256": snapshot.text_sha256}

    visits(source, "ok", "ok", "ok", **version("One.", START))
    visits(source, "ok", "ok", "ok", start=START + 3 * DAY, **version("Two.", START + 3 * DAY))
    roll_up_checks(before=LATE)
    assert left(source) == [0, 3, 5]
    assert all(snapshot.checks.exists() for snapshot in Snapshot.objects.all())


def test_the_first_visit_that_names_a_version_stays_whatever_came_before(source: Source) -> None:
    snapshot = make_snapshot(source, "One.", START - DAY)
    visits(source, "ok", "ok", text_sha256=snapshot.text_sha256)
    visits(source, "ok", "ok", "ok", start=START + 2 * DAY, text_sha256=snapshot.text_sha256, snapshot=snapshot)
    roll_up_checks(before=LATE)
    assert left(source) == [0, 2, 4]


def test_the_visit_that_made_a_capture_stays_even_if_it_says_the_same(source: Source) -> None:
    visits(source, *["ok"] * 5, text_sha256="a" * 64)
    make_snapshot(source, "Confirmed.", START + 2 * DAY)
    roll_up_checks(before=LATE)
    assert left(source) == [0, 2, 4]


def test_the_visit_at_which_a_change_was_recorded_stays(source: Source) -> None:
    visits(source, *["ok"] * 5)
    SourceChange.objects.create(
        source=source, at=START + 2 * DAY, kind=ChangeKind.AVAILABILITY, before="suspect", after="live"
    )
    roll_up_checks(before=LATE)
    assert left(source) == [0, 2, 4]


def test_real_visits_leave_what_happened_and_go_otherwise(web: Server) -> None:
    web["/page"] = page("One.")
    seen = make_source(web, at=START)
    for day in range(4):
        visit(seen, START + day * DAY)
    web["/page"] = page("Two.")
    for day in range(4, 9):
        visit(seen, START + day * DAY)
    web["/page"] = http(404, "gone fishing")
    visit(seen, START + 9 * DAY)
    web["/page"] = page("Two.")
    for day in range(10, 14):
        visit(seen, START + day * DAY)
    assert roll_up_checks(before=LATE) == 8
    # captured, first and second sight of the change, the failure, back again, the newest
    assert left(seen) == [0, 4, 5, 9, 10, 13]
    assert sum(count for _, _, count in summaries(seen)) == 8


def test_sources_do_not_count_as_each_other_s_past(source: Source) -> None:
    other = register_source("https://news.example/other", at=START)
    for number in range(3):
        for one in (source, other):
            visits(one, "ok", start=START + number * DAY)
    assert roll_up_checks(before=LATE) == 2
    assert left(source) == left(other) == [0, 2]


def test_a_limit_is_kept_and_the_next_run_goes_on(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolling_up, "BATCH", 4)
    visits(source, *["ok"] * 20)
    assert [roll_up_checks(before=LATE, limit=6) for _ in range(5)] == [5, 6, 6, 1, 0]
    assert left(source) == [0, 19]


def test_a_visit_dated_ahead_by_a_jumping_clock_holds_nothing_up(source: Source) -> None:
    visits(source, "ok", "ok", "ok")
    visits(source, "ok", start=START + 4000 * DAY)
    visits(source, "ok", "ok", "ok", start=START + 3 * DAY)
    assert roll_up_checks(before=LATE) == 5
    assert left(source) == [0, 4000]


@pytest.mark.django_db(transaction=True)
def test_a_killed_roll_up_has_done_nothing_or_all_of_its_batch(source: Source) -> None:
    visits(source, *["ok"] * 6)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        roll_up_checks(before=LATE)
        raise KeyboardInterrupt
    assert (source.checks.count(), CheckSummary.objects.count()) == (6, 0)
    assert roll_up_checks(before=LATE) == 4


@pytest.mark.django_db(transaction=True)
def test_two_roll_ups_at_once_count_nothing_twice(source: Source) -> None:
    visits(source, *["ok"] * 200)
    counts: list[int] = []

    def run() -> None:
        try:
            counts.append(roll_up_checks(before=LATE + 400 * DAY))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 198
    assert sum(visits for _, _, visits in summaries(source)) == 198


@pytest.mark.parametrize("fields", [{"outcome": "blocked"}, {"counted": True}, {"error": "no"}])
def test_the_database_keeps_eventful_visits_even_from_a_roll_up(source: Source, fields: dict[str, Any]) -> None:
    SourceCheck.objects.create(source=source, **({"outcome": "ok"} | fields))
    with pytest.raises(IntegrityError, match="DELETE refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL claimtrack.allow_roll_up = 'on'")
        cursor.execute("DELETE FROM sources_sourcecheck")


def test_the_database_lets_nobody_but_a_roll_up_delete_visits(source: Source) -> None:
    visits(source, "ok", "ok", "ok")
    with pytest.raises(IntegrityError, match="DELETE refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM sources_sourcecheck")
    roll_up_checks(before=LATE)
    with pytest.raises(IntegrityError, match="DELETE refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM sources_sourcecheck")  # the roll-up has locked up behind itself


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO sources_checksummary (source_id, month, outcome, visits, first_at, last_at) "
        "SELECT source_id, month, 'blocked', visits, first_at, last_at FROM sources_checksummary",
        "UPDATE sources_checksummary SET visits = 1000",
        "UPDATE sources_checksummary SET outcome = 'not_modified'",
        "DELETE FROM sources_checksummary",
    ],
)
def test_the_database_protects_summaries(source: Source, sql: str) -> None:
    visits(source, *["ok"] * 4)
    roll_up_checks(before=LATE)
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_summary_never_shrinks(source: Source) -> None:
    visits(source, *["ok"] * 4)
    roll_up_checks(before=LATE)
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL claimtrack.allow_roll_up = 'on'")
        cursor.execute("UPDATE sources_checksummary SET visits = 1")


def test_beat_asks_for_it() -> None:
    assert "sources.tasks.roll_up_checks" in app.conf.beat_schedule
