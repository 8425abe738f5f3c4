"""What wraps every request: health, 503 while a part is away, headers, proxies."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django import Settings

from claimtrack import heartbeats, middleware
from claimtrack.urls import urlpatterns as all_urls


def _fails(request: HttpRequest) -> HttpResponse:
    raise OperationalError("server closed the connection unexpectedly")


def _breaks(request: HttpRequest) -> HttpResponse:
    raise ValueError("a mistake of ours")


urlpatterns = [path("api/v1/fails", _fails), path("fails", _fails), path("breaks", _breaks), *all_urls]
handler500 = middleware.server_error


def _redis_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(django_settings.REDIS_URL, socket_connect_timeout=1).ping())
    except redis.RedisError:
        return False


needs_redis = pytest.mark.skipif(not _redis_answers(), reason="TEST_REDIS_URL names no Redis that answers")


@pytest.fixture
def heart() -> Iterator[redis.Redis]:
    """Redis without any heartbeat in it."""
    connection_ = heartbeats.connection()
    keys = ["claimtrack:heartbeat:worker", "claimtrack:heartbeat:beat"]
    heartbeats._last_sign.clear()
    connection_.delete(*keys)
    yield connection_
    connection_.delete(*keys)


@pytest.fixture
def no_redis(settings: Settings) -> Iterator[None]:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        settings.REDIS_URL = f"redis://127.0.0.1:{unused.getsockname()[1]}/0"
        heartbeats.connection.cache_clear()
        yield
    heartbeats.connection.cache_clear()


def test_healthz_answers_without_a_database(client: Client) -> None:
    # No `db` fixture: touching the database would fail this test.
    response = client.get("/healthz")
    assert response.status_code == 200 and response.content == b"ok\n"


@needs_redis
@pytest.mark.django_db
def test_readyz_is_content_when_every_part_lives(client: Client, heart: redis.Redis) -> None:
    heartbeats.give_sign("worker")
    heartbeats.give_sign("beat")
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["failing"] == []


@needs_redis
@pytest.mark.django_db
@pytest.mark.parametrize(("living", "missing"), [("worker", "beat"), ("beat", "worker")])
def test_readyz_names_the_part_without_a_heartbeat(
    client: Client, heart: redis.Redis, living: str, missing: str
) -> None:
    heartbeats.give_sign(living)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["failing"] == [missing]


@needs_redis
@pytest.mark.django_db
def test_a_heartbeat_expires_by_itself(heart: redis.Redis) -> None:
    heartbeats.give_sign("beat")
    assert 0 < int(heart.ttl("claimtrack:heartbeat:beat")) <= heartbeats.ALIVE_FOR


@pytest.mark.django_db
def test_readyz_names_redis_when_it_is_gone(client: Client, no_redis: None) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["failing"] == ["redis", "worker", "beat"]
    assert response.json()["parts"]["database"] == {"status": "ok"}


def test_a_heartbeat_without_redis_is_silent(no_redis: None) -> None:
    heartbeats._last_sign.clear()
    heartbeats.give_sign("worker")


@pytest.mark.django_db
def test_readyz_names_the_database_when_it_fails(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(type(connections["default"]), "cursor", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "database" in response.json()["failing"]
    assert "refused" not in response.content.decode()


@pytest.mark.django_db
def test_pages_keep_answering_without_redis(client: Client, no_redis: None) -> None:
    assert client.get("/").status_code == 200


@pytest.mark.urls("tests.test_platform_requests")
def test_a_page_is_503_while_the_database_is_away(client: Client) -> None:
    response = client.get("/fails")
    assert response.status_code == 503
    assert response["Retry-After"] == "30" and response["Cache-Control"] == "no-store"
    assert "try again" in response.content.decode()


@pytest.mark.urls("tests.test_platform_requests")
def test_the_api_answers_a_problem_document_while_the_database_is_away(client: Client) -> None:
    response = client.get("/api/v1/fails")
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= json.loads(response.content).keys()


@pytest.mark.urls("tests.test_platform_requests")
def test_a_failure_outside_the_view_is_503_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OperationalError("gone")

    # The desk's login reads the session; its first query comes from a middleware.
    monkeypatch.setattr(Session.objects, "get", refuse)
    client.cookies["sessionid"] = "x" * 32
    client.raise_request_exception = False
    assert client.get("/admin/").status_code == 503


@pytest.mark.urls("tests.test_platform_requests")
def test_our_own_mistakes_stay_500(client: Client) -> None:
    client.raise_request_exception = False
    assert client.get("/breaks").status_code == 500


@pytest.mark.django_db
def test_readers_get_no_cookie_and_a_strict_policy(client: Client) -> None:
    response = client.get("/")
    assert not response.cookies
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_only_the_desk_may_evaluate_scripts(client: Client) -> None:
    assert "'unsafe-eval'" in client.get("/admin/login/")["Content-Security-Policy"]


def _seen(remote: str, trusted: list[str], settings: Settings, **headers: str) -> tuple[str, bool]:
    settings.TRUSTED_PROXIES = trusted
    seen: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    spelled = {name.replace("_", "-"): value for name, value in headers.items()}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers=spelled)
    middleware.TrustedProxiesMiddleware(view)(request)
    return seen[0].META["REMOTE_ADDR"], seen[0].is_secure()


def test_a_strangers_forwarding_headers_are_ignored(settings: Settings) -> None:
    seen = _seen("8.8.8.8", ["10.0.0.0/8"], settings, x_forwarded_for="1.2.3.4", x_forwarded_proto="https")
    assert seen == ("8.8.8.8", False)


def test_a_trusted_proxys_forwarding_headers_are_believed(settings: Settings) -> None:
    seen = _seen("10.0.0.1", ["10.0.0.0/8"], settings, x_forwarded_for="1.2.3.4", x_forwarded_proto="https")
    assert seen == ("1.2.3.4", True)


def test_an_address_forged_in_front_of_the_chain_is_not_believed(settings: Settings) -> None:
    seen = _seen("10.0.0.1", ["10.0.0.0/8"], settings, x_forwarded_for="6.6.6.6, 1.2.3.4, 10.0.0.2")
    assert seen == ("1.2.3.4", False)
