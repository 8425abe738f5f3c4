"""A running script/server in the middle of a sweep: Redis flushed, PostgreSQL restarted, the worker killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
import redis

from claimtrack import env
from tests.sources_support.answers import PAGE, http, late
from tests.sources_support.server import Server
from tests.stack import Stack, caller, processes_of, wait_for

pytestmark = pytest.mark.stack

HOSTS, PAGES = 12, 12
SOURCES = HOSTS * PAGES
# A sweep takes about two seconds: there is a middle of it.
ANSWER_TAKES = 0.15
REGISTER = f"""
import sys
from sources.services import register_source
for host in range(1, {HOSTS} + 1):
    for page in range({PAGES}):
        register_source(f"http://127.0.3.{{host}}:{{PORT}}/{{page}}")
"""


@pytest.fixture(scope="module")
def slow_web() -> Iterator[Server]:
    server = Server("0.0.0.0")
    for number in range(PAGES):
        text = f"The text of page {number}. " * 20
        server[f"/{number}"] = late(ANSWER_TAKES, http(200, PAGE.format(title=f"Page {number}", text=text)))
    yield server
    server.close()


class Newsdesk(Stack):
    """The stack with direct sight of its rows."""

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        place = self.home.database()
        connection = psycopg2.connect(
            host=place["HOST"], user=place["USER"], password=place["PASSWORD"], dbname=place["NAME"]
        )
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement, values)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def visited(self) -> int:
        """Sources that the present round has visited."""
        return int(self.query("SELECT count(*) FROM sources_source WHERE last_checked_at > %s", self.round_at)[0][0])

    def new_round(self) -> None:
        """All sources are due now."""
        self.round_at = self.query("SELECT clock_timestamp()")[0][0]
        self.query("UPDATE sources_source SET next_check_at = %s", self.round_at)

    def assert_everything_visited_once(self, *, seconds: float = 40) -> None:
        """Every source visited in this round, each by exactly one check; all sources still there."""
        assert wait_for(lambda: self.visited() == SOURCES, seconds=seconds), (self.visited(), self.said()[-3000:])
        counts = self.query(
            "SELECT source_id, count(*) FROM sources_sourcecheck WHERE at > %s GROUP BY source_id", self.round_at
        )
        assert {count for _, count in counts} == {1} and len(counts) == SOURCES
        outcomes = self.query("SELECT DISTINCT outcome FROM sources_sourcecheck WHERE at > %s", self.round_at)
        assert outcomes == [("ok",)]
        assert self.query("SELECT count(*) FROM sources_source") == [(SOURCES,)]
        assert self.query("SELECT count(*) FROM sources_snapshot") == [(SOURCES,)]

    def in_mid_sweep(self) -> None:
        assert wait_for(lambda: 0 < self.visited() < SOURCES, seconds=30), (self.visited(), self.said()[-3000:])

    def manage(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=env.ROOT, env=caller(self.data, **self.variables),
            check=True, timeout=60, capture_output=True,
        )  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, slow_web: Server) -> Iterator[Newsdesk]:
    running = Newsdesk(tmp_path_factory.mktemp("lost") / "var")
    running.start(CLAIMTRACK_FETCH_ALLOW=f"127.0.0.0/8:{slow_web.port}", CLAIMTRACK_RECHECK_HOST_DELAY="0s")
    running.until("/healthz", 200, seconds=90)
    running.round_at = running.query("SELECT clock_timestamp()")[0][0]
    running.manage("shell", "-v", "0", "-c", REGISTER.replace("{PORT}", str(slow_web.port)))
    yield running
    running.end()


def test_the_first_round_visits_everything(desk: Newsdesk) -> None:
    desk.assert_everything_visited_once()


def test_redis_flushed_in_mid_sweep_loses_nothing(desk: Newsdesk) -> None:
    desk.new_round()
    desk.in_mid_sweep()
    client = redis.Redis(unix_socket_path=str(desk.home.redis_socket()))
    client.flushall()
    client.close()
    desk.assert_everything_visited_once()


def test_postgresql_restarted_in_mid_sweep_loses_nothing_and_the_worker_goes_on_by_itself(desk: Newsdesk) -> None:
    desk.new_round()
    desk.in_mid_sweep()
    before, workers = desk.postmaster(), worker_processes(desk)
    os.kill(before, signal.SIGINT)  # a fast shutdown: every connection is cut
    desk.until("/", 200, seconds=30)
    assert desk.postmaster() != before
    desk.assert_everything_visited_once()
    assert set(workers) & set(worker_processes(desk)), "the worker was replaced"


def test_the_celery_worker_killed_in_mid_sweep_loses_nothing(desk: Newsdesk) -> None:
    desk.new_round()
    desk.in_mid_sweep()
    killed = worker_processes(desk)
    assert len(killed) >= 2, processes_of(desk.data)
    for process in killed:
        os.kill(process, signal.SIGKILL)
    assert wait_for(lambda: not killed & worker_processes(desk), seconds=10)
    desk.manage("recheck_sources", "--end-leases")
    desk.assert_everything_visited_once()


def worker_processes(desk: Newsdesk) -> set[int]:
    return {pid for pid, line in processes_of(desk.data).items() if " worker " in line and "celery" in line}
