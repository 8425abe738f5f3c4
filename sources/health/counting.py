"""Counts over all sources and all visits, cheap enough for a page: from indexes, in windows, estimated where huge."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet

from sources.choices import Outcome
from sources.kinds import Kind, kind_of
from sources.models import Source, SourceCheck

# Counted one by one up to here; beyond, PostgreSQL's own estimate is near enough for people.
COUNTED_UP_TO = 10_000
DAYS = 30
HOURS_AHEAD = 12
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# A day is over once no visit of it can still be on its way into the database; then it is counted once and remembered.
SETTLES = HOUR
REMEMBERED = 24 * 3600

# One range of the index (outcome, at) per day and outcome: no row is read, none is sorted.
PER_DAY = """
SELECT (day AT TIME ZONE 'UTC')::date, outcome, (
    SELECT count(*) FROM sources_sourcecheck AS visit
    WHERE visit.outcome = known.outcome AND visit.at >= day AND visit.at < day + interval '1 day'
)
FROM unnest(%s::timestamptz[]) AS day, unnest(%s::text[]) AS known (outcome)
"""
PER_HOUR = """
SELECT hour, (
    SELECT count(*) FROM sources_source
    WHERE next_check_at > greatest(hour, %s) AND next_check_at <= hour + interval '1 hour'
)
FROM unnest(%s::timestamptz[]) AS hour ORDER BY hour
"""


@dataclass(frozen=True)
class Number:
    """How many; not exact when it was too many to count for a page."""

    value: int
    exact: bool = True

    def __bool__(self) -> bool:
        return self.value > 0


@dataclass(frozen=True)
class Day:
    """Visits of one day (UTC) by kind."""

    day: date
    visits: dict[Kind, int]

    @property
    def total(self) -> int:
        return sum(self.visits.values())

    @property
    def row(self) -> list[int]:
        """The counts in the order of the kinds."""
        return [self.visits[kind] for kind in Kind]


def number_of(rows: QuerySet[Source] | QuerySet[SourceCheck]) -> Number:
    """How many rows: counted up to COUNTED_UP_TO, beyond that what PostgreSQL's planner expects, in round figures."""
    counted = rows.order_by()[: COUNTED_UP_TO + 1].count()
    if counted <= COUNTED_UP_TO:
        return Number(counted)
    plan = json.loads(rows.order_by().explain(format="json"))
    expected = max(int(plan[0]["Plan"]["Plan Rows"]), counted)
    return Number(round(expected, 3 - len(str(expected))), exact=False)


def visits_per_day(at: datetime) -> list[Day]:
    """The last DAYS days by kind of outcome, oldest first; today is the last one.

    Days that are over are counted once per process and remembered: nothing is added to them any more.
    """
    today = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [today - back * DAY for back in range(DAYS - 1, -1, -1)]
    known: dict[str, dict[str, int]] = cache.get_many([_key(day) for day in days])
    missing = [day for day in days if _key(day) not in known]
    counted = {_key(day): outcomes for day, outcomes in _count(missing).items()}
    over = {_key(day) for day in missing if day + DAY + SETTLES <= at}
    cache.set_many({key: dict(outcomes) for key, outcomes in counted.items() if key in over}, timeout=REMEMBERED)
    return [_day(day.date(), (known | counted)[_key(day)]) for day in days]


def _count(days: list[datetime]) -> dict[datetime, Counter[str]]:
    """Visits of these days by outcome."""
    found: dict[date, Counter[str]] = {day.date(): Counter() for day in days}
    with connection.cursor() as cursor:
        cursor.execute(PER_DAY, [days, Outcome.values])
        for day, outcome, visits in cursor.fetchall():
            found[day][outcome] = visits
    return {day: found[day.date()] for day in days}


def _day(day: date, outcomes: dict[str, int]) -> Day:
    visits = dict.fromkeys(Kind, 0)
    for outcome, count in outcomes.items():
        visits[kind_of(outcome)] += count
    return Day(day, visits)


def _key(day: datetime) -> str:
    return f"sources.visits.{day.date().isoformat()}"


def due_ahead(at: datetime) -> list[tuple[datetime, int]]:
    """How many sources come due in each of the next HOURS_AHEAD hours, the first one being the rest of this hour."""
    first = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [first + ahead * HOUR for ahead in range(HOURS_AHEAD)]
    with connection.cursor() as cursor:
        cursor.execute(PER_HOUR, [at, hours])
        return [(hour.astimezone(UTC), due) for hour, due in cursor.fetchall()]
