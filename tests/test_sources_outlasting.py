"""The database goes away in mid-sweep: the sweep keeps what it holds, and goes on when it is back."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import psycopg2
import pytest
from django.db import InterfaceError, OperationalError, connection

from sources.choices import Outcome
from sources.models import HostTurn, RobotsFile, Source, SourceCheck
from sources.services import outlasting, register_source, sweep
from sources.services.outlasting import Outlasting
from tests.sources_support.answers import Asked
from tests.sources_support.server import Server, page
from tests.sources_support.workers import database_url, visited

pytest_plugins = ["tests.sources_support.fixtures"]
PAGES = 6


class Database:
    """The test's database, from outside."""

    def __init__(self) -> None:
        self.name = connection.settings_dict["NAME"]
        self._beside = psycopg2.connect(database_url().rpartition("/")[0] + "/postgres")
        self._beside.autocommit = True
        self._back: list[threading.Timer] = []

    def _say(self, statement: str) -> None:
        with self._beside.cursor() as cursor:
            cursor.execute(statement)

    def cut(self) -> None:
        """End every connection, as a restart does."""
        self._say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'")

    def go_away(self, seconds: float) -> None:
        """End every connection and take no other for a while."""
        self._say(f'ALTER DATABASE "{self.name}" WITH ALLOW_CONNECTIONS false')
        self.cut()
        self._back.append(threading.Timer(seconds, self.come_back))
        self._back[-1].start()

    def come_back(self) -> None:
        self._say(f'ALTER DATABASE "{self.name}" WITH ALLOW_CONNECTIONS true')

    def close(self) -> None:
        for timer in self._back:
            timer.cancel()
            timer.join()
        self.come_back()
        self._beside.close()


@pytest.fixture
def database(transactional_db: None) -> Iterator[Database]:
    database = Database()
    yield database
    database.close()
    connection.close()


@pytest.fixture
def sources(web: Server, transactional_db: None) -> list[Source]:
    return [register_source(f"{web.url}/{number}") for number in range(PAGES)]


def when_asked_for(web: Server, number: int, do: Callable[[], None]) -> None:
    """Every page is there; the first time this one is asked for, something happens before it arrives."""
    done: list[bool] = []

    def answer(_: Asked, __: socket.socket) -> bytes:
        if not done:
            done.append(True)
            do()
        return page("The article.")

    for other in range(PAGES):
        web[f"/{other}"] = page("The article.")
    web[f"/{number}"] = answer


@pytest.mark.parametrize("away", [0.0, 0.8])
def test_a_sweep_outlasts_a_restart_and_visits_everything_once(
    away: float, web: Server, sources: list[Source], database: Database
) -> None:
    when_asked_for(web, 3, (lambda: database.go_away(away)) if away else database.cut)
    sweep()
    assert visited() == {source.pk: 1 for source in sources}
    assert set(SourceCheck.objects.values_list("outcome", flat=True)) == {Outcome.OK}
    assert not Source.objects.filter(leased_until__isnull=False).exists()
    assert not Source.objects.filter(faults__gt=0).exists()
    assert not HostTurn.objects.filter(busy_until__isnull=False).exists()
    assert RobotsFile.objects.count() == 1


def test_a_database_that_stays_away_ends_the_sweep_and_costs_no_source_anything(
    web: Server, sources: list[Source], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlasting, "PATIENCE", 0.6)
    when_asked_for(web, 3, lambda: database.go_away(60))
    with pytest.raises((OperationalError, InterfaceError)):
        sweep()
    database.come_back()
    connection.close()
    assert Source.objects.count() == PAGES
    assert not Source.objects.filter(faults__gt=0).exists()
    assert sum(visited().values()) + Source.objects.filter(leased_until__isnull=False).count() == PAGES


def test_with_empty_hands_a_sweep_does_not_wait(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlasting, "PAUSE", 60)
    database.go_away(60)
    with pytest.raises((OperationalError, InterfaceError)):
        sweep()
    database.come_back()


@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_tried_again() -> None:
    calls = []

    def fail() -> None:
        calls.append(1)
        raise OperationalError

    with contextlib.suppress(OperationalError):
        Outlasting()(fail)
    assert calls == [1]
