"""Geometry of a subject's verdicts: how many carry each rating, and when they were published. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

# Beyond this many months the columns are years; beyond as many years the oldest are left out and said to be.
MOST_COLUMNS = 24
# Percent of a column's place that it fills.
FILLED = 70
# Columns wide enough, and parts (in percent) high enough, to carry their rating's shape: colour alone says little.
MOST_WITH_SHAPES = 14
LOWEST_WITH_SHAPE = 16


@dataclass(frozen=True)
class Part:
    """The verdicts of one rating in one column; y, height and middle are percent of the drawing.

    `middle` is empty where the part is too low for the rating's shape.
    """

    rating: dict[str, Any]
    count: int
    y: str
    height: str
    middle: str


@dataclass(frozen=True)
class Column:
    """One month or year. x, width and centre are percent of the drawing; parts stand in the scale's order."""

    begins: date
    x: str
    width: str
    centre: str
    parts: list[Part]
    row: list[int]

    @property
    def total(self) -> int:
        return sum(self.row)


@dataclass(frozen=True)
class Tally:
    """`ratings`: rating, count and the width of its bar, in the scale's order. No `columns` where all are of one."""

    ratings: list[dict[str, Any]]
    columns: list[Column]
    by_year: bool
    tallest: int

    @property
    def total(self) -> int:
        return sum(entry["count"] for entry in self.ratings)


def tally(counts: Iterable[tuple[date, str, int]], scale: list[dict[str, Any]]) -> Tally:
    """From the first day of a month, the code of a rating, and how many; `scale` are the ratings in their order."""
    by_month: dict[tuple[date, str], int] = {(month.replace(day=1), code): count for month, code, count in counts}
    by_code: Counter[str] = Counter()
    for (_, code), count in by_month.items():
        by_code[code] += count
    shown = [rating for rating in scale if by_code[rating["code"]]]
    most = max(by_code.values(), default=0)
    ratings = [
        {"rating": rating, "count": by_code[rating["code"]], "width": f"{by_code[rating['code']] / most * 100:.1f}%"}
        for rating in shown
    ]
    months = sorted({month for month, _ in by_month})
    by_year = bool(months) and len(_between(months[0], months[-1], years=False)) > MOST_COLUMNS
    periods = _between(months[0], months[-1], years=by_year)[-MOST_COLUMNS:] if months else []
    by_period: Counter[tuple[date, str]] = Counter()
    for (month, code), count in by_month.items():
        by_period[month.replace(month=1) if by_year else month, code] += count
    columns, tallest = _columns(periods, by_period, shown) if len(periods) > 1 else ([], 0)
    return Tally(ratings, columns, by_year, tallest)


def _between(first: date, last: date, *, years: bool) -> list[date]:
    """The first days of all months (or years) from one to the other, also of those without any verdict."""
    if years:
        return [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(begin, end + 1)]


def _columns(
    periods: list[date], counts: Counter[tuple[date, str]], shown: list[dict[str, Any]]
) -> tuple[list[Column], int]:
    rows = [[counts[period, rating["code"]] for rating in shown] for period in periods]
    tallest = max(sum(row) for row in rows)
    place = 100 / len(periods)
    columns = [
        Column(
            begins=period,
            x=f"{place * index + place * (100 - FILLED) / 200:.2f}%",
            width=f"{place * FILLED / 100:.2f}%",
            centre=f"{place * (index + 0.5):.2f}%",
            parts=_parts(row, shown, tallest, with_shapes=len(periods) <= MOST_WITH_SHAPES),
            row=row,
        )
        for index, (period, row) in enumerate(zip(periods, rows, strict=True))
    ]
    return columns, tallest


def _parts(row: list[int], shown: list[dict[str, Any]], tallest: int, *, with_shapes: bool) -> list[Part]:
    parts, below = [], 0
    for rating, count in zip(shown, row, strict=True):
        below += count
        if count:
            y, height = 100 - below / tallest * 100, count / tallest * 100
            middle = f"{y + height / 2:.2f}%" if with_shapes and height >= LOWEST_WITH_SHAPE else ""
            parts.append(Part(rating, count, f"{y:.2f}%", f"{height:.2f}%", middle))
    return parts
