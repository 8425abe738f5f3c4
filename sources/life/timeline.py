"""A source's life as a strip of marks: geometry for an SVG. Pure.

However many visits there were, the strip has at most MARKS bars: neighbours share one.
Visits rolled up by month are one wide mark a month and kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sources.choices import ChangeKind, Outcome
from sources.kinds import NOTABLE, Kind, kind_of

# Bars side by side: 7 pixels each on a desk's screen, just under 3 on a phone.
MARKS = 120
# Rolled-up months that are drawn and listed; the strip begins with the oldest of them.
MOST_MONTHS = 36
# A strip is at least this long, so that the first visits of a source do not fill it.
SHORTEST = timedelta(days=2)
# Of a mark's place, how much it fills; the rest is the gap to the next.
FILLED = 0.8

# `version`: a text we kept; `back`: a text we had before; `state`: reachable, gone, moved.
SIGNS = ("version", "back", "state")
VERSION_KINDS = (ChangeKind.CAPTURED, ChangeKind.CONTENT)


@dataclass(frozen=True)
class Summed:
    """Visits of one month with one outcome, rolled up."""

    outcome: str
    visits: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Mark:
    """One bar. `x` and `width` are percents of the strip.

    `kind` is what most of its visits were; `also` a more notable kind that fewer were, marked on top, so that one
    failure among thirty visits is seen and does not paint them all. `outcome` is the most notable of all.
    """

    x: str
    width: str
    kind: Kind
    also: Kind | None
    outcome: Outcome
    visits: int
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Sign:
    """Something that changed, drawn above the bars. `centre` is a percent of the strip."""

    centre: str
    kind: str
    at: datetime
    count: int


@dataclass(frozen=True)
class Month:
    """The table beside the picture: visits of a month by kind, and how many changes."""

    first_day: date
    visits: dict[Kind, int]
    changes: int

    @property
    def row(self) -> list[int]:
        """The counts in the order of the kinds."""
        return [self.visits[kind] for kind in Kind]


@dataclass(frozen=True)
class Timeline:
    start: datetime
    end: datetime
    marks: list[Mark]
    signs: list[Sign]
    months: list[Month] = field(default_factory=list)

    @property
    def totals(self) -> dict[Kind, int]:
        """All visits in the picture by kind, kinds that did not happen left out."""
        counts: Counter[Kind] = Counter()
        for month in self.months:
            counts.update(month.visits)
        return {kind: counts[kind] for kind in Kind if counts[kind]}

    @property
    def sign_kinds(self) -> list[str]:
        """The kinds of signs in the picture, for its legend."""
        return [kind for kind in SIGNS if any(sign.kind == kind for sign in self.signs)]


def draw(
    visits: Iterable[tuple[datetime, str]],
    changes: Iterable[tuple[datetime, str]],
    summed: Iterable[Summed] = (),
    *,
    at: datetime,
) -> Timeline | None:
    """The strip up to `at`: visits as (when, outcome), changes as (when, kind of change). None without any visit."""
    rows = [(when, outcome) for when, outcome in visits if when <= at]
    sums = sorted(summed, key=lambda row: row.first_at)[-MOST_MONTHS * len(Kind) :]
    if not rows and not sums:
        return None
    start = min([when for when, _ in rows] + [row.first_at for row in sums])
    start = min(start, at - SHORTEST)
    seen = [(when, kind) for when, kind in changes if start <= when <= at]
    scale = _Scale(start, at)
    return Timeline(
        start,
        at,
        [*_wide_marks(sums, scale), *_marks(rows, scale)],
        _signs(seen, scale),
        _months(rows, sums, seen),
    )


@dataclass(frozen=True)
class _Scale:
    start: datetime
    end: datetime

    def place(self, when: datetime) -> int:
        """Which of the MARKS places a moment falls into."""
        return min(int(self.share(when) * MARKS), MARKS - 1)

    def share(self, when: datetime) -> float:
        return (when - self.start) / (self.end - self.start)


def _marks(rows: list[tuple[datetime, str]], scale: _Scale) -> list[Mark]:
    places: dict[int, list[tuple[datetime, str]]] = {}
    for row in rows:
        places.setdefault(scale.place(row[0]), []).append(row)
    share = 100 / MARKS
    return [_mark(here, place * share, share) for place, here in sorted(places.items())]


def _mark(here: list[tuple[datetime, str]], x: float, width: float) -> Mark:
    kinds = Counter(kind_of(word) for _, word in here)
    # Of kinds that were equally many, the more notable.
    most = max(reversed(NOTABLE), key=lambda kind: (kinds[kind], -NOTABLE.index(kind)))
    notable = next(kind for kind in NOTABLE if kinds[kind])
    return Mark(
        x=_percent(x),
        width=_percent(width * FILLED),
        kind=most,
        also=notable if notable != most else None,
        outcome=next(Outcome(word) for _, word in here if kind_of(word) == notable),
        visits=len(here),
        start=min(when for when, _ in here),
        end=max(when for when, _ in here),
    )


def _wide_marks(sums: list[Summed], scale: _Scale) -> list[Mark]:
    """One mark a month and kind, as wide as the visits it stands for; found ones first, so that failures lie on top."""
    months: dict[tuple[date, Kind], list[Summed]] = {}
    for row in sums:
        months.setdefault((_month(row.first_at), kind_of(row.outcome)), []).append(row)
    marks = []
    for (_, kind), rows in sorted(months.items(), key=lambda item: (item[0][0], -NOTABLE.index(item[0][1]))):
        start, end = min(row.first_at for row in rows), max(row.last_at for row in rows)
        x = 100 * scale.share(start)
        width = max(100 * (scale.share(min(end, scale.end)) - scale.share(start)), 100 / MARKS)
        most = max(rows, key=lambda row: row.visits)
        visits = sum(row.visits for row in rows)
        outcome = Outcome(most.outcome)
        marks.append(Mark(_percent(x), _percent(width * FILLED), kind, None, outcome, visits, start, end))
    return marks


def _signs(changes: list[tuple[datetime, str]], scale: _Scale) -> list[Sign]:
    places: dict[tuple[int, str], list[datetime]] = {}
    for when, kind in changes:
        places.setdefault((scale.place(when), sign_of(kind)), []).append(when)
    return [
        Sign(_percent((place + FILLED / 2) * 100 / MARKS), kind, max(times), len(times))
        for (place, kind), times in sorted(places.items())
    ]


def sign_of(change: str) -> str:
    """Which of SIGNS a kind of change is drawn as."""
    if change in VERSION_KINDS:
        return "version"
    return "back" if change == ChangeKind.REVERTED else "state"


def _months(rows: list[tuple[datetime, str]], sums: list[Summed], changes: list[tuple[datetime, str]]) -> list[Month]:
    """Newest first."""
    visits: dict[date, Counter[Kind]] = {}
    for when, outcome in rows:
        visits.setdefault(_month(when), Counter())[kind_of(outcome)] += 1
    for row in sums:
        visits.setdefault(_month(row.first_at), Counter())[kind_of(row.outcome)] += row.visits
    changed = Counter(_month(when) for when, _ in changes)
    return [
        Month(month, {kind: visits.get(month, Counter())[kind] for kind in Kind}, changed[month])
        for month in sorted({*visits, *changed}, reverse=True)
    ]


def _month(when: datetime) -> date:
    return when.astimezone(UTC).date().replace(day=1)


def _percent(value: float) -> str:
    return f"{value:.2f}%"
