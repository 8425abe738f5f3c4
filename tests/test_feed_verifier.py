"""docs/verify_history.py: what a stranger finds out with the public API alone."""

from __future__ import annotations

import runpy
import subprocess
import sys
from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from pytest_django.live_server_helper import LiveServer

from claims.models import Event, User, VerdictVersion
from tests.make import make_correction, make_published_verdict, tamper

VERIFIER = Path(__file__).resolve().parent.parent / "docs/verify_history.py"


def verify(site: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(VERIFIER), site, *arguments], capture_output=True, text=True, timeout=30, check=False
    )


@pytest.fixture
def public_history(live_server: LiveServer, settings: Any, checker: User, editor: User) -> VerdictVersion:
    settings.SITE_URL = live_server.url
    version = make_published_verdict(checker, editor)
    make_correction(version.verdict.claim, checker, editor)
    return version


def test_a_stranger_can_verify_the_history_with_nothing_but_the_api(
    public_history: VerdictVersion, live_server: LiveServer
) -> None:
    result = verify(live_server.url)
    head = Event.objects.get(sequence=2)
    assert (result.returncode, result.stderr) == (0, "")
    assert f"head 2:{head.hash}" in result.stdout
    assert "2 versions" in result.stdout


def test_a_stranger_waits_where_the_site_counts_requests(
    public_history: VerdictVersion, live_server: LiveServer
) -> None:
    """Every version is one request: a longer history has more of them than a minute allows."""
    waited: list[float] = []
    busy = HTTPError(live_server.url, 429, "Too Many Requests", Message(), None)
    busy.headers["Retry-After"] = "7"
    answers = iter([busy, busy])

    def answer(url: str, timeout: int) -> Any:
        if (error := next(answers, None)) is not None:
            raise error
        return urlopen(url, timeout=timeout)

    names = runpy.run_path(str(VERIFIER))
    names["main"].__globals__.update(urlopen=answer, time=SimpleNamespace(sleep=waited.append))
    assert names["main"](live_server.url) == ""
    assert waited == [7, 7]


def test_the_verifier_is_short_enough_to_be_read_before_it_is_run() -> None:
    assert len(VERIFIER.read_text().splitlines()) <= 60


def test_a_stranger_notices_a_changed_entry(public_history: VerdictVersion, live_server: LiveServer) -> None:
    tamper("UPDATE claims_event SET entry = replace(entry, '\"false\"', '\"true\"') WHERE sequence = 1")
    result = verify(live_server.url)
    assert (result.returncode, result.stderr) == (1, "event 1: its keys do not give its hash\n")


def test_a_stranger_notices_a_changed_version(public_history: VerdictVersion, live_server: LiveServer) -> None:
    tamper("UPDATE claims_verdictversion SET content = replace(content, 'few', 'lot') WHERE number = 1")
    result = verify(live_server.url)
    assert result.returncode == 1
    assert "version 1 is not what event 1 recorded" in result.stderr


def test_a_stranger_who_kept_a_head_notices_a_history_written_anew(
    public_history: VerdictVersion, live_server: LiveServer
) -> None:
    kept = Event.objects.get(sequence=1)
    assert verify(live_server.url, f"1:{kept.hash}").returncode == 0
    result = verify(live_server.url, f"1:sha256:{'a' * 64}")
    assert (result.returncode, result.stderr) == (1, "event 1: its hash is not the one you kept\n")
    assert verify(live_server.url, f"9:{kept.hash}").returncode == 1


@pytest.mark.parametrize("kept", ["garbage", "sha256:5f", "0:x", "7:", "7:sha256:12"])
def test_the_verifier_refuses_a_head_that_nobody_can_have_kept(kept: str) -> None:
    done = verify("https://facts.example", kept)
    assert (done.returncode, "SEQUENCE:HASH" in done.stderr) == (2, True)


def test_the_verifier_says_in_one_line_that_a_site_does_not_answer() -> None:
    done = verify("http://127.0.0.1:9")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "does not answer as a feed does" in done.stderr
