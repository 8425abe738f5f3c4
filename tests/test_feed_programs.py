"""Every program on the page about the API runs and prints something, also those that are copied whole."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from claims import services
from claims.models import User
from claims.serving.page_cache import page_cache
from feed.describing.programs import CLIENTS
from tests.docs_page import blocks, page_of
from tests.make import make_correction
from tests.schema_rows import Site, make_site

HERE = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


@pytest.fixture
def live(live_server: LiveServer, settings: Settings, checker: User, editor: User) -> Iterator[Site]:
    settings.SITE_URL = live_server.url
    settings.DEBUG = False
    page_cache.clear()
    yield make_site(checker, editor)


def run(command: list[str], program: str, *, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, input=program, capture_output=True, text=True, timeout=60, check=False, env=HERE, cwd=cwd
    )


AFTER_EACH = "-- end of a program --"
# All programs of a language in one process, each in a scope of its own: starting one takes longer than the programs.
TOGETHER = {
    "Python": lambda programs: f"for text in {programs!r}:\n    exec(text, {{}})\n    print({AFTER_EACH!r})",
    "JavaScript": lambda programs: "".join(f"{{\n{text}\nconsole.log({AFTER_EACH!r});\n}}\n" for text in programs),
    "curl": lambda programs: "".join(f"(\n{text}\n)\necho; echo '{AFTER_EACH}'\n" for text in programs),
}
RUNNERS = {"Python": [sys.executable, "-"], "JavaScript": ["node", "--input-type=module", "-"], "curl": ["sh", "-eu"]}
NEEDS = {"Python": sys.executable, "JavaScript": "node", "curl": "curl"}


def outcomes(language: str, programs: list[str]) -> list[str]:
    """What each program printed. Where the language is not installed: the program, if it looks like one."""
    if shutil.which(NEEDS[language]) is None:
        for program in programs:
            assert program.startswith(("curl ", "const answer = await fetch(", "address="))
            assert program.count("(") == program.count(")") and program.count("'") % 2 == 0
        return programs
    result = run(RUNNERS[language], TOGETHER[language](programs))
    assert result.returncode == 0, f"{result.stdout[-500:]}\n{result.stderr[-2000:]}"
    return result.stdout.split(AFTER_EACH)[:-1]


@pytest.mark.parametrize("language", ["curl", "Python", "JavaScript"])
def test_every_program_on_the_page_runs_and_prints_something(client: Client, live: Site, language: str) -> None:
    programs = [text for each, text in blocks(page_of(client), "data-run") if each == language]
    assert len(programs) >= 18
    for program, printed in zip(programs, outcomes(language, programs), strict=True):
        assert printed.strip(), program


def test_the_program_that_asks_again_gets_an_empty_304(client: Client, live: Site) -> None:
    [program] = [text for _, text in blocks(page_of(client), "data-run") if "If-None-Match" in text]
    [printed] = outcomes("curl", [program])
    assert "304" in printed.splitlines()[0] or printed == program


def test_every_program_of_the_guide_runs_and_prints_something(client: Client, live: Site) -> None:
    page = client.get("/developers/").content.decode()
    programs = blocks(page, "data-run")
    assert {language for language, _ in programs} == {"curl", "Python"}
    for language, program in programs:
        [printed] = outcomes(language, [program])
        assert printed.strip(), program


def clients() -> list[tuple[str, list[str]]]:
    """The whole clients and what runs them, as far as it is there; Python always is."""
    runners = {"follow.py": [sys.executable], "follow.mjs": ["node"], "follow.sh": ["sh"]}
    needs = {"follow.py": [], "follow.mjs": ["node"], "follow.sh": ["curl", "jq"]}
    return [(name, runner) for name, runner in runners.items() if all(map(shutil.which, needs[name]))]


@pytest.mark.parametrize(("name", "runner"), clients())
def test_a_client_copied_from_the_page_misses_no_correction(
    client: Client, live: Site, checker: User, editor: User, tmp_path: Path, name: str, runner: list[str]
) -> None:
    program, copies = tmp_path / name, tmp_path / "copies"
    copies.mkdir()
    program.write_text(dict(blocks(page_of(client), "data-file"))[name])

    def follow() -> list[str]:
        result = run([*runner, str(program), str(copies)], "")
        assert result.returncode == 0, result.stderr
        return sorted(line.split()[0] for line in result.stdout.splitlines())

    def kept(claim: Any) -> Any:
        return json.loads((copies / f"{claim.public_id}.json").read_text())

    assert follow() == ["published", "published", "retracted", "under_review", "withheld"]
    assert follow() == []
    assert "claim" not in kept(live.withheld)

    make_correction(live.published, checker, editor, headline="Another headline")
    services.retract_verdict(live.corrected, by=editor, reason="We were wrong.")
    assert follow() == ["published", "retracted"]
    assert kept(live.published)["headline"] == "Another headline"
    assert kept(live.corrected)["status_reason"] == "We were wrong."
    assert follow() == []


def test_a_client_notices_a_history_that_was_written_anew(client: Client, live: Site, tmp_path: Path) -> None:
    program = tmp_path / "follow.py"
    program.write_text(dict(blocks(page_of(client), "data-file"))["follow.py"])
    for place in ({"sequence": 3, "hash": "sha256:" + "a" * 64}, {"sequence": 9999, "hash": "sha256:" + "a" * 64}):
        (tmp_path / "place.json").write_text(json.dumps(place))
        result = run([sys.executable, str(program), str(tmp_path)], "")
        assert result.returncode == 1
        assert "not the one you followed" in result.stderr


def test_every_client_is_a_program_of_its_language() -> None:
    """Also where nothing is installed that could run it."""
    compile((CLIENTS / "follow.py").read_text(), "follow.py", "exec")
    assert run(["sh", "-n"], (CLIENTS / "follow.sh").read_text()).returncode == 0
    module = (CLIENTS / "follow.mjs").read_text()
    assert all(module.count(left) == module.count(right) for left, right in ("()", "{}", "[]"))
