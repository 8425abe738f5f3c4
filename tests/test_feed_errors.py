"""Whatever is asked wrongly below /api/ is answered by a problem that says how to mend it, never by a 500."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
from django.test import Client

from feed.describing.openapi import openapi
from feed.views.verdicts import VerdictList
from tests.feed_rows import get, store_documents

VERDICTS = "/api/v1/verdicts/"


def problem(response: Any, status: int) -> Any:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "no-store"
    answer = response.json()
    assert set(answer) == {"type", "title", "status", "detail", "errors"}
    assert answer["status"] == status
    return answer


def cursor(*place: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


NEWEST = ("-published_at", "next")


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ({"page_size": "0"}, "from 1 to 200"),
        ({"page_size": "201"}, "from 1 to 200"),
        ({"page_size": "-1"}, "from 1 to 200"),
        ({"page_size": "9" * 400}, "from 1 to 200"),
        ({"page_size": "٣"}, "from 1 to 200"),
        ({"page_size": "1e2"}, "from 1 to 200"),
        ({"page_size": ""}, "leave it out"),
        ({"status": "draft"}, "one of published, under_review, retracted, withheld"),
        ({"ordering": "id"}, "one of -published_at, published_at, -updated_at, updated_at, relevance"),
        ({"ordering": "relevance"}, "needs q"),
        ({"published_after": "yesterday"}, "RFC 3339"),
        ({"published_before": "2026-02-30"}, "RFC 3339"),
        ({"updated_since": "0001-01-01T00:00:00+14:00"}, "RFC 3339"),
        ({"updated_since": "9999-12-31T23:59:59-14:00"}, "RFC 3339"),
        ({"updated_since": "1767225600"}, "RFC 3339"),
        ({"updated_since": "2026-01-01\x00"}, "RFC 3339"),
        ({"language": "english please"}, "BCP 47"),
        ({"language": "e\x00"}, "BCP 47"),
        ({"rating": "fal\x00se"}, "code"),
        ({"topic": "x" * 201}, "at most 200"),
        ({"claimant": ""}, "slug"),
        ({"q": "\x00"}, "words to look for"),
        ({"q": "\ufffd"}, "UTF-8"),
        ({"q": "x" * 201}, "200 characters"),
        ({"q": "  "}, "words to look for"),
        ({"cursor": "nonsense"}, "`next` or `previous`"),
        ({"cursor": "é\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")}, "`next` or `previous`"),
        ({"cursor": "x" * 401}, "`next` or `previous`"),
        ({"cursor": cursor()}, "`next` or `previous`"),
        ({"cursor": cursor(*NEWEST)}, "`next` or `previous`"),
        ({"cursor": cursor(*NEWEST, "not a time", "x")}, "`next` or `previous`"),
        ({"cursor": cursor(*NEWEST, "2026-01-01", "x\x00")}, "`next` or `previous`"),
        ({"cursor": cursor(*NEWEST, "2026-01-01", 7)}, "`next` or `previous`"),
        ({"cursor": cursor(*NEWEST, "2026-01-01", "x", "y")}, "`next` or `previous`"),
        ({"cursor": cursor("-published_at", "sideways", "2026-01-01", "x")}, "`next` or `previous`"),
        ({"cursor": cursor("updated_at", "next", "2026-01-01", "x")}, "another ordering"),
        ({"cursor": base64.urlsafe_b64encode(b"[" * 300).decode()}, "`next` or `previous`"),
        ({"q": "x", "ordering": "relevance", "cursor": cursor("relevance", "next", "x", "2026-01-01", "x")}, "`next`"),
        ({"limit": "10"}, "Unknown parameter"),
        ({"format": "json"}, "Unknown parameter"),
        ({"utm_source": "x"}, "Unknown parameter"),
    ],
)  # fmt: skip
def test_an_unusable_parameter_is_named_with_what_is_allowed(
    client: Client, db: None, query: dict[str, str], allowed: str
) -> None:
    name = list(query)[-1]
    # A cursor that looks like one and was never given out names a page that is not there.
    status = 404 if name == "cursor" and re.fullmatch("[A-Za-z0-9_-]{1,400}", query[name]) else 400
    answer = problem(client.get(VERDICTS, query), status)
    assert list(answer["errors"]) == [name]
    assert allowed in answer["errors"][name][0]


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 19, "1\x00", ""])
def test_an_unusable_place_in_the_log_is_refused(client: Client, db: None, after: str) -> None:
    answer = problem(client.get("/api/v1/events/", {"after": after}), 400)
    assert "the sequence of the last event" in answer["errors"]["after"][0]


def test_every_wrong_parameter_is_named_at_once(client: Client, db: None) -> None:
    answer = problem(client.get(VERDICTS, {"page_size": "x", "status": "x", "colour": "x"}), 400)
    assert set(answer["errors"]) == {"page_size", "status", "colour"}


def test_an_unknown_parameter_is_told_which_ones_are_known(client: Client, db: None) -> None:
    answer = problem(client.get(VERDICTS, {"ratings": "false"}), 400)
    assert "claimant, cursor, language, ordering" in answer["errors"]["ratings"][0]


def test_a_parameter_given_twice_is_refused(client: Client, db: None) -> None:
    answer = problem(client.get(f"{VERDICTS}?rating=true&rating=false"), 400)
    assert "more than once" in answer["errors"]["rating"][0]


def test_a_plus_sign_that_arrived_as_a_space_is_understood(client: Client, db: None) -> None:
    assert client.get(f"{VERDICTS}?updated_since=2026-01-01T05:00:00+05:00").status_code == 200


@pytest.mark.parametrize("query", ["%FF=1", "q=%FF", "%00=1", "&".join(f"a{n}=1" for n in range(1500))])
def test_a_broken_query_string_is_no_error_of_ours(client: Client, db: None, query: str) -> None:
    assert client.get(f"{VERDICTS}?{query}").status_code in (200, 400)


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/v2/verdicts/",
        "/api/v1/",
        "/api/v1/verdicts/nothing/",
        "/api/v1/verdicts/%00/",
        "/api/v1/verdicts/a%20b/",
        "/api/v1/verdicts/nothing/versions/1/",
        "/api/v1/verdicts/nothing/versions/99999999999999999999/",
        "/api/v1/sources/nothing/",
        "/api/v1/claims/nothing/",
        "/api/v1/nothing/..%2f",
        "/api/no/such/thing",
    ],
)
def test_what_is_not_there_is_a_problem_too(client: Client, db: None, path: str) -> None:
    assert problem(client.get(path), 404)["detail"]


def test_a_forgotten_last_slash_is_put_right(client: Client, db: None) -> None:
    response = client.get("/api/v1/verdicts?page_size=1")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/verdicts/?page_size=1")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_method_that_writes_is_refused_and_told_what_is_allowed(client: Client, db: None, method: str) -> None:
    response = getattr(client, method)(VERDICTS)
    problem(response, 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "accept",
    [
        *("text/html", "application/xml", "application/json;q=0", "nonsense"),
        *("application/json; q=0.000", "application/json;q=0, */*", "application/*;q=0, */*;q=0.5"),
    ],
)
def test_a_format_it_does_not_have_is_refused(client: Client, db: None, accept: str) -> None:
    problem(client.get(VERDICTS, headers={"accept": accept}), 406)


@pytest.mark.parametrize(
    "accept",
    [
        *("application/json", "text/html,*/*;q=0.8", "application/json; charset=utf-8", ""),
        *("application/json;q=0.001", "*/*;q=0, application/json"),
    ],
)
def test_json_is_given_to_whoever_takes_it(client: Client, db: None, accept: str) -> None:
    response = client.get(VERDICTS, headers={"accept": accept})
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


def test_a_fault_of_ours_is_a_problem_without_its_inside(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object, **kwargs: object) -> str:
        raise ZeroDivisionError("secret inside")

    monkeypatch.setattr(VerdictList, "body", fail)
    response = client.get(VERDICTS)
    problem(response, 500)
    assert "secret inside" not in response.content.decode()
    assert "secret inside" in caplog.text


def test_a_name_nobody_has_finds_nothing_and_is_no_error(client: Client, db: None) -> None:
    store_documents(1)
    for query in ({"rating": "nope"}, {"topic": "nope"}, {"claimant": "nope"}, {"language": "tlh"}, {"q": "nope"}):
        assert get(client, VERDICTS, **query)["results"] == []


def test_the_description_names_every_parameter_the_list_takes() -> None:
    described = openapi()["paths"][VERDICTS]["get"]["parameters"]
    assert {each["name"] for each in described} == {each.name for each in VerdictList.parameters}


def test_a_host_name_that_is_not_ours_is_a_problem_too(client: Client) -> None:
    response = client.get("/api/v1/verdicts/", headers={"host": "evil.example"})
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")


def test_no_answer_varies_by_the_reader_s_language(client: Client, db: None) -> None:
    """A shared cache keeps one copy per address: the address alone says the language."""
    for path in ("/api/v1/verdicts/", "/", "/ru/"):
        assert "Accept-Language" not in client.get(path).headers.get("Vary", "")
