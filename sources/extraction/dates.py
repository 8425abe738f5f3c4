"""The day in what a page gives as its date. Pure."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

# Years first, as machines write them; the day is the one at the place of writing, so an offset changes nothing.
YEAR_FIRST = re.compile(r"\A\s*(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?!\d)")
# 09.06.2019: with full stops the day always comes first. 06/09/2019 means two days, so it means none.
DAY_FIRST = re.compile(r"\A\s*(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
# "Sun, 09 Jun 2019 10:00:00 +0600": a mail's date.
MAIL = re.compile(r"\A\s*(?:[A-Z][a-z]{2},\s*)?\d{1,2} [A-Z][a-z]{2} \d{4} \d")
# Before the web there were no pages; later ones are mistakes.
FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST = 100


def day_in(value: str) -> str:
    """YYYY-MM-DD; "" where no day can be told for sure."""
    value = value[:LONGEST]
    if found := YEAR_FIRST.match(value):
        return _day(found[1], found[3], found[4])
    if found := DAY_FIRST.match(value):
        return _day(found[3], found[2], found[1])
    if MAIL.match(value):
        try:
            day = parsedate_to_datetime(value.strip()).date()
        except (ValueError, TypeError, OverflowError):
            return ""
        return _day(day.year, day.month, day.day)
    return ""


def _day(year: str | int, month: str | int, day: str | int) -> str:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return ""
    return found.isoformat() if FIRST_YEAR <= found.year <= LAST_YEAR else ""
