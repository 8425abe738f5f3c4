"""From what was found to the lowest and highest value."""

from dataclasses import dataclass, field
from decimal import Decimal

from .numbers import Number

Bounds = tuple[Decimal | None, Decimal | None, bool, str]


@dataclass
class Found:
    """A reading under way: tokens[first:last]; low and high are set for a range, whose second number is `number`.

    known: the unit is from the table. case_left: a case ending that no comparator has asked for.
    """

    first: int
    last: int
    number: Number
    comparators: list[str] = field(default_factory=list)
    unit: str = ""
    known: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    case_left: str = ""


def bounds_of(found: Found) -> Bounds | None:
    """(low, high, approximate, comparator); None when the words contradict each other."""
    number = found.number
    names = [name for name in found.comparators if name != "about"]
    about = len(names) < len(found.comparators)
    if len(set(names)) > 1:
        return None
    name = names[0] if names else ""
    low, high, comparator = number.low, number.high, "about" if about else ""
    approximate = about or number.kind in ("vague", "few", "couple")
    if found.low is not None:
        low, high, comparator = found.low, found.high, "range"
    elif number.kind in ("vague", "few"):
        comparator = "vague"
    elif number.kind == "couple":
        comparator = "about"
    elif number.high != number.low:
        comparator, approximate = "range", True
    if name in ("at_least", "more_than"):
        return low, None, approximate, name
    if name in ("at_most", "less_than"):
        return None if high is None else (None, high, approximate, name)
    return low, high, approximate, comparator
