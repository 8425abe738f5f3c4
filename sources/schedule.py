"""When to visit a source again. Pure.

News pages change early in their life (newsdiffs): the intervals grow with every visit that finds no change.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from .choices import Availability
from .states import Return

SOON = timedelta(minutes=15)
# Backoff for visits that say nothing doubles up to this.
SOON_AT_MOST = timedelta(days=1)
DAILY = timedelta(days=1)
WEEKLY = timedelta(days=7)
# Dead pages do come back, rarely.
DEAD = timedelta(days=30)
# Visits registered together drift apart by up to this share of the interval.
JITTER = 0.1
# The longest a host's Retry-After keeps us away.
RETRY_AFTER_AT_MOST = timedelta(days=7)
# The first pause of a host that asks us to come later without saying when, and the longest of them.
HOST_PAUSE = timedelta(minutes=1)
HOST_PAUSE_AT_MOST = timedelta(hours=6)


def next_visit(
    returns: Return,
    availability: Availability,
    at: datetime,
    *,
    intervals: list[timedelta],
    unchanged_visits: int,
    retries: int,
    retry_after: timedelta | None = None,
) -> datetime:
    """The time of the next visit. `retries`: how many visits in a row, this one included, said nothing."""
    wait: timedelta
    if returns == "soon":
        wait = min(SOON * 2 ** min(max(retries - 1, 0), 10), SOON_AT_MOST)
        if retry_after is not None:
            wait = max(wait, min(retry_after, RETRY_AFTER_AT_MOST))
    elif availability == Availability.DEAD:
        wait = DEAD
    elif returns == "daily":
        wait = DAILY
    elif returns == "weekly":
        wait = WEEKLY
    else:
        wait = intervals[min(unchanged_visits, len(intervals) - 1)]
    return at + wait + wait * random.uniform(0, JITTER)


def host_pause(refusals: int, *, delay: timedelta, retry_after: timedelta | None = None) -> timedelta:
    """How long the whole host is left alone after its `refusals`-th answer in a row that asked us to come later.

    What the host says (Retry-After) is kept, up to a cap; otherwise the pause doubles up to a cap, as lychee does.
    """
    asked = retry_after if retry_after is not None else HOST_PAUSE * 2 ** min(max(refusals - 1, 0), 20)
    pause: timedelta = min(asked, HOST_PAUSE_AT_MOST)
    return max(delay, pause)
