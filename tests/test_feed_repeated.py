"""Pollers, who ask the same question for days: each is told in the fewest words, and none misses a change."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from claims import services
from claims.models import User, VerdictVersion
from feed.serving import repeated as module
from feed.serving.repeated import repeated
from feed.views.base import PublicView
from tests.make import make_published_verdict

VERDICTS = "/api/v1/verdicts/"


@pytest.fixture
def version(checker: User, editor: User) -> VerdictVersion:
    return make_published_verdict(checker, editor)


@pytest.fixture
def poll(client: Client, version: VerdictVersion) -> Any:
    """Asks again with the ETag of the first answer; it has been told 304 once."""
    etag = client.get(VERDICTS)["ETag"]

    def ask(**headers: str) -> Any:
        return client.get(VERDICTS, headers={"if-none-match": etag} | headers)

    assert ask().status_code == 304
    return ask


def test_a_question_asked_again_is_answered_by_the_state_alone(
    poll: Any, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    before = poll()
    monkeypatch.delattr(PublicView, "read_parameters")
    with django_assert_num_queries(1):
        again = poll()
    assert again.status_code == 304
    assert again.headers == before.headers


def test_a_change_reaches_whoever_asked_the_same_before(poll: Any, version: VerdictVersion, editor: User) -> None:
    services.retract_verdict(version.verdict.claim, by=editor, reason="We were wrong.")
    answer = poll()
    assert (answer.status_code, answer.json()["results"]) == (200, [])


def test_another_condition_is_another_question(poll: Any) -> None:
    assert poll(**{"if-match": '"another"'}).status_code == 412
    assert poll(**{"if-none-match": '"another"'}).status_code == 200


def test_304_says_nothing_of_a_body_and_repeats_no_header_that_the_client_holds(poll: Any) -> None:
    answer = poll()
    assert not {"Content-Type", "Content-Length", "Content-Security-Policy", "X-Frame-Options"} & answer.headers.keys()
    assert {"ETag", "Last-Modified", "Cache-Control", "Vary", "Access-Control-Allow-Origin"} <= answer.headers.keys()


def test_what_is_remembered_is_bounded(poll: Any, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    monkeypatch.setattr(module, "LONGEST", 200)
    for query in ("page_size=1", "page_size=2", "page_size=3", "page_size=4", f"q={'x' * 190}"):
        url = f"{VERDICTS}?{query}"
        assert client.get(url, headers={"if-none-match": client.get(url)["ETag"]}).status_code == 304
    assert 1 <= len(repeated._answers) <= 3
