"""The whole of script/server as a person meets it: one start per module, its ends one by one."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from claimtrack import env
from claimtrack.embedded import orphans
from tests.stack import Stack, caller, free_port, processes_of, wait_for

pytestmark = pytest.mark.stack


def refused(data: Path, **variables: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "claimtrack.embedded.server"],
        env=caller(data, **variables),
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr.strip()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A running stack. Its folder has a space and Cyrillic letters in its name."""
    running = Stack(tmp_path_factory.mktemp("данные и пробел") / "var")
    running.start()
    running.until("/healthz", 200, seconds=90)
    yield running
    running.end()


def test_every_part_reports_ready(stack: Stack) -> None:
    stack.until("/readyz", 200, seconds=30)
    status, body = stack.ask("/readyz")
    assert json.loads(body)["status"] == "ok"


def test_sockets_lie_in_private_directories_and_nothing_else_listens(stack: Stack) -> None:
    for service in ("postgres", "redis"):
        directory = stack.home.socket_directory(service)
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    listening = subprocess.run(["ss", "-ltnp"], capture_output=True, text=True, check=False).stdout
    assert f"pid={stack.postmaster()}," not in listening


def test_nobody_is_trusted_without_a_password(stack: Stack) -> None:
    rules = (stack.home.postgres / "data" / "pg_hba.conf").read_text()
    assert [line for line in rules.splitlines() if not line.startswith("#")] == ["local all all scram-sha-256"]


def test_secrets_are_private(stack: Stack) -> None:
    for path in stack.home.secrets.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def _query(stack: Stack, *statements: str) -> list[str]:
    """First columns of the statements' first rows, through manage.py on the running cluster."""
    program = (
        "from django.db import connection\n"
        "with connection.cursor() as cursor:\n"
        f"    for statement in {statements!r}:\n"
        "        cursor.execute(statement)\n"
        "        print(cursor.fetchone()[0])"
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", program],
        env=caller(stack.data),
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_the_database_speaks_utf8_though_the_caller_does_not(stack: Stack) -> None:
    assert _query(stack, "SHOW server_encoding", "SELECT lower('ТӘҢІРТАУ')") == ["UTF8", "тәңіртау"]


def test_the_application_is_no_superuser(stack: Stack) -> None:
    assert _query(stack, "SELECT usesuper FROM pg_user WHERE usename = current_user") == ["False"]


def test_a_second_supervisor_on_the_same_data_is_refused_in_one_line(stack: Stack) -> None:
    assert stack.process is not None
    status, line = refused(stack.data, PORT=str(free_port()))
    assert status == 1 and "\n" not in line
    assert line.startswith(f"claimtrack: Another claimtrack (process {stack.process.pid}) is using")


def test_a_taken_port_is_refused_in_one_line(stack: Stack, tmp_path: Path) -> None:
    status, line = refused(tmp_path / "var", PORT=str(stack.port))
    assert status == 1 and "\n" not in line
    assert f"Cannot listen on 127.0.0.1:{stack.port}" in line and "PORT" in line


def test_pages_are_503_without_postgresql_and_come_back_with_it(stack: Stack) -> None:
    stack.until("/", 200, seconds=10)
    before = stack.postmaster()
    os.kill(before, signal.SIGSTOP)  # so that nothing restarts before we have looked
    os.kill(before, signal.SIGKILL)
    stack.until("/", 503, seconds=5)
    stack.until("/", 200, seconds=20)
    assert stack.postmaster() != before
    stack.until("/readyz", 200, seconds=20)


def test_pages_are_503_while_postgresql_hangs_and_come_back_with_it(stack: Stack) -> None:
    threads = 8
    with ThreadPoolExecutor(threads + 2) as callers:
        assert {status for status, _ in callers.map(stack.ask, ["/"] * 4 * threads)} == {200}
        server = stack.postmaster()
        os.kill(server, signal.SIGSTOP)
        frozen = [server, *orphans.children(server)]
        try:
            for process in frozen[1:]:
                os.kill(process, signal.SIGSTOP)
            began = time.monotonic()
            asked = ["/", "/api/v1/verdicts/"] * (threads // 2 + 1)
            answers = [callers.submit(stack.ask, path, timeout=20) for path in asked]
            assert [answer.result()[0] for answer in answers] == [503] * (threads + 2)
            assert stack.ask("/healthz")[0] == 200
            assert time.monotonic() - began < 20
        finally:
            for process in frozen:
                os.kill(process, signal.SIGCONT)
    stack.until("/", 200, seconds=10)
    assert stack.postmaster() == server


def test_kill_9_leaves_no_process_and_the_next_start_is_clean(stack: Stack) -> None:
    assert stack.process is not None
    assert len(processes_of(stack.data)) >= 6
    _query(
        stack,
        "INSERT INTO sources_hostturn (host, busy_until)"
        " VALUES ('slow.example', now() + interval '1 day') RETURNING host",
    )
    stack.process.kill()
    stack.process.wait()
    assert wait_for(lambda: not processes_of(stack.data), seconds=10), processes_of(stack.data)
    stack.start()
    stack.until("/", 200, seconds=30)
    # What a killed worker was visiting is free again.
    assert _query(stack, "SELECT busy_until IS NULL FROM sources_hostturn WHERE host = 'slow.example'") == ["True"]


def test_term_stops_everything_within_10_seconds(stack: Stack) -> None:
    assert stack.process is not None
    if stack.process.poll() is not None:  # run alone, after a kill
        stack.start()
        stack.until("/", 200, seconds=30)
    began = time.monotonic()
    stack.process.terminate()
    assert stack.process.wait(15) == 0
    assert time.monotonic() - began < 10
    assert processes_of(stack.data) == {}
    assert not (stack.home.postgres / "data" / "postmaster.pid").exists()


def test_manage_py_starts_the_database_and_stops_only_what_it_started(stack: Stack) -> None:
    stack.end()
    assert _query(stack, "SELECT 1") == ["1"]
    assert wait_for(lambda: not processes_of(stack.data), seconds=5)
    assert not (stack.home.postgres / "data" / "postmaster.pid").exists()


def test_a_bad_setting_stops_the_start_in_one_line(tmp_path: Path) -> None:
    status, line = refused(tmp_path / "var", CLAIMTRACK_DEMO="perhaps")
    assert (status, line) == (1, "claimtrack: CLAIMTRACK_DEMO = 'perhaps' cannot be used; allowed: 1 or 0.")
    assert not (tmp_path / "var").exists()


def test_a_data_directory_that_cannot_be_written_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, line = refused(tmp_path / "file" / "var", PORT=str(free_port()))
    assert status == 1 and "\n" not in line
    assert "cannot be written" in line and "CLAIMTRACK_DATA_DIR" in line
