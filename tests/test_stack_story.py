"""The story on a running script/server, with HTTP and nothing else: desk, worker, beat, newsroom, page, feed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from claimtrack import env
from demo.local_pages import ROADS
from tests.desk import CLAIMS, fields_of, row
from tests.stack import Stack, caller, free_port, wait_for

pytestmark = pytest.mark.stack

QUOTE = "its crews resurfaced 42 kilometres of road"


class Person:
    """A browser without JavaScript, signed in at the desk with a password."""

    def __init__(self, site: str, name: str, password: str) -> None:
        self.site = site
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        fields = fields_of(self.get("/admin/login/"), "login-form")
        self.post("/admin/login/?next=/admin/", fields | {"username": name, "password": password})
        assert "/admin/logout/" in self.get("/admin/"), f"{name} could not sign in"

    def get(self, path: str) -> str:
        with self.opener.open(self.site + path, timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, fields: dict[str, Any]) -> tuple[str, str]:
        """The address that was led to, and its page."""
        data = urlencode(fields, doseq=True).encode()
        with self.opener.open(self.site + path, data=data, timeout=20) as answer:
            return answer.url.removeprefix(self.site), answer.read().decode()

    def fill(self, path: str, form: str, **changes: Any) -> tuple[str, str]:
        return self.post(path, fields_of(self.get(path), form) | changes)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """With the demo, whose newsroom is the page on the other side of the story."""
    running = Stack(tmp_path_factory.mktemp("story") / "var")
    running.start(CLAIMTRACK_DEMO="1", CLAIMTRACK_DEMO_PORT=str(free_port()))
    running.until("/readyz", 200, seconds=120)
    yield running
    running.end()


def api(stack: Stack, path: str) -> Any:
    status, body = stack.ask(f"/api/v1/{path}")
    assert status == 200, (path, status, body[:500])
    return json.loads(body)


def manage(stack: Stack, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=env.ROOT,
        env=caller(stack.data, **stack.variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def log_claim(checker: Person, page: str) -> str:
    """Path of the claim on the desk."""
    evidence = row("evidence", 0, kind="page", stance="refutes", url=page, quote=QUOTE)
    path, body = checker.fill(
        f"{CLAIMS}add/", "claim_form", text="The crews resurfaced every road in town", language="en", **evidence
    )
    assert path.endswith("/change/"), body
    return path.removesuffix("change/")


def test_the_story_over_http_alone(stack: Stack) -> None:
    password = (stack.data / "demo-password").read_text().strip()
    checker = Person(stack.site, "checker", password)
    editor = Person(stack.site, "editor", password)
    newsroom = f"http://127.0.0.1:{stack.variables['CLAIMTRACK_DEMO_PORT']}{ROADS}"

    claim = log_claim(checker, newsroom)
    checker.fill(
        f"{claim}draft/",
        "draft_form",
        rating=next(value for value, name in ratings(checker, claim) if name == "False"),
        headline="Forty-two kilometres, not every road",
        summary="The road office counts 42 kilometres. The town has more roads than that.",
        _submit="1",
    )
    path, body = checker.fill(f"{claim}approve/", "step_form") if can_open(checker, claim) else ("", "")
    assert not path.endswith("/change/"), "the author approved her own draft"
    before = api(stack, "events/?page_size=1")["head"]["sequence"]
    path, body = editor.fill(f"{claim}approve/", "step_form")
    assert path.endswith("/change/"), body

    event = api(stack, f"events/?after={before}")["results"][0]
    assert event["type"] == "verdict.published"
    public_id = event["verdict"]["id"]
    verdict = api(stack, f"verdicts/{public_id}/")
    assert (verdict["status"], verdict["evidence"][0]["quote_status"]) == ("published", "intact")
    page = verdict["url"].removeprefix(stack.site)
    assert "Forty-two kilometres, not every road" in stack.ask(page)[1].decode()

    assert "42" in manage(stack, "demo_drift")
    assert wait_for(lambda: api(stack, f"verdicts/{public_id}/")["status"] == "under_review", seconds=60)
    verdict = api(stack, f"verdicts/{public_id}/")
    assert (verdict["rating"]["code"], verdict["review"]["opened_by"]) == ("false", "machine")
    assert "our rating stands while we look" in stack.ask(page)[1].decode()
    assert "Forty-two kilometres, not every road" in stack.ask("/")[1].decode()
    assert "The crews resurfaced every road in town" in checker.get("/admin/")
    assert "verdict.review_opened" in {e["type"] for e in api(stack, f"events/?after={before}")["results"]}

    path, body = checker.fill(f"{claim}confirm/", "step_form", note="The office confirmed 42 by telephone.")
    assert path.endswith("/change/"), body
    assert api(stack, f"verdicts/{public_id}/")["status"] == "published"
    assert "fit" in manage(stack, "verify_history")


def ratings(person: Person, claim: str) -> list[tuple[str, str]]:
    """(value, name) of every rating the draft form offers."""
    select = re.search(r'<select[^>]*name="rating".*?</select>', person.get(f"{claim}draft/"), re.S)
    assert select, "the draft form offers no rating"
    return re.findall(r'<option value="(\d+)"[^>]*>\s*([^<]*?)\s*</option>', select.group())


def can_open(person: Person, claim: str) -> bool:
    try:
        person.get(f"{claim}approve/")
    except HTTPError as refusal:
        return refusal.code != 403
    return True
