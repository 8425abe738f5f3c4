"""What wraps a machine's request: little, and always an answer that machines read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from claimtrack import short_stack, watchdog
from feed.views.base import MOST_QUERY
from feed.views.verdicts import VerdictList
from tests.feed_rows import store_documents

VERDICTS = "/api/v1/verdicts/"
NOTHING = ("/api/v1/nothing/", "/feeds/nothing.rss", "/v1alpha1/nothing")


@pytest.mark.parametrize("path", [VERDICTS, "/feeds/nothing.rss"])
def test_it_sends_the_security_headers_that_pages_send(client: Client, db: None, path: str) -> None:
    page, answer = client.get("/"), client.get(path)
    for name in (
        "Content-Security-Policy",
        "Cross-Origin-Opener-Policy",
        "Referrer-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
    ):
        assert answer[name] == page[name]


@pytest.mark.parametrize(("secure", "sent"), [(True, True), (False, False)])
def test_browsers_are_held_to_https_where_the_site_has_it(
    db: None, settings: Settings, secure: bool, sent: bool
) -> None:
    settings.SECURE_HSTS_SECONDS = 3600
    assert ("Strict-Transport-Security" in Client().get(VERDICTS, secure=secure)) is sent


def test_a_session_cookie_is_not_even_looked_at(client: Client, db: None, django_assert_num_queries: Any) -> None:
    client.cookies["sessionid"] = "x" * 32
    store_documents(1)
    with django_assert_num_queries(1):
        response = client.get(VERDICTS)
    assert response.status_code == 200 and "Cookie" not in response["Vary"]


@pytest.mark.parametrize("path", NOTHING)
def test_nothing_is_a_problem_below_every_address_of_machines(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "json" in response["Content-Type"] and response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", [VERDICTS, *NOTHING])
def test_a_host_that_is_not_ours_is_refused_everywhere(client: Client, path: str) -> None:
    response = client.get(path, headers={"host": "evil.example"})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_a_form_from_anywhere_meets_no_csrf_check(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post(VERDICTS, {"q": "x"})
    assert response.status_code == 405


def test_what_a_client_got_wrong_is_not_written_to_the_log(
    client: Client, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    for path in (*NOTHING, f"{VERDICTS}?page_size=x"):
        client.get(path)
    assert caplog.records == []


def test_what_fails_around_a_view_is_a_problem_and_is_logged(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("secret inside")

    monkeypatch.setattr(VerdictList, "finalize_response", fail)
    response = client.get(VERDICTS)
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert "secret" not in response.content.decode() and "secret inside" in caplog.text


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """PostgreSQL refuses every statement of the view; holds one entry per attempt."""
    attempts: list[int] = []

    def refuse(*args: object, **kwargs: object) -> None:
        attempts.append(1)
        raise OperationalError("too many clients")

    monkeypatch.setattr(VerdictList, "state_and_body", refuse)
    return attempts


def test_a_database_that_refuses_is_a_503_that_says_when_to_come_back(
    client: Client, db: None, away: list[int]
) -> None:
    response = client.get(VERDICTS)
    assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")
    assert (response["Retry-After"], response["Cache-Control"]) == ("30", "no-store")
    assert len(away) == 1  # the connection works: nothing says that a second try would fare better


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid: int = cursor.fetchone()[0]
    return pid


def end(pid: int) -> None:
    """As a restart of PostgreSQL ends every connection."""
    other = psycopg2.connect(**parameters())
    other.autocommit = True
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        for _ in range(200):
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
            if not cursor.fetchone()[0]:
                break
            time.sleep(0.01)
    other.close()


def parameters() -> dict[str, Any]:
    known = connection.get_connection_params()
    return {name: known[name] for name in ("dbname", "user", "password", "host", "port") if known.get(name)}


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_closed_meanwhile_costs_no_error(client: Client) -> None:
    pid = backend()
    end(pid)
    assert client.get(VERDICTS).status_code == 200
    assert backend() != pid


@pytest.mark.django_db(transaction=True)
def test_without_the_second_try_it_would(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proof that the test above can fail."""
    monkeypatch.setattr(short_stack, "AT_ONCE", -1.0)
    end(backend())
    assert client.get(VERDICTS).status_code == 503
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_request_asks_for_nothing_but_its_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's own way is a `SELECT 1` before the first statement of every request."""
    asked: list[int] = []
    monkeypatch.setattr(type(connection._connections[connection._alias]), "is_usable", lambda self: asked.append(1))  # type: ignore[attr-defined]
    backend()
    connection.health_check_enabled = True  # type: ignore[attr-defined]
    connection.health_check_done = False  # type: ignore[attr-defined]
    client.get(VERDICTS)
    assert asked == []


@pytest.mark.parametrize("query", ["q=" + "x" * MOST_QUERY, "&" * 1_000_000])
def test_an_endless_query_is_told_how_long_one_may_be(client: Client, db: None, query: str) -> None:
    response = client.get(f"{VERDICTS}?{query}")
    assert response.status_code == 414
    assert f"at most {MOST_QUERY} bytes" in response.json()["detail"]


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[Any]:
    """A connection as the web server's, under a watchdog in a hurry."""
    monkeypatch.setattr(watchdog, "PATIENCE", 0.3)
    monkeypatch.setattr(watchdog, "EVERY", 0.05)
    watched = psycopg2.connect(**parameters(), connection_factory=watchdog.Connection, cursor_factory=watchdog.Cursor)
    pid = watched.info.backend_pid
    yield watched
    watched.close()
    end(pid)  # which does not notice by itself that nobody waits any more


def test_a_statement_that_never_ends_is_cut(watched: Any) -> None:
    began = time.monotonic()
    with pytest.raises(psycopg2.OperationalError):
        watched.cursor().execute("SELECT pg_sleep(20)")
    assert time.monotonic() - began < 5
    assert watched.closed


def test_a_cursor_on_the_server_is_cut_too(watched: Any) -> None:
    cursor = watched.cursor("named")
    cursor.execute("SELECT pg_sleep(20)")
    with pytest.raises(psycopg2.OperationalError):
        cursor.fetchmany(1)


def test_quick_statements_one_after_the_other_are_left_alone(watched: Any) -> None:
    cursor = watched.cursor()
    end = time.monotonic() + 0.9
    while time.monotonic() < end:
        cursor.execute("SELECT pg_sleep(0.01)")
    watched.commit()
    assert watchdog._waiting == {}
