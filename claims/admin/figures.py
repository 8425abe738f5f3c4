"""The newsroom in figures, for the front page: the last twelve weeks, read from ranges of indexes and bounded.

Five questions however large the newsroom is; what may be too much to look at is looked at in part, newest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from sources.choices import Availability

WEEKS = 12
# Verdicts of one week of which the time is taken, and of all weeks of which ratings are counted.
TIMED_AT_MOST, RATED_AT_MOST = 2_000, 10_000
# Counted one by one up to here; beyond, it is "more than".
COUNTED_UP_TO = 10_000

PER_WEEK = """
SELECT week.begins,
    (SELECT count(*) FROM (
        SELECT 1 FROM claims_claim WHERE created_at >= week.begins AND created_at < week.ends LIMIT %(most)s) AS few),
    (SELECT count(*) FROM (
        SELECT 1 FROM claims_verdict
        WHERE published_at >= week.begins AND published_at < week.ends LIMIT %(most)s) AS few),
    took.hours
FROM unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[]) AS week (begins, ends)
CROSS JOIN LATERAL (
    SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (
        ORDER BY extract(epoch FROM verdict.published_at - claim.created_at) / 3600) AS hours
    FROM (
        SELECT claim_id, published_at FROM claims_verdict
        WHERE published_at >= week.begins AND published_at < week.ends ORDER BY published_at DESC LIMIT %(timed)s
    ) AS verdict
    JOIN claims_claim AS claim ON claim.id = verdict.claim_id AND claim.created_at <= verdict.published_at
) AS took
ORDER BY week.begins
"""
# What claims_document_newest holds, without reading a document.
RATINGS = """
SELECT rating.name, rating.code, newest.number FROM (SELECT rating_code, count(*) AS number FROM (
    SELECT rating_code FROM claims_verdictdocument
    WHERE published_at >= %(since)s AND status IN ('published', 'under_review')
    ORDER BY published_at DESC LIMIT %(most)s
) AS published GROUP BY rating_code) AS newest
JOIN claims_rating AS rating ON rating.code = newest.rating_code ORDER BY rating.position, rating.name
"""
STATES = """
SELECT word, (SELECT count(*) FROM (
    SELECT 1 FROM sources_source WHERE availability = word LIMIT %(most)s) AS few)
FROM unnest(%(words)s::text[]) AS word
"""


@dataclass(frozen=True)
class Week:
    """From Monday, by the newsroom's calendar. Hours from logging to the first verdict; None: none was published."""

    begins: date
    logged: int
    published: int
    median: float | None
    p90: float | None
    logged_url: str
    published_url: str

    @property
    def median_words(self) -> str:
        return in_words(self.median)

    @property
    def p90_words(self) -> str:
        return in_words(self.p90)


@dataclass(frozen=True)
class Bar:
    """`share`: percent of the longest bar. `more`: it was not counted to its end."""

    label: str
    count: int
    share: float
    url: str
    tone: str = ""
    more: bool = False


@dataclass(frozen=True)
class Drawn:
    """One week's column or mark in a drawing; percents of its width and height."""

    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True)
class Figures:
    weeks: list[Week]
    ratings: list[Bar]
    sources: list[Bar]

    @property
    def is_empty(self) -> bool:
        """Nothing was logged or published in these weeks."""
        return not any(week.logged or week.published for week in self.weeks)

    @property
    def logged(self) -> int:
        return sum(week.logged for week in self.weeks)

    @property
    def published(self) -> int:
        return sum(week.published for week in self.weeks)

    @property
    def most(self) -> int:
        """At the upper edge of the drawing of claims."""
        return max(max(week.logged, week.published) for week in self.weeks)

    @property
    def longest(self) -> float:
        """Hours at the upper edge of the drawing of times."""
        return max((week.p90 or 0 for week in self.weeks), default=0)

    @property
    def longest_words(self) -> str:
        return in_words(self.longest)

    @property
    def columns(self) -> list[dict[str, Any]]:
        """Per week the column of what was logged, and beside it that of what was published."""
        return [
            {
                "week": week,
                "logged": _column(place, 0, week.logged, self.most),
                "published": _column(place, 1, week.published, self.most),
            }
            for place, week in enumerate(self.weeks)
        ]

    @property
    def times(self) -> list[dict[str, Any]]:
        """Per week with a verdict a column up to the median, and a mark at nine tenths."""
        return [
            {
                "week": week,
                "median": _column(place, None, week.median or 0, self.longest),
                "p90": _column(place, None, week.p90 or 0, self.longest),
            }
            for place, week in enumerate(self.weeks)
            if week.median is not None
        ]


