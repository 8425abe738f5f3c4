"""The page about the API: its programs run and print something, its answers are true, and it needs no script."""

from __future__ import annotations

import html
import json
import re
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
from claims.choices import VerdictStatus
from claims.models import User
from claims.serving.page_cache import page_cache
from feed.describing.programs import CLIENTS
from tests.make import make_correction
from tests.schema_rows import Site, make_site

DOCS = "/api/docs/"
BLOCK = re.compile(r'<pre tabindex="0"([^>]*)><code>(.*?)</code></pre>', re.DOTALL)
HERE = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


@pytest.fixture
def site(checker: User, editor: User) -> Site:
    return make_site(checker, editor)


@pytest.fixture
def live(live_server: LiveServer, settings: Settings, checker: User, editor: User) -> Iterator[Site]:
    settings.SITE_URL = live_server.url
    settings.DEBUG = False
    page_cache.clear()
    yield make_site(checker, editor)


def page_of(client: Client) -> str:
    response = client.get(DOCS)
    assert response.status_code == 200
    return response.content.decode()


def blocks(page: str, mark: str) -> list[tuple[str, str]]:
    """(value of the attribute, text) of every program or answer that has it."""
    found = []
    for attributes, text in BLOCK.findall(page):
        match = re.search(rf'{mark}="([^"]*)"', attributes)
        if match:
            found.append((html.unescape(match[1]), html.unescape(text)))
    return found


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


def test_the_guide_names_every_state_of_a_verdict(client: Client, site: Site) -> None:
    page = client.get("/developers/").content.decode()
    for status in VerdictStatus.values:
        assert f"<dt><code>{status}</code></dt>" in page


@pytest.mark.parametrize("path", ["/developers/", "/kk/developers/"])
def test_every_address_the_guide_links_answers(client: Client, site: Site, path: str) -> None:
    page = client.get(path).content.decode().partition('<div class="prose"')[2].partition("</main>")[0]
    for address in re.findall(r'href="(/[^"#]*)', page):
        response: Any = client.get(address)
        assert response.status_code == 200 and response.getvalue(), address
    for place in re.findall(r'href="#([^"]*)', page):
        assert f'id="{place}"' in page


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


def test_every_answer_shown_is_the_answer_given(client: Client, site: Site) -> None:
    answers = blocks(page_of(client), "data-answer")
    assert len(answers) > 15
    for address, shown in answers:
        response: Any = client.get(address)
        given = response.getvalue().decode()
        if shown[:1] == "{" and given[:1] == "{" and "ndjson" not in address and "jsonld" not in address:
            assert json.loads(shown) == json.loads(given), address
        else:
            assert shown[:40] == given[:40], address


def test_the_problem_shown_is_the_problem_given(client: Client, site: Site) -> None:
    [(address, shown)] = blocks(page_of(client), "data-problem")
    assert client.get(address.removeprefix("http://testserver")).json() == json.loads(shown)


def test_nothing_on_the_page_is_from_elsewhere_or_needs_a_script(client: Client, site: Site) -> None:
    page = page_of(client)
    assert [source for source in re.findall(r'(?:src|href)="(?!#)([^"]*)"', page) if not source.startswith("/")] == []
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|style=", page)
    assert client.get(DOCS)["Content-Security-Policy"].startswith("default-src 'self'")


def test_what_people_wrote_stands_on_the_page_as_text(client: Client, site: Site) -> None:
    """The claim in the answers speaks of </script>."""
    assert "&lt;/script&gt;" in page_of(client)
    assert page_of(client).count("</script>") == 1


def test_a_site_that_has_published_nothing_has_the_page_too(client: Client, db: None) -> None:
    page = page_of(client)
    assert "until this site publishes something" in page
    assert "<code>/api/v1/verdicts/{id}/</code>" in page


def test_every_parameter_of_every_address_is_explained(client: Client, site: Site) -> None:
    from feed.describing.operations import answering

    page = page_of(client)
    for operation in answering():
        section = page.split(f'<h3 id="{operation.name}">')[1].split("</section>")[0]
        for parameter in operation.parameters:
            assert f"<code>{html.escape(parameter.name)}</code>" in section
