"""Runs of digits as numbers: what groups and what begins the decimals differs by language, and some runs say neither.

CLDR: English groups by comma and has a decimal point; Russian and Kazakh group by (no-break) space and have a decimal
comma. A decimal point is common in all three. "10,000" in Russian or "10.000" in any of them may be ten or ten
thousand.
"""

import re
from decimal import Decimal

from .tokens import GROUPING_SPACES

_SPACES = re.compile(f"[{GROUPING_SPACES}]")
_PLAIN = re.compile(r"[1-9]\d*|0")
_SPACED = re.compile(r"([1-9]\d{0,2}(?: \d{3})+)(?:([.,])(\d{1,4}))?")
_COMMAS = re.compile(r"([1-9]\d{0,2}(?:,\d{3})+)(?:\.(\d{1,4}))?")
_DECIMALS = re.compile(r"([1-9]\d*|0)([.,])(\d{1,4})")
LONGEST = 15


def read_digits(run: str, *, decimal_comma: bool, scaled: bool) -> tuple[Decimal, bool] | None:
    """(value, whether its digits are grouped), or None when the run is no number or may be two different ones.

    scaled: "million" or "%" follows, so three digits after the decimal mark are decimals where a mark may be one.
    """
    run = _SPACES.sub(" ", run)
    if len(run) > 2 * LONGEST or sum(map(str.isdigit, run)) > LONGEST or not run.isascii():
        return None
    if _PLAIN.fullmatch(run):
        return Decimal(run), False
    if spaced := _SPACED.fullmatch(run):
        whole, mark, decimals = spaced.groups()
        if mark == "," and not decimal_comma:
            return None
        return Decimal(whole.replace(" ", "") + (f".{decimals}" if decimals else "")), True
    commas = _COMMAS.fullmatch(run)
    if commas and (not decimal_comma or run.count(",") > 1 or commas[2]):
        return Decimal(run.replace(",", "")), True
    return _decimals(run, decimal_comma, scaled)


def _decimals(run: str, decimal_comma: bool, scaled: bool) -> tuple[Decimal, bool] | None:
    match = _DECIMALS.fullmatch(run)
    if match is None:
        return None
    whole, mark, decimals = match.groups()
    if mark == "," and not decimal_comma:
        return None
    if len(decimals) == 3 and whole != "0" and not scaled:
        return None
    return Decimal(f"{whole}.{decimals}"), False