def in_words(hours: float | None) -> str:
    """A time as people say it: minutes within the hour, hours within two days, days beyond."""
    if hours is None:
        return ""
    if hours < 1:
        return _("%(number)s min") % {"number": round(hours * 60)}
    if hours < 48:
        return _("%(number)s h") % {"number": formats.number_format(round(hours, 1))}
    return _("%(number)s d") % {"number": formats.number_format(round(hours / 24, 1))}


def newsroom_figures(at: datetime | None = None) -> Figures:
    """The figures of the last WEEKS weeks, this one included as far as it has come."""
    begins = week_starts(at or timezone.now())
    weeks = _weeks(begins)
    return Figures(weeks, _ratings(begins[0]), _sources())


def week_starts(at: datetime) -> list[datetime]:
    """The Mondays' midnights of the newsroom, oldest first; weeks in which clocks change are an hour off 168."""
    today = timezone.localdate(at)
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    return [datetime.combine(day, time(), tzinfo=timezone.get_current_timezone()) for day in mondays]


def _weeks(begins: Sequence[datetime]) -> list[Week]:
    after = begins[-1].date() + timedelta(weeks=1)
    ends = [*begins[1:], datetime.combine(after, time(), tzinfo=begins[0].tzinfo)]
    asked: dict[str, Any] = {"begins": list(begins), "ends": ends, "most": COUNTED_UP_TO, "timed": TIMED_AT_MOST}
    with connection.cursor() as cursor:
        cursor.execute(PER_WEEK, asked)
        rows = cursor.fetchall()
    claims, verdicts = reverse("admin:claims_claim_changelist"), reverse("admin:claims_verdict_changelist")
    found = []
    for begin, end, (__, logged, published, hours) in zip(begins, ends, rows, strict=True):
        median, p90 = hours or (None, None)
        found.append(
            Week(
                begin.date(),
                logged,
                published,
                median,
                p90,
                f"{claims}?{_between('created_at', begin, end)}",
                f"{verdicts}?{_between('published_at', begin, end)}",
            )  # fmt: skip
        )
    return found


def _between(field: str, begin: datetime, end: datetime) -> str:
    """As the lists' own filters by date are asked."""
    return urlencode({f"{field}__gte": begin.isoformat(sep=" "), f"{field}__lt": end.isoformat(sep=" ")})


def _ratings(since: datetime) -> list[Bar]:
    with connection.cursor() as cursor:
        cursor.execute(RATINGS, {"since": since, "most": RATED_AT_MOST})
        counted = cursor.fetchall()
    address = reverse("admin:claims_claim_changelist")
    return _bars([(name, number, f"{address}?rating={code}", "", False) for name, code, number in counted])


def _sources() -> list[Bar]:
    with connection.cursor() as cursor:
        cursor.execute(STATES, {"words": Availability.values, "most": COUNTED_UP_TO + 1})
        counted = dict(cursor.fetchall())
    address = reverse("admin:sources_source_changelist")
    rows = [
        (
            str(state.label),
            min(counted[state], COUNTED_UP_TO),
            f"{address}?availability__exact={state}",
            TONES.get(state, ""),
            counted[state] > COUNTED_UP_TO,
        )
        for state in Availability
        if counted[state]
    ]
    return _bars(rows)


TONES = {Availability.DEAD: "alarm", Availability.SUSPECT: "attention", Availability.BLOCKED: "attention"}


def _bars(rows: list[tuple[str, int, str, str, bool]]) -> list[Bar]:
    most = max((row[1] for row in rows), default=0) or 1
    return [Bar(label, count, round(100 * count / most, 2), url, tone, more) for label, count, url, tone, more in rows]


def _column(place: int, side: int | None, value: float, most: float) -> Drawn:
    """`side` 0 or 1: the left or the right half of the week's place; None: all of it."""
    share = 100 / WEEKS
    width = share * (0.76 if side is None else 0.38)
    height = 100 * value / most if most else 0.0
    x = place * share + share * 0.12 + (width if side else 0)
    return Drawn(round(x, 2), round(width, 2), round(100 - height, 2), round(height, 2))
