"""How sites are doing: their sources' states, how fast they answer, whether we stay away for now. Reads only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from sources.choices import Availability
from sources.models import HostTurn, Source

# Sources of each state looked at to find the sites in most trouble: the latest to get into it, from their index.
TROUBLED_AT_MOST = 2_000
# Sources of one site whose states are counted; a site with more is told by these.
SOURCES_AT_MOST = 2_000
# How fast a site answers is the median of the last answers of this many of its sources.
ANSWERS = 50
IN_TROUBLE = (
    Availability.SUSPECT,
    Availability.DEAD,
    Availability.BLOCKED,
    Availability.PAYWALLED,
    Availability.EXCLUDED,
    Availability.DENIED,
)

# What a site's sources are, and the median of their last answers' milliseconds (0 ms: nothing was sent).
HEALTH = """
SELECT wanted.host, states.sources, states.live, states.dead, states.suspect, states.since, answers.median
FROM unnest(%(hosts)s) AS wanted (host)
CROSS JOIN LATERAL (
    SELECT count(*) AS sources,
           count(*) FILTER (WHERE availability IN ('live', 'moved')) AS live,
           count(*) FILTER (WHERE availability = 'dead') AS dead,
           count(*) FILTER (WHERE availability = 'suspect') AS suspect,
           max(availability_since) FILTER (WHERE availability = ANY(%(trouble)s)) AS since
    FROM (SELECT availability, availability_since FROM sources_source WHERE host = wanted.host
          LIMIT %(sources)s) AS few
) AS states
CROSS JOIN LATERAL (
    SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY latest.duration_ms) AS median
    FROM (SELECT id FROM sources_source WHERE host = wanted.host LIMIT %(answers)s) AS few
    CROSS JOIN LATERAL (
        SELECT duration_ms FROM sources_sourcecheck WHERE source_id = few.id ORDER BY at DESC, id DESC LIMIT 1
    ) AS latest
    WHERE latest.duration_ms > 0
) AS answers
"""


@dataclass(frozen=True)
class HostHealth:
    """One site. `sources` is at most SOURCES_AT_MOST; `median_ms` None: it has not answered yet.

    `last_trouble`: when one of its sources last got into trouble. `stays_away_until`: no visit before this, because
    the site asked us to come later `refusals` times in a row.
    """

    host: str
    sources: int
    live: int
    dead: int
    suspect: int
    last_trouble: datetime | None
    median_ms: int | None
    refusals: int = 0
    stays_away_until: datetime | None = None

    @property
    def live_share(self) -> int:
        """Percent of its sources that can be reached."""
        return round(100 * self.live / self.sources) if self.sources else 0

    @property
    def is_capped(self) -> bool:
        return self.sources >= SOURCES_AT_MOST


def worst_hosts(at: datetime, count: int) -> list[HostHealth]:
    """The sites with most sources in trouble, worst first, then those that ask us to stay away."""
    troubled: Counter[str] = Counter()
    for state in IN_TROUBLE:
        latest = Source.objects.filter(availability=state).order_by("-availability_since")
        troubled.update(latest.values_list("host", flat=True)[:TROUBLED_AT_MOST])
    hosts = [host for host, _ in troubled.most_common(count)]
    asking = HostTurn.objects.filter(refusals__gt=0).order_by("-refusals", "-next_at")
    hosts += [str(host) for host in asking.values_list("host", flat=True)[:count] if host not in hosts]
    return sorted(host_health(hosts[: 2 * count], at), key=_badness)[:count]


def _badness(health: HostHealth) -> tuple[int, int, str]:
    return (-(health.dead + health.suspect), -health.refusals, health.host)


def host_health(hosts: list[str], at: datetime) -> list[HostHealth]:
    """These sites, in this order; one without sources is left out."""
    if not hosts:
        return []
    turns = {turn.host: turn for turn in HostTurn.objects.filter(host__in=hosts)}
    values: dict[str, Any] = {
        "hosts": hosts,
        "trouble": [str(word) for word in IN_TROUBLE],
        "sources": SOURCES_AT_MOST,
        "answers": ANSWERS,
    }
    with connection.cursor() as cursor:
        cursor.execute(HEALTH, values)
        rows = {row[0]: row for row in cursor.fetchall()}
    return [_health(rows[host], turns.get(host), at) for host in hosts if host in rows and rows[host][1]]


def _health(row: tuple[Any, ...], turn: HostTurn | None, at: datetime) -> HostHealth:
    away = turn is not None and turn.refusals > 0 and turn.next_at is not None and turn.next_at > at
    host, sources, live, dead, suspect, since, median = row
    refusals, until = (turn.refusals, turn.next_at) if turn else (0, None)
    return HostHealth(host, sources, live, dead, suspect, since, median, refusals, until if away else None)
