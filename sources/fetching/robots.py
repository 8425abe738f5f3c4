"""robots.txt as RFC 9309 asks: 4xx allows everything, 5xx postpones, redirects are followed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Literal

from protego import Protego

# RFC 9309, 2.4: not used longer than 24 hours.
KEPT_FOR = timedelta(hours=24)
# A robots.txt that could not be read is asked for again after this long.
UNREADABLE_KEPT_FOR = timedelta(minutes=15)
# RFC 9309, 2.3.1.4: unreadable for a long time, it may be taken as absent.
UNREADABLE_ALLOWS_AFTER = timedelta(days=30)

# Parsed files up to this many characters are remembered.
REMEMBERED_SIZE = 20_000

Answer = Literal["allowed", "disallowed", "postponed"]


@dataclass(frozen=True)
class RobotsRules:
    """A robots.txt as it was read. `status` 0: no answer at all."""

    origin: str
    read_at: datetime
    status: int
    body: str = ""
    unreadable_since: datetime | None = None

    def is_fresh(self, at: datetime) -> bool:
        """Whether it may be relied on at `at` without asking again."""
        kept_for = UNREADABLE_KEPT_FOR if self.unreadable_since else KEPT_FOR
        return self.read_at <= at < self.read_at + kept_for

    def answer(self, url: str, token: str, at: datetime) -> Answer:
        """What it says about visiting the URL under our name."""
        if self.unreadable_since:
            long_gone = at - self.unreadable_since >= UNREADABLE_ALLOWS_AFTER
            return "allowed" if long_gone else "postponed"
        if not self.body or self._parsed.can_fetch(url, token):
            return "allowed"
        return "disallowed"

    def crawl_delay(self, token: str) -> float | None:
        """The pause between two requests it asks us for, in seconds. No part of RFC 9309, yet many sites rely on it."""
        delay = self._parsed.crawl_delay(token) if self.body else None
        return float(delay) if delay is not None and delay > 0 else None

    @cached_property
    def _parsed(self) -> Protego:
        # Parsing takes milliseconds: small files, nearly all there are, are remembered by their words.
        return _remembered(self.body) if len(self.body) <= REMEMBERED_SIZE else Protego.parse(self.body)


@lru_cache(maxsize=256)
def _remembered(body: str) -> Protego:
    return Protego.parse(body)


def rules_from_answer(
    origin: str, status: int, body: bytes, at: datetime, *, known: RobotsRules | None = None
) -> RobotsRules:
    """The rules an answer to a request for robots.txt stands for. `status` 0: there was no answer."""
    if 200 <= status < 300:
        return RobotsRules(origin, at, status, body.decode("utf-8", "replace").replace("\x00", ""))
    if 300 <= status < 500 and status != 429:
        return RobotsRules(origin, at, status)  # unavailable: everything is allowed (2.3.1.3)
    since = known.unreadable_since if known and known.unreadable_since else at
    return RobotsRules(origin, at, status, unreadable_since=since)
