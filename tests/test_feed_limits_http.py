"""Limits over HTTP: per key or address, told in headers, refused with a time to come back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from claimtrack import heartbeats
from feed.admission.gate import COST, TooMany, network_of
from feed.admission.key_text import new_key_text
from feed.choices import Scope
from feed.services import create_key
from tests.feed_rows import store_documents
from tests.gate import ask
from tests.throwaway_redis import ThrowawayRedis

VERDICTS = "/api/v1/verdicts/"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def running() -> Iterator[ThrowawayRedis]:
    server = ThrowawayRedis()
    server.start()
    yield server
    server.remove()


@pytest.fixture(autouse=True)
def heartbeats_of_its_own() -> Iterator[None]:
    """/readyz keeps a connection to the Redis it first asked; no other test gets this one's."""
    heartbeats.connection.cache_clear()
    yield
    heartbeats.connection.cache_clear()


@pytest.fixture
def counting(running: ThrowawayRedis, settings: Settings) -> ThrowawayRedis:
    """Three requests a minute for everybody, five with a key."""
    running.ask("FLUSHALL")
    settings.REDIS_URL = running.url
    settings.RATE_ANONYMOUS, settings.RATE_KEY = 3, 5
    return running


def test_every_answer_tells_the_limits(counting: ThrowawayRedis, client: Client) -> None:
    store_documents(1)
    first = client.get(VERDICTS)
    assert first.headers["RateLimit-Policy"] == '"default";q=3;w=60'
    assert first.headers["RateLimit"] == '"default";r=2;t=60'
    assert "RateLimit" in first.headers["Access-Control-Expose-Headers"]
    unchanged = client.get(VERDICTS, headers={"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, unchanged.headers["RateLimit"][:13]) == (304, '"default";r=1')
    missing = client.get("/api/v1/nothing/")
    assert (missing.status_code, missing.headers["RateLimit"][:13]) == (404, '"default";r=0')


def test_too_many_is_a_problem_that_says_when_to_come_back(counting: ThrowawayRedis, client: Client) -> None:
    answers = [client.get(VERDICTS) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused = answers[-1]
    wait = int(refused.headers["Retry-After"])
    assert 1 <= wait <= 60 and f"in {wait} s" in refused.json()["detail"]
    assert refused.headers["RateLimit"] == f'"default";r=0;t={wait}'
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_a_key_has_its_own_count(counting: ThrowawayRedis, client: Client) -> None:
    _, whole = create_key("Import", by=None)
    _, other = create_key("Other", by=None, rate=7)
    for _ in range(4):
        client.get(VERDICTS)
    for key, left in ((whole, 4), (other, 6)):
        answer = client.get(VERDICTS, headers={"Authorization": f"Api-Key {key}"})
        assert (answer.status_code, answer.headers["RateLimit"][:13]) == (200, f'"default";r={left}')


def test_guessing_counts_against_the_address(counting: ThrowawayRedis, client: Client) -> None:
    answers = [
        client.get(VERDICTS, headers={"Authorization": f"Api-Key {new_key_text().whole}"}).status_code
        for _ in range(4)
    ]  # fmt: skip
    assert answers == [401, 401, 401, 429]
    assert client.get(VERDICTS).status_code == 429


def test_a_browsers_preflight_costs_nothing(counting: ThrowawayRedis, client: Client) -> None:
    assert [client.options(VERDICTS).status_code for _ in range(9)] == [204] * 9


def test_another_address_is_another_client(counting: ThrowawayRedis) -> None:
    for address in ("192.0.2.1", "192.0.2.2"):
        assert [Client(REMOTE_ADDR=address).get(VERDICTS).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_no_header_of_the_clients_makes_another_client(counting: ThrowawayRedis, client: Client) -> None:
    answers = [client.get(VERDICTS, headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(4)]
    assert answers[-1] == 429


def test_while_redis_is_away_the_policy_stands_alone(settings: Settings, client: Client) -> None:
    settings.REDIS_URL, settings.RATE_ANONYMOUS = "redis://127.0.0.1:1/0", 1
    answers = [client.get(VERDICTS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert all("RateLimit-Policy" in answer.headers and "RateLimit" not in answer.headers for answer in answers)
    assert client.get("/readyz").json()["limits"]["status"] == "open"


def test_monitoring_sees_that_limits_hold(counting: ThrowawayRedis, client: Client) -> None:
    assert client.get("/readyz").json()["limits"] == {"status": "on"}


def test_limits_of_nothing_ask_redis_nothing(counting: ThrowawayRedis, settings: Settings, client: Client) -> None:
    settings.RATE_ANONYMOUS = settings.RATE_KEY = 0
    _, whole = create_key("Import", by=None)
    counting.ask("CONFIG", "RESETSTAT")
    for headers in ({}, {"Authorization": f"Api-Key {whole}"}):
        answer = client.get(VERDICTS, headers=headers)
        assert "RateLimit" not in answer.headers and "RateLimit-Policy" not in answer.headers
    assert "evalsha" not in str(counting.ask("INFO", "commandstats"))
    assert client.get("/readyz").json()["limits"]["status"] == "off"


def test_a_dump_costs_like_many_pages(counting: ThrowawayRedis, settings: Settings) -> None:
    settings.RATE_ANONYMOUS = 2 * COST[Scope.EXPORT]
    left: list[Any] = [ask(needs=Scope.EXPORT).headers["RateLimit"].split(";")[1] for _ in range(2)]
    assert left == [f"r={COST[Scope.EXPORT]}", "r=0"]
    with pytest.raises(TooMany):
        ask()


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_one_customer_is_one_client(address: str, client: str) -> None:
    assert network_of(address) == client


def test_neighbours_in_one_network_share_their_limit(counting: ThrowawayRedis) -> None:
    for last in range(3):
        ask(address=f"2001:db8::{last + 1}")
    with pytest.raises(TooMany):
        ask(address="2001:db8::ffff")
    ask(address="2001:db8:0:1::1")
