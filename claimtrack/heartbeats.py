"""Signs of life of the Celery worker and of beat, kept in Redis under names that expire."""

import time
from functools import lru_cache
from typing import Any

import redis
from celery import beat, signals
from django.conf import settings

# A part counts as alive this many seconds after its last sign; both give one every EVERY seconds.
ALIVE_FOR = 60
EVERY = 5

_last_sign: dict[str, float] = {}


@lru_cache(maxsize=1)
def connection() -> redis.Redis:
    """Short timeouts: a monitor wants an answer, not patience."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def give_sign(part: str) -> None:
    """Say that `part` lives, at most every EVERY seconds. A missing Redis is Redis's problem, not the part's."""
    now = time.monotonic()
    if now - _last_sign.get(part, -EVERY) < EVERY:
        return
    _last_sign[part] = now
    try:
        connection().set(f"claimtrack:heartbeat:{part}", int(time.time()), ex=ALIVE_FOR)
    except redis.RedisError:
        return


def seconds_since_sign(part: str) -> int | None:
    """Age of the last sign in seconds, None when there was none lately. Raises redis.RedisError."""
    value: Any = connection().get(f"claimtrack:heartbeat:{part}")
    return None if value is None else max(0, int(time.time()) - int(value))


@signals.heartbeat_sent.connect
def _worker_lives(**_: Any) -> None:
    give_sign("worker")


class Scheduler(beat.Scheduler):  # type: ignore[misc,unused-ignore]
    """Beat's own in-memory scheduler, giving a sign at each tick.

    No schedule file: every entry is a question asked again within minutes, so there is nothing to remember.
    """

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        give_sign("beat")
        # Beat may sleep for long between entries; it must wake in time for its next sign.
        return min(super().tick(*args, **kwargs), EVERY)
