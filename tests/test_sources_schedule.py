"""When a source is visited: rarely while nothing changes, later where its host asks, and only when due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sources.choices import Availability, Outcome
from sources.services import make_due, recheck_due_sources
from tests.sources_support.helpers import DAY, HOUR, START, make_source, visit
from tests.sources_support.server import Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]

pytestmark = pytest.mark.django_db


def test_unchanged_pages_are_visited_less_and_less_often(web: Server) -> None:
    web["/page"] = page()
    source = make_source(web)
    waits, at = [], START
    for _ in range(7):
        visit(source, at)
        waits.append(source.next_check_at - at)
        at = source.next_check_at
    lowest = [timedelta(minutes=15), HOUR, 3 * HOUR, DAY, 3 * DAY, 7 * DAY, 7 * DAY]
    assert all(low <= wait <= low * 1.11 for low, wait in zip(lowest, waits, strict=True))


def test_robots_txt_is_obeyed_and_asked_once_a_day(web: Server) -> None:
    web["/robots.txt"] = http(200, "User-agent: claimtrack\nDisallow: /private", content_type="text/plain")
    web["/private"], web["/page"] = page(), page()
    private, public = make_source(web, "/private"), make_source(web)
    assert visit(private, START).outcome == Outcome.ROBOTS_DISALLOWED
    assert private.availability == Availability.EXCLUDED
    visit(public, START + HOUR)
    assert [asked.path for asked in web.asked] == ["/robots.txt", "/page"]
    visit(public, START + 25 * HOUR)
    assert [asked.path for asked in web.asked][2:] == ["/robots.txt", "/page"]


def test_an_unreadable_robots_txt_postpones_the_visit(web: Server) -> None:
    web["/robots.txt"], web["/page"] = http(503), page()
    source = make_source(web)
    check = visit(source, START)
    assert (check.outcome, check.counted, source.availability) == (Outcome.RATE_LIMITED, False, Availability.NEW)
    assert web.pages_asked == []
    assert START < source.next_check_at < START + HOUR


def test_a_host_that_asks_us_to_come_later_is_left_alone_that_long(web: Server) -> None:
    web["/page"] = http(429, retry_after="7200")
    source = make_source(web)
    check = visit(source, START)
    assert (check.outcome, check.counted) == (Outcome.RATE_LIMITED, False)
    assert source.next_check_at >= START + 2 * HOUR


def test_the_sweep_visits_what_is_due_and_nothing_else(web: Server) -> None:
    web["/page"], web["/later"] = page("a"), page("b")
    due, later = make_source(web), make_source(web, "/later", at=START + DAY)
    assert [check.source_id for check in recheck_due_sources(at=START)] == [due.pk]
    make_due(later, at=START)
    assert [check.source_id for check in recheck_due_sources(at=START)] == [later.pk]
    assert recheck_due_sources(at=START) == []
