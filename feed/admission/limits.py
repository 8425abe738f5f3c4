"""How many requests a client may make: counted in Redis, and not at all while Redis is away.

At most `quota` requests in any 60 successive seconds of Redis' clock. Redis keeps, for each client, how many came in
each second; a script forgets the seconds that left the window and adds the request in one step, so racing requests
never pass together and the edge of two minutes doubles nothing. It is exact, where a token bucket would let twice the
quota through in its first minute, and costs Redis as much: the seconds are summed once a second, not once a request.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

WINDOW = 60
# Redis answers in a tenth of a millisecond; one that needs this long (seconds) is in trouble.
PATIENCE = 0.05
# After a failure nobody asks Redis for so long (seconds): requests pass uncounted and pay no timeout.
OPEN_FOR = 3.0
LOG_EVERY = 60.0

# KEYS[1]: the client. ARGV: quota, window in seconds, cost. Returns {1 or 0: let in, what is left, seconds until
# something (for who is not let in: enough) comes back}. `at` is the second the sum `used` was made in.
SCRIPT = b"""
local quota, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local now = tonumber(redis.call('TIME')[1])
local sums = redis.call('HMGET', KEYS[1], 'at', 'used', 'first')
local used, first = tonumber(sums[2]), tonumber(sums[3])
if tonumber(sums[1]) ~= now then
  used, first = 0, now
  local fields = redis.call('HGETALL', KEYS[1])
  for i = 1, #fields, 2 do
    local second = tonumber(fields[i])
    if second and second <= now - window then
      redis.call('HDEL', KEYS[1], fields[i])
    elseif second then
      used, first = used + tonumber(fields[i + 1]), math.min(first, second)
    end
  end
end
if used + cost > quota then
  local left = quota - used
  for second = first, now do
    left = left + tonumber(redis.call('HGET', KEYS[1], second) or 0)
    if left >= cost then return {0, math.max(quota - used, 0), second + window - now} end
  end
  return {0, 0, window}
end
redis.call('HINCRBY', KEYS[1], now, cost)
redis.call('HSET', KEYS[1], 'at', now, 'used', used + cost, 'first', first)
redis.call('EXPIRE', KEYS[1], window)
return {1, quota - used - cost, first + window - now}
"""
SHA = hashlib.sha1(SCRIPT, usedforsecurity=False).hexdigest()  # the name EVALSHA knows it by


@dataclass(frozen=True)
class Counted:
    """What the count says: may the request pass, how many more may, and for how many seconds that holds."""

    passes: bool
    left: int
    seconds: int


class Limiter:
    """`clock` counts seconds from anywhere; tests move it."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic, window: int = WINDOW) -> None:
        self.clock, self.window = clock, window
        self._connections = redis.ConnectionPool.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
        )
        # One connection per thread, spoken to without redis-py's client: a third less time per request.
        self._mine = threading.local()
        self._ask_again_at = 0.0
        self._logged_at = -LOG_EVERY

    def count(self, client: str, quota: int, cost: int = 1) -> Counted | None:
        """Count a request of `client`; None when nobody counts, because Redis is away, slow or full."""
        if self.is_open:
            return None
        if self._ask_again_at:
            # One request tries whether Redis is back; the others go on without it.
            self._ask_again_at = self.clock() + OPEN_FOR
        try:
            passes, left, seconds = self._run(client, quota, min(cost, quota))
        except (redis.RedisError, OSError) as error:
            self._open(error)
            return None
        self._ask_again_at = 0.0
        return Counted(bool(passes), left, seconds)

    @property
    def is_open(self) -> bool:
        """Redis failed a moment ago: requests pass uncounted."""
        return self._ask_again_at > self.clock()

    def ping(self) -> None:
        """Raises redis.RedisError or OSError when Redis does not answer in time."""
        self._ask("PING")

    def _run(self, client: str, quota: int, cost: int) -> Any:
        arguments = (1, f"claimtrack:requests:{client}", quota, self.window, cost)
        try:
            return self._ask("EVALSHA", SHA, *arguments)
        except redis.exceptions.NoScriptError:
            return self._ask("EVAL", SCRIPT, *arguments)

    def _ask(self, *command: Any) -> Any:
        connection = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._mine.connection = self._connections.make_connection()
        kept_open = connection.is_connected
        try:
            return self._send(connection, command)
        except redis.ConnectionError:
            # Redis closed it since the last request, as it does when it starts anew.
            if not kept_open:
                raise
            return self._send(connection, command)

    def _send(self, connection: Any, command: tuple[Any, ...]) -> Any:
        """After an error the connection is closed: nothing that arrives late answers the next question."""
        connection.send_packed_command(connection.pack_command(*command), check_health=False)
        return connection.read_response()

    def _open(self, error: Exception) -> None:
        now = self.clock()
        self._ask_again_at = now + OPEN_FOR
        if now - self._logged_at >= LOG_EVERY:
            self._logged_at = now
            logger.warning("Requests are not limited: Redis does not count them (%s).", type(error).__name__)


@lru_cache(maxsize=4)
def _limiter(url: str, window: int) -> Limiter:
    return Limiter(url, window=window)


def limiter(window: int = WINDOW) -> Limiter:
    """This process' own, for quotas of so many seconds."""
    return _limiter(settings.REDIS_URL, window)


def state() -> dict[str, str]:
    """For /readyz, which finds it by its name in the settings: are requests counted, and if not, why not."""
    if not settings.RATE_ANONYMOUS and not settings.RATE_KEY:
        return {"status": "off", "reason": "CLAIMTRACK_RATE_ANONYMOUS and CLAIMTRACK_RATE_KEY are 0"}
    try:
        limiter().ping()
    except (redis.RedisError, OSError):
        return {"status": "open", "reason": "Redis does not answer in time: requests pass uncounted"}
    if limiter().is_open:
        return {"status": "open", "reason": "Redis failed a moment ago: requests pass uncounted"}
    return {"status": "on"}
