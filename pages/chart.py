"""Geometry of the quantity chart: the claimed range against each evidenced value. Pure."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.text import Truncator

from pages.links import host

# Room to the right of the largest value: enough for an open-ended bar to be seen to go on, else just for the mark.
OPEN_HEADROOM = Decimal("1.18")
HEADROOM = Decimal("1.02")
# Below this width (in percent) a range is drawn as a mark, so that it can be seen at all.
SMALLEST_BAR = 1.2


# Evidence without a page or a file is known by its description, which may be a paragraph.
LONGEST_LABEL = 60


@dataclass(frozen=True)
class Bar:
    """One row. x and width are percent of the drawing; open means there is no upper bound."""

    label: str
    as_stated: str
    low: Decimal | None
    high: Decimal | None
    unit: str
    stance: str
    x: str
    width: str
    is_open: bool
    is_claim: bool


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    end: Decimal
    unit: str
    is_open: bool

    @property
    def claimed(self) -> Bar:
        return self.bars[0]

    @property
    def found(self) -> list[Bar]:
        return self.bars[1:]


def quantity_chart(claimed: dict[str, Any] | None, evidence: list[dict[str, Any]]) -> Chart | None:
    """A chart from zero to a little over the largest number (percentages: to 100), or None with nothing to compare.

    Only evidence in the claim's unit is drawn: 500 people and 70 % do not share an axis.
    """
    if not claimed or _bounds(claimed) == (None, None):
        return None
    unit = str(claimed.get("unit") or "")
    rows = [("", "", claimed)]
    for item in evidence:
        quantity = item.get("quantity")
        if quantity and _bounds(quantity) != (None, None) and _same_unit(unit, quantity):
            rows.append((_label(item), item.get("stance", ""), quantity))
    if len(rows) == 1:
        return None
    bounds = [_bounds(quantity) for _, _, quantity in rows]
    numbers = [number for pair in bounds for number in pair if number is not None]
    if min(numbers) < 0 or max(numbers) == 0:
        return None
    is_open = any(high is None for _, high in bounds)
    top = Decimal(100) if unit.strip() == "%" and max(numbers) <= 100 else max(numbers)
    end = top * (OPEN_HEADROOM if is_open else HEADROOM)
    bars = [
        _bar(label, stance, quantity, end, is_claim=index == 0) for index, (label, stance, quantity) in enumerate(rows)
    ]
    return Chart(bars=bars, end=top, unit=unit, is_open=is_open)


def _bar(label: str, stance: str, quantity: dict[str, Any], end: Decimal, *, is_claim: bool) -> Bar:
    low, high = _bounds(quantity)
    start = float((low or Decimal(0)) / end * 100)
    stop = float(high / end * 100) if high is not None else 100.0
    width = max(stop - start, SMALLEST_BAR)
    return Bar(
        label=label,
        as_stated=str(quantity.get("as_stated") or ""),
        low=low,
        high=high,
        unit=str(quantity.get("unit") or ""),
        stance=stance,
        x=f"{min(start, 100 - SMALLEST_BAR):.2f}%",
        width=f"{width:.2f}%",
        is_open=high is None,
        is_claim=is_claim,
    )


def _label(item: dict[str, Any]) -> str:
    source, file = item.get("source") or {}, item.get("file") or {}
    name = source.get("publisher") or source.get("title") or host(source.get("url")) or file.get("name")
    return str(name or Truncator(str(item.get("description") or "")).chars(LONGEST_LABEL))


def _bounds(quantity: dict[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    return _number(quantity.get("low")), _number(quantity.get("high"))


def _number(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def _same_unit(unit: str, quantity: dict[str, Any]) -> bool:
    return str(quantity.get("unit") or "").strip().casefold() in {"", unit.strip().casefold()}
