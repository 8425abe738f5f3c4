"""A worker's clock that jumps ahead by a year, or back: nothing is dead early, nothing is held or put off for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sources.choices import Availability
from sources.models import HostTurn, Source, SourceCheck
from sources.services import mend_dates, recheck_due_sources
from tests.sources_support.helpers import DAY, HOUR, START, changes, make_source, visit
from tests.sources_support.server import Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db

YEAR = 365 * DAY


def sweep(at: datetime) -> int:
    return len(recheck_due_sources(at=at))


def test_a_leap_ahead_counts_at_most_one_failure(web: Server) -> None:
    source = make_source(web)  # a 404
    visit(source, START)
    visit(source, START + YEAR)
    assert (source.availability, source.counted_failures) == (Availability.SUSPECT, 2)


def test_after_a_leap_ahead_and_back_failures_count_from_the_present(web: Server) -> None:
    source = make_source(web)
    visit(source, START)
    visit(source, START + YEAR)
    mend_dates(at=START + HOUR)
    days = 0
    while source.availability != Availability.DEAD:
        days += 1
        visit(source, START + HOUR + days * DAY)
    assert days == 6


def test_what_the_leap_itself_made_dead_is_not(web: Server) -> None:
    source = make_source(web)
    for at in (START, START + 3 * DAY, START + YEAR):
        visit(source, at)
    assert source.availability == Availability.DEAD
    assert mend_dates(at=START + 4 * DAY) > 0
    source.refresh_from_db()
    assert (source.availability, source.counted_failures) == (Availability.SUSPECT, 1)
    assert changes(source.pk)[-1] == ("availability", "dead", "suspect")
    assert source.next_check_at == START + 4 * DAY


def test_a_source_put_off_by_a_year_is_visited_again(web: Server) -> None:
    web["/page"] = page()
    source = make_source(web)
    assert sweep(START + YEAR) == 1
    assert sweep(START + HOUR) == 0
    assert mend_dates(at=START + HOUR) > 0
    assert sweep(START + HOUR) == 1
    source.refresh_from_db()
    assert START + HOUR < source.next_check_at < START + DAY


def test_a_lease_and_a_turn_from_next_year_end_now(web: Server) -> None:
    web["/page"] = page()
    source = make_source(web)
    Source.objects.update(leased_until=START + YEAR)
    HostTurn.objects.create(host=source.host, busy_until=START + 100 * YEAR, next_at=START + 100 * YEAR)
    assert sweep(START) == 0
    assert mend_dates(at=START) == 3
    assert sweep(START + timedelta(seconds=1)) == 1


def test_a_change_seen_next_year_is_confirmed_now(web: Server) -> None:
    web["/page"] = page("First.")
    source = make_source(web)
    visit(source, START)
    web["/page"] = page("Second, and quite another text than before.")
    visit(source, START + YEAR)
    assert source.pending_since == START + YEAR
    mend_dates(at=START + HOUR)
    visit(source, START + HOUR)
    visit(source, START + 2 * HOUR)
    assert changes(source.pk)[-1][0] == "content"


def test_a_leap_back_visits_nothing_twice_and_loses_nothing(web: Server) -> None:
    web["/page"] = page()
    source = make_source(web)
    visit(source, START)
    due = source.next_check_at
    assert sweep(START - YEAR) == 0
    source.refresh_from_db()
    assert source.next_check_at == due
    assert sweep(due) == 1
    assert SourceCheck.objects.count() == 2


def test_a_source_registered_while_the_clock_was_slow_is_due_at_once(web: Server) -> None:
    web["/page"] = page()
    make_source(web, at=START - YEAR)
    assert sweep(START) == 1


def test_dates_in_order_are_left_alone(web: Server) -> None:
    web["/page"], web["/down"], web["/later"] = page(), http(500), http(429, retry_after="999999999")
    sources = [make_source(web, path) for path in ("/page", "/down", "/later")]
    for source in sources:
        visit(source, START)
    HostTurn.objects.all().delete()
    Source.objects.filter(pk=sources[0].pk).update(next_check_at=START + 32 * DAY)
    before = list(Source.objects.order_by("pk").values())
    assert mend_dates(at=START) == 0
    assert list(Source.objects.order_by("pk").values()) == before


def test_by_itself_it_asks_the_database_what_time_it_is(web: Server) -> None:
    make_source(web, at=START + 100 * YEAR)
    assert mend_dates() == 1
