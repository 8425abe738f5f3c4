"""How many messages one network may send: counted by the limiter of the API, under a name that tells nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from feed.admission.readers import wait_of
from tests.throwaway_redis import ThrowawayRedis


@pytest.fixture(scope="module")
def running() -> Iterator[ThrowawayRedis]:
    server = ThrowawayRedis()
    server.start()
    yield server
    server.remove()


def test_each_network_has_its_own_count_and_redis_never_holds_an_address(
    running: ThrowawayRedis, settings: Settings
) -> None:
    settings.REDIS_URL, settings.RATE_FORMS = running.url, 2
    assert [wait_of("192.0.2.7"), wait_of("192.0.2.7")] == [0, 0]
    assert 0 < wait_of("192.0.2.7") <= 3600
    assert wait_of("192.0.2.8") == 0
    assert [wait_of("2001:db8::1"), wait_of("2001:db8::2"), wait_of("2001:db8::3") > 0] == [0, 0, True]
    assert "192.0.2" not in str(running.ask("KEYS", "*"))


def test_without_a_limit_or_without_redis_nobody_waits(settings: Settings) -> None:
    settings.RATE_FORMS = 0
    assert wait_of("192.0.2.7") == 0
    settings.RATE_FORMS, settings.REDIS_URL = 1, "redis://127.0.0.1:1/0"
    assert [wait_of("192.0.2.7"), wait_of("192.0.2.7")] == [0, 0]
