"""Politeness across workers: whose turn a host is, kept as rows so that it outlives Redis and killed workers."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection

# A killed worker's hold ends by itself after this; longer than any task may run.
HOLD = timedelta(minutes=10)
# How often a caller who waits for hosts asks again, in seconds.
ASK_EVERY = 0.2

TAKE = """
INSERT INTO sources_hostturn (host, busy_until)
SELECT host, clock_timestamp() + make_interval(secs => %s) FROM unnest(%s) AS host
ON CONFLICT (host) DO UPDATE SET busy_until = EXCLUDED.busy_until
WHERE (sources_hostturn.busy_until IS NULL OR sources_hostturn.busy_until <= clock_timestamp())
  AND (sources_hostturn.next_at IS NULL OR sources_hostturn.next_at <= clock_timestamp())
RETURNING host
"""
GIVE_BACK = """
UPDATE sources_hostturn SET busy_until = NULL, next_at = clock_timestamp() + make_interval(secs => %s)
FROM (SELECT id FROM sources_hostturn WHERE host = ANY(%s) ORDER BY host FOR UPDATE) AS held
WHERE sources_hostturn.id = held.id
"""


def take_turns(hosts: Iterable[str]) -> set[str]:
    """The hosts that may be visited now; nobody else gets them until `give_back_turns`."""
    # Rows are locked in the order of their hosts, here and in GIVE_BACK: no two workers wait for each other crosswise.
    wanted = sorted(set(hosts))
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [HOLD.total_seconds(), wanted])
        return {row[0] for row in cursor.fetchall()}


def give_back_turns(hosts: Iterable[str], delay: timedelta) -> None:
    """End the visits; the hosts rest for `delay`."""
    held = sorted(set(hosts))
    if held:
        with connection.cursor() as cursor:
            cursor.execute(GIVE_BACK, [delay.total_seconds(), held])


@contextmanager
def turns(hosts: Iterable[str], *, delay: timedelta, wait: float) -> Iterator[set[str]]:
    """The hosts that became free within `wait` seconds, given back at the end."""
    wanted = set(hosts)
    deadline = time.monotonic() + wait
    taken = take_turns(wanted)
    try:
        while taken != wanted and time.monotonic() < deadline:
            time.sleep(ASK_EVERY)
            taken |= take_turns(wanted - taken)
        yield taken
    finally:
        give_back_turns(taken, delay)
