"""Hosts that ask for peace get it from every worker; crawl-delay is kept; nobody is asked too often or starved."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from sources.choices import Outcome
from sources.fetching import RobotsRules, retry_after
from sources.fetching.pace import CRAWL_DELAY_AT_MOST
from sources.models import HostTurn, Source, SourceCheck
from sources.schedule import HOST_PAUSE, HOST_PAUSE_AT_MOST, host_pause
from sources.services import make_due, recheck_due_sources, register_source, sweep, visit_sources
from sources.services.claiming import Queue
from sources.services.robots import keep_rules
from tests.sources_support.helpers import DAY, START, make_source, visit
from tests.sources_support.server import Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def rest_of(host: str) -> timedelta:
    """How long the host is left alone from now on."""
    next_at = HostTurn.objects.get(host=host).next_at
    return next_at - timezone.now() if next_at else timedelta(0)


def free(host: str) -> None:
    """As if its pause were over."""
    HostTurn.objects.filter(host=host).update(next_at=None)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (format_datetime(AT + timedelta(hours=1), usegmt=True), timedelta(hours=1)),
        ("Sunday, 01-Mar-26 13:00:00 GMT", timedelta(hours=1)),
        ("Sun Mar  1 13:00:00 2026", timedelta(hours=1)),
        (format_datetime(AT - timedelta(hours=1), usegmt=True), None),
        ("9" * 400, timedelta(seconds=10**8)),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("²", None),
    ],
)
def test_retry_after_is_read_in_seconds_and_as_a_date(value: str, wait: timedelta | None) -> None:
    assert retry_after(value, AT) == wait


def test_a_host_s_pause_doubles_up_to_a_cap() -> None:
    pauses = [host_pause(count, delay=timedelta(seconds=1)) for count in range(1, 30)]
    assert pauses[:3] == [HOST_PAUSE, 2 * HOST_PAUSE, 4 * HOST_PAUSE]
    assert pauses[-1] == HOST_PAUSE_AT_MOST


def test_a_host_s_own_word_is_kept_up_to_a_cap() -> None:
    assert host_pause(9, delay=timedelta(seconds=1), retry_after=timedelta(seconds=30)) == timedelta(seconds=30)
    assert host_pause(1, delay=timedelta(seconds=1), retry_after=30 * DAY) == HOST_PAUSE_AT_MOST
    assert host_pause(1, delay=MINUTE, retry_after=timedelta(seconds=1)) == MINUTE


@pytest.mark.parametrize("status", [429, 503])
def test_one_refusal_holds_the_whole_host(web: Server, status: int) -> None:
    web["/first"], web["/second"] = http(status, retry_after="600"), page()
    make_source(web, "/first"), make_source(web, "/second", at=START + timedelta(seconds=1))
    checks = recheck_due_sources(at=START + MINUTE)
    assert [check.http_status for check in checks] == [status]
    assert web.pages_asked == ["/first"]
    assert 9 * MINUTE < rest_of("127.0.0.1") <= 10 * MINUTE
    waiting = Source.objects.get(canonical_url__endswith="/second")
    assert waiting.leased_until is None and waiting.is_due(START + MINUTE)


def test_a_host_that_names_a_date_is_left_alone_until_then(web: Server) -> None:
    later = timezone.now() + timedelta(hours=2)
    web["/page"] = http(503, retry_after=format_datetime(later, usegmt=True))
    visit(make_source(web), timezone.now())
    assert timedelta(minutes=118) < rest_of("127.0.0.1") <= timedelta(hours=2)


def test_refusals_in_a_row_double_the_pause_and_any_answer_ends_it(web: Server) -> None:
    web["/page"] = http(429)
    source = make_source(web)
    for expected in (MINUTE, 2 * MINUTE, 4 * MINUTE):
        visit(source, START)
        assert expected * 0.9 < rest_of(source.host) <= expected
        free(source.host)
    web["/page"] = page()
    visit(source, START)
    turn = HostTurn.objects.get(host=source.host)
    assert (turn.refusals, rest_of(source.host) <= timedelta(0)) == (0, True)


def test_recheck_now_still_respects_the_host(web: Server) -> None:
    web["/page"] = http(429, retry_after="600")
    source = make_source(web)
    visit(source, START)
    web["/page"] = page()
    make_due(source, at=START)
    assert recheck_due_sources(at=START) == []
    assert visit_sources([source.pk], at=START) == []  # and does not wait in vain
    assert len(web.pages_asked) == 1


def test_a_robots_txt_that_asks_us_to_come_later_holds_the_host(web: Server) -> None:
    web["/robots.txt"], web["/page"] = http(503, retry_after="900"), page()
    source = make_source(web)
    assert visit(source, START).outcome == Outcome.RATE_LIMITED
    assert 14 * MINUTE < rest_of(source.host) <= 15 * MINUTE


def test_a_crawl_delay_is_the_host_s_pause(web: Server) -> None:
    web["/robots.txt"], web["/page"] = http(200, "User-agent: *\nCrawl-delay: 0.3", content_type="text/plain"), page()
    for path in ("/page", "/other"):
        make_source(web, path)
    assert len(recheck_due_sources(at=START)) == 2
    robots, first, second = [asked.at for asked in web.asked]
    assert first - robots >= 0.3 and second - first >= 0.3


def test_a_long_crawl_delay_gives_the_host_back_after_each_page(web: Server) -> None:
    source, other = make_source(web), make_source(web, "/other")
    keep_rules([RobotsRules(web.url, START, 200, "User-agent: *\nCrawl-delay: 20")])
    assert len(recheck_due_sources(at=START)) == 1
    assert timedelta(seconds=15) < rest_of(source.host) <= timedelta(seconds=20)
    other.refresh_from_db()
    assert other.leased_until is None and other.is_due(START)


def test_a_crawl_delay_is_kept_up_to_a_cap(web: Server) -> None:
    keep_rules([RobotsRules(web.url, START, 200, "User-agent: *\nCrawl-delay: 86400")])
    source = make_source(web)
    visit(source, START)
    assert rest_of(source.host) <= timedelta(seconds=CRAWL_DELAY_AT_MOST)


def test_a_host_with_a_long_queue_starves_nobody(db: None) -> None:
    for number in range(60):
        register_source(f"http://big.example/{number}", at=START)
    small = register_source("http://small.example/", at=START + MINUTE)
    claimed = Queue().claim(40, START + DAY, set())
    assert {held.host for held in claimed} == {"big.example", "small.example"}
    assert [source.pk for held in claimed for source in held.sources if held.host != "big.example"] == [small.pk]


def test_a_claim_looks_at_a_bounded_part_of_the_queue(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.services.claiming.SCAN", 5)
    monkeypatch.setattr("sources.services.claiming.SCANS", 2)
    for number in range(25):
        register_source(f"http://big.example/{number}", at=START)
    small = register_source("http://small.example/", at=START + MINUTE)
    queue, busy = Queue(), {"big.example"}
    rounds = [queue.claim(40, START + DAY, busy) for _ in range(3)]
    assert [len(claimed) for claimed in rounds] == [0, 0, 1]
    assert rounds[2][0].sources == [small]


@pytest.fixture
def timed(web: Server, settings: Any) -> Iterator[Server]:
    settings.RECHECK_HOST_DELAY = timedelta(seconds=0.15)
    yield web


@pytest.mark.django_db(transaction=True)
def test_two_workers_together_keep_a_host_s_pace(timed: Server) -> None:
    for number in range(6):
        make_source(timed, f"/{number}")

    def work() -> None:
        try:
            for _ in range(6):
                sweep()
                threading.Event().wait(0.1)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    asked = sorted(asked.at for asked in timed.asked)
    assert SourceCheck.objects.count() == 6
    assert min(later - earlier for earlier, later in pairwise(asked)) >= 0.145


@pytest.fixture
def two_hosts(web: Server, settings: Any) -> Iterator[Server]:
    """127.0.0.1 and 127.0.0.9, both the same server."""
    server = Server("0.0.0.0")
    settings.CLAIMTRACK_FETCH_ALLOW = [f"127.0.0.0/8:{server.port}"]
    server["/page"] = http(302, location=f"http://127.0.0.9:{server.port}/there")
    server["/there"] = page()
    yield server
    server.close()


def test_a_redirect_to_another_host_takes_its_turn_too(two_hosts: Server) -> None:
    source = register_source(f"http://127.0.0.1:{two_hosts.port}/page", at=START)
    assert visit(source, START).outcome == Outcome.REDIRECT_TEMPORARY
    turn = HostTurn.objects.get(host="127.0.0.9")
    assert turn.busy_until is None and turn.next_at is not None


def test_a_redirect_to_a_host_that_is_left_alone_is_postponed(
    two_hosts: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.fetching.guests.WAIT", 0.3)
    HostTurn.objects.create(host="127.0.0.9", next_at=timezone.now() + MINUTE)
    source = register_source(f"http://127.0.0.1:{two_hosts.port}/page", at=START)
    check = visit(source, START)
    assert (check.outcome, check.counted) == (Outcome.RATE_LIMITED, False)
    assert two_hosts.pages_asked == ["/page"]
