"""The same event with another number: what likeness of words cannot see. Silent unless both numbers count one thing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from claims.matching.terms import terms_of
from claims.quantities import Quantity, parse

ENDLESS = Decimal("Infinity")


@dataclass(frozen=True)
class OtherNumber:
    """Both as their texts say it: "10,000 protesters", "1,000 protesters"."""

    asked: str
    claimed: str


def other_number(asked: str, asked_language: str, claimed: str, claimed_language: str) -> OtherNumber | None:
    """The first two quantities of one unit that cannot both be true; None when any of them agree."""
    ours, theirs = parse(asked, asked_language), parse(claimed, claimed_language)
    pairs = [(one, other) for one in ours for other in theirs if _count_one_thing(one, other)]
    if not pairs or any(_may_agree(one, other) for one, other in pairs):
        return None
    one, other = pairs[0]
    return OtherNumber(one.text, other.text)


def _count_one_thing(one: Quantity, other: Quantity) -> bool:
    if not one.unit or not other.unit:
        return False
    if one.unit == other.unit:
        return True
    return bool(set(terms_of(one.unit, one.language).words) & set(terms_of(other.unit, other.language).words))


def _may_agree(one: Quantity, other: Quantity) -> bool:
    return _least(one) <= _most(other) and _least(other) <= _most(one)


def _least(quantity: Quantity) -> Decimal:
    return -ENDLESS if quantity.low is None else quantity.low


def _most(quantity: Quantity) -> Decimal:
    return ENDLESS if quantity.high is None else quantity.high
