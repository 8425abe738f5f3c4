"""The count: exact under races, sliding, and open, visibly, while Redis is away, slow or full."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from feed.admission.limits import OPEN_FOR, Counted, Limiter
from tests.gate import Clock
from tests.throwaway_redis import ThrowawayRedis


@pytest.fixture(scope="module")
def running() -> Iterator[ThrowawayRedis]:
    server = ThrowawayRedis()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def server(running: ThrowawayRedis) -> ThrowawayRedis:
    """Empty."""
    running.ask("FLUSHALL")
    return running


@pytest.fixture
def fragile(server: ThrowawayRedis) -> Iterator[ThrowawayRedis]:
    """One that the test may break."""
    yield server
    server.stop()
    server.start()


@pytest.fixture
def clock() -> Clock:
    return Clock()


# The count.


def fill(server: ThrowawayRedis, client: str, ages: dict[int, int]) -> None:
    """As if so many requests had come in so many seconds ago."""
    now = int(server.ask("TIME")[0])
    for age, requests in ages.items():
        server.ask("HSET", f"claimtrack:requests:{client}", now - age, requests)


def test_so_many_requests_pass_and_no_more(server: ThrowawayRedis) -> None:
    limiter = Limiter(server.url)
    counts = [limiter.count("somebody", 3) for _ in range(4)]
    assert [count and (count.passes, count.left) for count in counts] == [(True, 2), (True, 1), (True, 0), (False, 0)]
    assert limiter.count("somebody else", 3) == Counted(True, 2, 60)


def test_racing_requests_never_pass_together(server: ThrowawayRedis) -> None:
    limiter = Limiter(server.url)
    with ThreadPoolExecutor(8) as threads:
        counts = list(threads.map(lambda _: limiter.count("somebody", 100), range(400)))
    assert sum(count is not None and count.passes for count in counts) == 100


def test_who_waited_as_told_is_let_in(server: ThrowawayRedis) -> None:
    fill(server, "somebody", {59: 100})
    limiter = Limiter(server.url)
    begun, waits = time.monotonic(), []
    while (count := limiter.count("somebody", 100)) is not None and not count.passes:
        waits.append(count.seconds)
        time.sleep(0.02)
    assert count is not None and time.monotonic() - begun < 1.2
    assert set(waits) <= {1}


def test_the_edge_of_two_minutes_doubles_nothing(server: ThrowawayRedis) -> None:
    fill(server, "somebody", {50: 60, 5: 40})
    count = Limiter(server.url).count("somebody", 100)
    assert count is not None and not count.passes and 9 <= count.seconds <= 10


def test_what_left_the_window_counts_no_more(server: ThrowawayRedis) -> None:
    fill(server, "somebody", {3600: 1000, 61: 90, 30: 7})
    count = Limiter(server.url).count("somebody", 100)
    assert count is not None and (count.passes, count.left) == (True, 92)
    assert 29 <= count.seconds <= 30
    assert server.ask("HLEN", "claimtrack:requests:somebody") <= 5


def test_who_must_wait_is_told_until_enough_comes_back(server: ThrowawayRedis) -> None:
    fill(server, "somebody", {50: 1, 40: 1, 20: 98})
    count = Limiter(server.url).count("somebody", 100, cost=2)
    assert count is not None and not count.passes and 19 <= count.seconds <= 20


def test_a_count_is_forgotten_a_minute_after_the_last_request(server: ThrowawayRedis) -> None:
    Limiter(server.url).count("somebody", 3)
    assert 0 < server.ask("TTL", "claimtrack:requests:somebody") <= 60


def test_what_costs_more_than_there_is_passes_once(server: ThrowawayRedis) -> None:
    limiter = Limiter(server.url)
    counts = [limiter.count("somebody", 3, cost=100) for _ in range(2)]
    assert [count and count.passes for count in counts] == [True, False]


def test_a_flushed_redis_only_starts_anew(server: ThrowawayRedis) -> None:
    limiter = Limiter(server.url)
    limiter.count("somebody", 1)
    server.ask("FLUSHALL")
    server.ask("SCRIPT", "FLUSH")
    count = limiter.count("somebody", 1)
    assert count is not None and count.passes and not limiter.is_open


# Redis away.


def test_without_redis_requests_pass_at_once(fragile: ThrowawayRedis, clock: Clock) -> None:
    limiter = Limiter(fragile.url, clock)
    limiter.count("somebody", 1)
    fragile.stop()
    begun = time.monotonic()
    assert [limiter.count("somebody", 1) for _ in range(1000)] == [None] * 1000
    assert time.monotonic() - begun < 0.5


def test_a_redis_that_never_answers_is_waited_for_once(fragile: ThrowawayRedis, clock: Clock) -> None:
    limiter = Limiter(fragile.url, clock)
    limiter.count("somebody", 1)
    fragile.freeze()
    begun = time.monotonic()
    assert [limiter.count("somebody", 1) for _ in range(100)] == [None] * 100
    assert time.monotonic() - begun < 0.5
    fragile.thaw()


def test_a_late_answer_is_not_taken_for_the_next_ones(fragile: ThrowawayRedis, clock: Clock) -> None:
    limiter = Limiter(fragile.url, clock)
    limiter.count("somebody", 10)
    fragile.freeze()
    limiter.count("somebody", 10)
    fragile.thaw()
    clock.now += OPEN_FOR
    count = limiter.count("somebody else", 1)
    assert count is not None and (count.passes, count.left) == (True, 0)


def test_a_full_redis_limits_nobody(fragile: ThrowawayRedis, clock: Clock) -> None:
    limiter = Limiter(fragile.url, clock)
    fragile.ask("CONFIG", "SET", "maxmemory", "1")
    assert limiter.count("somebody", 1) is None
    assert limiter.is_open


def test_limits_hold_again_when_redis_is_back(fragile: ThrowawayRedis, clock: Clock) -> None:
    limiter = Limiter(fragile.url, clock)
    fragile.stop()
    assert limiter.count("somebody", 1) is None
    fragile.start()
    clock.now += OPEN_FOR
    counts = [limiter.count("somebody", 1) for _ in range(2)]
    assert [count and count.passes for count in counts] == [True, False]


def test_a_connection_redis_closed_is_opened_anew(fragile: ThrowawayRedis, clock: Clock) -> None:
    limiter = Limiter(fragile.url, clock)
    limiter.count("somebody", 1)
    fragile.stop()
    fragile.start()
    assert limiter.count("somebody", 1) is not None


def test_the_log_says_so_once_a_minute(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    limiter = Limiter("redis://127.0.0.1:1/0", clock)
    for _ in range(100):
        limiter.count("somebody", 1)
        clock.now += 1
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2
    assert "not limited" in caplog.text
