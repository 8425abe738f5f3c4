"""What an answer to a webhook means, and when it is tried again. Pure; every figure is here."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from enum import Enum

from sources.fetching import Posted, retry_after

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
# Time between two attempts. After the last one the delivery is a dead letter. A receiver that comes back hears from
# us within 4 hours, however long it was away.
#   after the first attempt: 5 s · 35 s · 2.5 min · 12.5 min · 42.5 min · 1.7 h · 3.7 h · then every 4 h until 71.7 h
GAPS = (5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, *[4 * HOUR] * 17)
ATTEMPTS = len(GAPS) + 1
# A gap is longer than the table says by up to this share, so that many deliveries that failed together come apart.
JITTER = 0.1
# A Retry-After longer than this is not believed.
RETRY_AFTER_AT_MOST = 6 * HOUR
# Nothing is ever put off by more.
LONGEST_WAIT = max(RETRY_AFTER_AT_MOST, max(GAPS) * (1 + JITTER))
# An endpoint that was tried for so long without one success is disabled: the specification asks for some such limit.
# Longer than one delivery is tried, so that a receiver that chokes on a single event is not cut off for it.
DISABLED_AFTER = timedelta(days=5)
COME_LATER = frozenset({429, 503})


class Meaning(Enum):
    """Of an answer, for the delivery."""

    TAKEN = "taken"
    FAILED = "failed"
    # 410: the receiver wants no more, ever (Standard Webhooks).
    GONE = "gone"


def meaning_of(posted: Posted) -> Meaning:
    """Any 2xx is a success, whatever became of the answer's body; nothing else is, redirects included."""
    if posted.status is not None and 200 <= posted.status < 300:
        return Meaning.TAKEN
    return Meaning.GONE if posted.status == 410 else Meaning.FAILED


def why_failed(posted: Posted) -> str:
    """In plain words; "" for a success."""
    if meaning_of(posted) is Meaning.TAKEN:
        return ""
    if posted.status is None:
        return posted.error or "no answer"
    if 300 <= posted.status < 400:
        return f"answered {posted.status}: redirects are not followed; give us the new address"
    if posted.status == 410:
        return "answered 410: gone"
    return f"answered {posted.status}"


def next_attempt(attempts_made: int, posted: Posted, *, at: datetime, seed: str) -> datetime | None:
    """When to try again after this failure; None: never, it was the last of ATTEMPTS.

    `seed` names the delivery: the jitter is random among deliveries and the same for one.
    """
    if attempts_made >= ATTEMPTS:
        return None
    gap = GAPS[attempts_made - 1] * (1 + JITTER * random.Random(f"{seed}/{attempts_made}").random())
    if posted.status in COME_LATER:
        asked = retry_after(posted.retry_after, at) or timedelta(0)
        gap = max(gap, min(asked, RETRY_AFTER_AT_MOST))
    return at + gap
