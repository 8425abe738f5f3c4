"""The system check of the database's letters, check_deployment, and what else says whether a process is well."""

import json
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections
from pytest_django import DjangoDbBlocker, Settings

from claimtrack import env, start
from claimtrack.celery import app
from claimtrack.checks import database_speaks_unicode
from claimtrack.embedded.postgres import cause
from claimtrack.management.commands.check_deployment import PROBES


@pytest.mark.django_db
def test_a_unicode_database_passes() -> None:
    assert database_speaks_unicode(databases=["default"]) == []


def _database_made_with(options: str, blocker: DjangoDbBlocker) -> list[Any]:
    """The check's findings on a database created with `options`, dropped afterwards."""
    with blocker.unblock():
        name = "test_platform_locale"
        main = connection.settings_dict["NAME"]
        probe = connections["default"].copy()
        admin = connections["default"].copy()
        admin.settings_dict = {**admin.settings_dict, "NAME": "postgres"}
        probe.settings_dict = {**probe.settings_dict, "NAME": name}
        assert name != main
        with admin.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        connections["default"], kept = probe, connections["default"]
        try:
            return database_speaks_unicode(databases=["default"])
        finally:
            connections["default"] = kept
            probe.close()
            with admin.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name}")
            admin.close()


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'", "claimtrack.E002"),
        ("ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'", "claimtrack.E001"),
    ],
)
def test_a_database_that_knows_no_cyrillic_is_found(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, options: str, found: str
) -> None:
    messages = _database_made_with(options, django_db_blocker)
    assert [message.id for message in messages] == [found]
    assert "CREATE DATABASE" in (messages[0].hint or "")


@pytest.mark.django_db
def test_check_deployment_reports_findings_as_json_and_exits_1(settings: Settings) -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("check_deployment", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert end.value.code == 1 and report["ok"] is False
    assert all({"part", "problem", "mend"} == finding.keys() for finding in report["findings"])
    assert any("SITE_URL" in finding["problem"] for finding in report["findings"])


def test_check_deployment_refuses_an_unknown_option() -> None:
    with pytest.raises((CommandError, TypeError)):
        call_command("check_deployment", "--unknown")


def test_check_deployment_leaves_nothing_behind_on_a_full_disk(settings: Settings, tmp_path: Path) -> None:
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "snapshots": backend, "default": backend}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))  # a file can be made, and nothing written into it
    try:
        findings = list(PROBES["storage"]())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert ["cannot be written" in finding.problem for finding in findings] == [True, True]
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def picky_site() -> Iterator[int]:
    """The port of a server that, as Django does, answers 400 to every host but facts.example.org and localhost."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers["Host"] in ("facts.example.org", "localhost")
            self.send_response(200 if known else 400)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("hosts", ["facts.example.org", ".facts.example.org,x.org", "*"])
def test_alive_web_asks_with_a_host_name_that_is_allowed(picky_site: int, hosts: str) -> None:
    assert start.alive_web(env.read({"PORT": str(picky_site), "ALLOWED_HOSTS": hosts})) == 0


def test_alive_web_fails_when_the_site_refuses(picky_site: int) -> None:
    assert start.alive_web(env.read({"PORT": str(picky_site), "ALLOWED_HOSTS": "other.example.org"})) == 1


def test_the_cause_of_a_failed_initdb_is_told_and_not_its_last_words() -> None:
    output = (
        "creating configuration files ... ok\nrunning bootstrap script ... "
        "FATAL:  could not write to file: No space left on device\nchild process exited with exit code 1\n"
        "initdb: removing data directory\ninitdb: hint: a\ninitdb: hint: b\ninitdb: hint: c\n"
    )
    assert "No space left on device" in cause(output) and "hint" not in cause(output)
    assert cause("one\ntwo\n") == "one / two" and cause("") == "no message"


def test_a_task_without_its_database_logs_one_line(caplog: pytest.LogCaptureFixture) -> None:
    @app.task(name="tests.away")  # type: ignore[untyped-decorator,unused-ignore]
    def away() -> None:
        raise OperationalError("connection failed: refused\n\tIs the server running?")

    with caplog.at_level(logging.ERROR, logger="celery.app.trace"):
        away.apply()
    app.tasks.pop("tests.away")
    lines = [record for record in caplog.records if record.name == "celery.app.trace"]
    assert [record.exc_info for record in lines] == [None]
    assert lines[0].getMessage().startswith("tests.away: the database does not answer")
    assert "\n" not in lines[0].getMessage()


def _processes_naming(text: str) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().decode(errors="replace").replace("\0", " ")
        except OSError:  # ended meanwhile
            continue
        if text in command:
            found.append(command)
    return found


def test_a_first_start_that_is_stopped_takes_what_it_started_along(tmp_path: Path) -> None:
    (tmp_path / "script").mkdir()
    bootstrap = tmp_path / "script" / "bootstrap.py"
    bootstrap.write_bytes((env.ROOT / "script" / "bootstrap.py").read_bytes())
    for name in ("requirements.txt", "constraints.txt"):
        (tmp_path / name).touch()
    venv = str(tmp_path / ".venv")
    process = subprocess.Popen(
        [sys.executable, str(bootstrap), "requirements.txt", "this"], stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 30
    # The grandchild, which once went on alone: the new Python running ensurepip.
    while not any("ensurepip" in command for command in _processes_naming(venv)):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGTERM)
    _, said = process.communicate(timeout=10)
    deadline = time.monotonic() + 0.5
    assert process.returncode == 1 and said == "claimtrack: stopped while installing.\n"
    while left := _processes_naming(venv):  # a killed process needs a moment to be gone
        assert time.monotonic() < deadline, left
        time.sleep(0.01)
