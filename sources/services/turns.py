"""Politeness across workers: whose turn a host is, kept as rows so that it outlives Redis and killed workers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from sources.schedule import host_pause

# A killed worker's hold ends by itself after this; longer than any turn may take.
HOLD = timedelta(minutes=10)
MOST_REFUSALS = 1000

# Hosts that are busy or resting are left out before the INSERT: ON CONFLICT would lock their rows for nothing.
TAKE = """
INSERT INTO sources_hostturn (host, busy_until)
SELECT host, clock_timestamp() + make_interval(secs => %s) FROM unnest(%s) AS host
WHERE NOT EXISTS (
    SELECT FROM sources_hostturn AS kept WHERE kept.host = host.host
    AND (kept.busy_until > clock_timestamp() OR kept.next_at > clock_timestamp()))
ORDER BY host
ON CONFLICT (host) DO UPDATE SET busy_until = EXCLUDED.busy_until
WHERE (sources_hostturn.busy_until IS NULL OR sources_hostturn.busy_until <= clock_timestamp())
  AND (sources_hostturn.next_at IS NULL OR sources_hostturn.next_at <= clock_timestamp())
RETURNING host
"""
GIVE_BACK = """
UPDATE sources_hostturn AS turn SET busy_until = NULL,
    next_at = greatest(turn.next_at, clock_timestamp() + make_interval(secs => given.delay)),
    refusals = CASE WHEN given.answered THEN 0 ELSE turn.refusals END
FROM (
    SELECT kept.id, wanted.delay, wanted.answered
    FROM sources_hostturn AS kept JOIN unnest(%s, %s::float[], %s::bool[]) AS wanted (host, delay, answered)
    ON kept.host = wanted.host ORDER BY kept.host FOR UPDATE OF kept
) AS given
WHERE turn.id = given.id
"""
REFUSALS = "SELECT host, refusals FROM sources_hostturn WHERE host = ANY(%s)"
# A host that was reached by a redirect may have no row yet, or be held by another worker: its hold is not touched.
LEAVE_ALONE = """
INSERT INTO sources_hostturn AS turn (host, next_at, refusals)
SELECT host, clock_timestamp() + make_interval(secs => pause), refusals
FROM unnest(%s, %s::float[], %s::int[]) AS wanted (host, pause, refusals) ORDER BY host
ON CONFLICT (host) DO UPDATE SET next_at = greatest(turn.next_at, EXCLUDED.next_at), refusals = EXCLUDED.refusals
"""
RESTING = (
    "SELECT host FROM sources_hostturn WHERE host = ANY(%s) AND next_at > clock_timestamp() + make_interval(secs => %s)"
)


@dataclass(frozen=True)
class Ended:
    """A turn that is over: how long the host rests, and whether it served something (that ends its backoff)."""

    delay: timedelta
    answered: bool = False


def take_turns(hosts: Iterable[str]) -> set[str]:
    """The hosts that may be visited now; nobody else gets them until they are given back."""
    # Rows are locked in the order of their hosts, in every statement here: no two workers wait crosswise.
    wanted = sorted(set(hosts))
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [HOLD.total_seconds(), wanted])
        return {row[0] for row in cursor.fetchall()}


def give_back_turns(hosts: Iterable[str], delay: timedelta) -> None:
    """End turns in which nothing was said; the hosts rest for `delay`."""
    end_turns({host: Ended(delay) for host in hosts})


def end_turns(turns: Mapping[str, Ended]) -> None:
    """Give hosts back, each to rest as long as it needs."""
    held = sorted(turns)
    if held:
        with connection.cursor() as cursor:
            cursor.execute(
                GIVE_BACK,
                [held, [turns[host].delay.total_seconds() for host in held], [turns[host].answered for host in held]],
            )


def leave_alone(refused: Mapping[str, timedelta | None], delay: timedelta) -> None:
    """Hosts that asked us to come later, with what their Retry-After said: nobody visits them until then."""
    hosts = sorted(refused)
    if not hosts:
        return
    with connection.cursor() as cursor:
        cursor.execute(REFUSALS, [hosts])
        before = dict(cursor.fetchall())
        counts = [min(before.get(host, 0) + 1, MOST_REFUSALS) for host in hosts]
        pauses = [
            host_pause(count, delay=delay, retry_after=refused[host]).total_seconds()
            for host, count in zip(hosts, counts, strict=True)
        ]
        cursor.execute(LEAVE_ALONE, [hosts, pauses, counts])


def resting_longer(hosts: Iterable[str], than: timedelta) -> set[str]:
    """Of these hosts, those that will not be free for that long."""
    with connection.cursor() as cursor:
        cursor.execute(RESTING, [sorted(set(hosts)), than.total_seconds()])
        return {row[0] for row in cursor.fetchall()}
