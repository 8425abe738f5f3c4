"""Geometry of the chart of visits per day: one column a day, its kinds stacked. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sources.kinds import Kind

# From the ground up: what should be most stands lowest, what people look for on top.
STACK = (Kind.FOUND, Kind.UNDECIDED, Kind.KEPT_OUT, Kind.FAILED)
# Of a day's place, how much its column fills.
FILLED = 0.72
# What did happen is never drawn thinner than this, in percent of the chart's height.
THINNEST = 1.0


class Counted(Protocol):
    @property
    def day(self) -> date: ...
    @property
    def visits(self) -> dict[Kind, int]: ...
    @property
    def total(self) -> int: ...


@dataclass(frozen=True)
class Segment:
    """Percents of the chart's height, from the top."""

    kind: Kind
    y: str
    height: str


@dataclass(frozen=True)
class Column:
    """Percents of the chart's width."""

    day: date
    total: int
    visits: dict[Kind, int]
    x: str
    width: str
    segments: list[Segment]


@dataclass(frozen=True)
class Columns:
    """The chart; `top` is the number of visits at its upper edge."""

    columns: list[Column]
    top: int
    totals: dict[Kind, int]

    @property
    def total(self) -> int:
        return sum(self.totals.values())


def columns(days: Sequence[Counted]) -> Columns | None:
    """The chart of these days, oldest first; None when nobody visited anything."""
    most = max((day.total for day in days), default=0)
    if not most:
        return None
    share = 100 / len(days)
    drawn = [
        Column(
            day.day,
            day.total,
            day.visits,
            f"{index * share + share * (1 - FILLED) / 2:.2f}%",
            f"{share * FILLED:.2f}%",
            _segments(day.visits, most),
        )
        for index, day in enumerate(days)
    ]
    return Columns(drawn, most, {kind: sum(day.visits[kind] for day in days) for kind in Kind})


def _segments(visits: dict[Kind, int], most: int) -> list[Segment]:
    heights = {kind: max(100 * visits[kind] / most, THINNEST) for kind in STACK if visits[kind]}
    if heights:
        # Room for the thinnest ones is taken from the tallest, so that no column stands higher than its day.
        tallest = max(heights, key=lambda kind: heights[kind])
        heights[tallest] -= max(sum(heights.values()) - 100 * sum(visits.values()) / most, 0)
    segments, top = [], 100.0
    for kind, height in heights.items():
        height = max(height, THINNEST)
        top -= height
        segments.append(Segment(kind, f"{max(top, 0):.2f}%", f"{height:.2f}%"))
    return segments
