"""Our own outage: when most hosts of a sweep give no answer at all, the fault is ours and nothing counts."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Min

from sources.choices import Availability, Outcome
from sources.models import HostTurn, Source, SourceChange, SourceCheck
from sources.services import recheck_due_sources, register_source
from tests.sources_support.fixtures import exempt_everywhere
from tests.sources_support.helpers import DAY, HOUR, START
from tests.sources_support.server import Asked, Server, http, page

pytestmark = pytest.mark.django_db

HOSTS = 12


class Internet(Server):
    """Twelve hosts; the first `silent` of them break every connection off, the rest answer `answer`."""

    def __init__(self) -> None:
        super().__init__("0.0.0.0")
        self.silent, self.answer = 0, page()
        for path in ("/page", "/robots.txt"):
            self[path] = self._reply

    def _reply(self, asked: Asked, _: socket.socket) -> bytes:
        host = int(asked.headers["host"].partition(":")[0].rpartition(".")[2])
        if host <= self.silent:
            return b""
        return http(404) if asked.path == "/robots.txt" else self.answer

    def sources(self, hosts: int = HOSTS) -> list[Source]:
        return [register_source(f"http://127.0.1.{host}:{self.port}/page", at=START) for host in range(1, hosts + 1)]


@pytest.fixture
def internet(settings: Any, tmp_path: Path) -> Iterator[Internet]:
    internet = Internet()
    exempt_everywhere(internet, tmp_path, settings)
    yield internet
    internet.close()


def sweep(at: datetime) -> list[SourceCheck]:
    """Everything that is due; all of it in one company."""
    HostTurn.objects.update(next_at=None)
    return recheck_due_sources(limit=1000, at=at)


def counted(checks: list[SourceCheck]) -> int:
    return sum(check.counted for check in checks)


def states() -> list[tuple[Any, ...]]:
    fields = ("pk", "availability", "availability_since", "counted_failures", "last_counted_failure_at")
    return list(Source.objects.order_by("pk").values_list(*fields))


def test_when_no_host_answers_nothing_counts_and_all_is_tried_again_soon(internet: Internet) -> None:
    sources = internet.sources()
    assert len(sweep(START)) == HOSTS
    first = Source.objects.filter(pk=sources[0].pk)
    first.update(availability=Availability.SUSPECT, counted_failures=2, last_counted_failure_at=START - 3 * DAY)
    before, changes = states(), SourceChange.objects.count()
    Source.objects.update(next_check_at=START + DAY)
    internet.silent = HOSTS
    checks = sweep(START + DAY)
    assert {check.outcome for check in checks} == {Outcome.REFUSED}
    assert (len(checks), counted(checks)) == (HOSTS, 0)
    assert (states(), SourceChange.objects.count()) == (before, changes)
    latest = START + DAY + timedelta(minutes=17)
    assert not Source.objects.exclude(next_check_at__range=(START + DAY, latest)).exists()


def test_an_outage_of_ten_days_kills_nothing_and_ends_with_everything_live(internet: Internet) -> None:
    internet.sources()
    sweep(START)
    Source.objects.update(next_check_at=START + HOUR)
    internet.silent = HOSTS
    at = START + HOUR
    while at < START + 10 * DAY:
        sweep(at)
        at = max(Source.objects.aggregate(due=Min("next_check_at"))["due"], at) + 8 * HOUR
    assert not SourceCheck.objects.filter(counted=True).exists()
    assert set(Source.objects.values_list("availability", flat=True)) == {Availability.LIVE}
    internet.silent = 0
    assert {check.outcome for check in sweep(at + 2 * DAY)} == {Outcome.OK}


@pytest.mark.parametrize(("silent", "counts"), [(5, 5), (6, 6), (7, 0)])
def test_only_the_silence_of_most_hosts_is_an_outage(silent: int, counts: int, internet: Internet) -> None:
    internet.sources()
    internet.silent = silent
    assert counted(sweep(START)) == counts


def test_too_few_hosts_cannot_tell_an_outage(internet: Internet) -> None:
    internet.sources(9)
    internet.silent = HOSTS
    assert counted(sweep(START)) == 9


def test_an_answer_however_bad_is_no_silence(internet: Internet) -> None:
    internet.sources()
    internet.answer = http(404)
    assert counted(sweep(START)) == HOSTS


def test_in_an_outage_what_was_answered_still_counts(internet: Internet) -> None:
    internet.sources()
    internet.silent, internet.answer = 9, http(404)
    checks = sweep(START)
    assert {check.http_status for check in checks if check.counted} == {404}
    assert counted(checks) == 3


def test_many_pages_of_one_silent_host_are_no_outage(internet: Internet) -> None:
    for number in range(30):
        internet[f"/{number}"] = internet.answers["/page"]
        register_source(f"http://127.0.1.1:{internet.port}/{number}", at=START)
    internet.sources()
    internet.silent = 1
    assert {check.source.host for check in sweep(START) if check.counted} == {"127.0.1.1"}
