"""A worker killed in mid-sweep: nothing is lost, nothing is half-written, nothing is counted twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from sources.models import HostTurn, Source, SourceCheck
from sources.services import register_source
from tests.sources_support.answers import PAGE, Asked, http, late
from tests.sources_support.server import Server
from tests.sources_support.workers import assert_nothing_half_written, process, visited, worker
from tests.stack import wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.stack]

HOSTS, PAGES = 12, 10
ANSWER_TAKES = 0.1


@pytest.fixture
def slow_web() -> Iterator[Server]:
    """Many hosts with ten pages each, none of them quick."""
    server = Server("0.0.0.0")
    for number in range(PAGES):
        text = f"The text of page {number}. " * 20
        server[f"/{number}"] = late(ANSWER_TAKES, http(200, PAGE.format(title=f"Page {number}", text=text)))
    yield server
    server.close()


@pytest.fixture
def sources(slow_web: Server) -> list[Source]:
    return [
        register_source(f"http://127.0.2.{host}:{slow_web.port}/{page}")
        for host in range(1, HOSTS + 1)
        for page in range(PAGES)
    ]


def kill_in_mid_sweep(data: Path, server: Server) -> None:
    """Start a sweep, and kill -9 it when some visits are written and others are under way."""
    sweeping = worker(data, server.port)
    assert wait_for(lambda: SourceCheck.objects.count() > 10, seconds=20), "nothing was written"
    sweeping.kill()
    assert sweeping.wait() == -9


def leases_ended_by_command(data: Path) -> None:
    assert process(data, "manage.py", "recheck_sources", "--end-leases").wait() == 0


def leases_ended_by_time(_: Path) -> None:
    """As if the time of every lease and every turn had passed."""
    past = timezone.now() - timedelta(seconds=1)
    Source.objects.filter(leased_until__isnull=False).update(leased_until=past)
    HostTurn.objects.filter(busy_until__isnull=False).update(busy_until=past)


@pytest.mark.parametrize("end_leases", [leases_ended_by_command, leases_ended_by_time])
def test_after_kill_9_every_source_is_visited_exactly_once_and_none_is_half_written(
    end_leases: object, slow_web: Server, sources: list[Source], tmp_path: Path
) -> None:
    assert callable(end_leases)
    kill_in_mid_sweep(tmp_path, slow_web)
    before = set(SourceCheck.objects.values_list("pk", flat=True))
    assert 0 < len(visited()) < len(sources), "the kill came too early or too late to tell"
    assert Source.objects.filter(leased_until__gt=timezone.now()).exists()
    assert_nothing_half_written()

    end_leases(tmp_path)
    assert worker(tmp_path, slow_web.port).wait(60) == 0
    assert before <= set(SourceCheck.objects.values_list("pk", flat=True))
    assert visited() == {source.pk: 1 for source in sources}
    assert_nothing_half_written()
    # Dying under a source is held against it only until its next visit.
    assert not Source.objects.filter(faults__gt=0).exists()
    assert not Source.objects.filter(leased_until__isnull=False).exists()
    assert not HostTurn.objects.filter(busy_until__isnull=False).exists()


def test_while_the_leases_of_a_killed_worker_hold_nobody_visits_its_sources(
    slow_web: Server, sources: list[Source], tmp_path: Path
) -> None:
    kill_in_mid_sweep(tmp_path, slow_web)
    leased = set(Source.objects.filter(leased_until__isnull=False).values_list("pk", flat=True))
    asked = asked_pages(slow_web)
    HostTurn.objects.update(busy_until=None)  # so that nothing but the leases stands in the way
    assert worker(tmp_path, slow_web.port).wait(60) == 0
    written = visited()
    assert leased and not leased & set(written)
    assert set(written.values()) == {1}
    assert all(count == 1 for page, count in asked_pages(slow_web).items() if page not in asked)


def asked_pages(server: Server) -> dict[str, int]:
    """How often each page of each host was asked for."""
    counts: dict[str, int] = {}
    for asked in list(server.asked):
        counts[_page(asked)] = counts.get(_page(asked), 0) + 1
    return counts


def _page(asked: Asked) -> str:
    return asked.headers["host"] + asked.path
