"""The columns of a table of claims, and what one row of it says. Pure: no database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models.identity import KNOWN_LANGUAGE_TAG
from claims.quantities.digits import read_digits
from sources.urls import UnusableURL, normalise_url, validate_url

# Column, what it holds, an example; the template and the page that explains the columns are made of these.
COLUMNS: dict[str, tuple[Any, str]] = {
    "text": (
        gettext_lazy("The claim, word for word, in its own language. Required; at most 4,000 characters."),
        "Thousands of protesters filled the square",
    ),
    "language": (gettext_lazy("Language of the claim: en, ru, kk, … Required."), "en"),
    "claimant": (
        gettext_lazy("Who said it: a name or alias the desk knows, or the id of a claimant. Empty when unknown."),
        "Mukhtar Example",
    ),
    "made_on": (gettext_lazy("The day it was said: 2019-06-09 or 09.06.2019."), "2019-06-09"),
    "location": (gettext_lazy("Where it was said or what place it is about; at most 200 characters."), "Almaty"),
    "topics": (gettext_lazy("Topics, separated by semicolons."), "Protests; Elections"),
    "quantity_as_stated": (
        gettext_lazy("The number in the words of the claim; at most 200 characters."),
        "thousands of protesters",
    ),
    "quantity_low": (gettext_lazy("The lowest value these words allow: 2000 or 70.96."), "2000"),
    "quantity_high": (gettext_lazy("The highest value; empty when there is no upper bound."), ""),
    "quantity_unit": (gettext_lazy("What is counted; at most 60 characters."), "people"),
    "appearance_url": (
        gettext_lazy("Where the claim was seen: a full address; several separated by spaces."),
        "https://social.example/post/1",
    ),
    "platform": (gettext_lazy("facebook, telegram, website, … of the first address."), "facebook"),
    "published_on": (gettext_lazy("The day it appeared at the first address: 2019-06-09 or 09.06.2019."), "2019-06-09"),
    "audience": (gettext_lazy("Followers or views at the time at the first address: a whole number."), "124000"),
    "external_id": (
        gettext_lazy("The row's id in your own table; at most 100 characters. A row that was imported is not again."),
        "2019-017",
    ),
}  # fmt: skip
ALIASES = {
    "claim": "text", "place": "location", "appearance_urls": "appearance_url", "url": "appearance_url",
    "lowest_value": "quantity_low", "highest_value": "quantity_high",
    "topic": "topics", "quantity": "quantity_as_stated", "unit": "quantity_unit", "externalid": "external_id",
}  # fmt: skip
LONGEST = {"text": 4000, "location": 200, "claimant": 200, "quantity_as_stated": 200, "quantity_unit": 60,
           "platform": 40, "external_id": 100}  # fmt: skip
HIGHEST_AUDIENCE = 2**63 - 1
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")


class Finding(NamedTuple):
    """What is wrong: in which row and column, and what is allowed there. Row 0 is the file, column "" the row."""

    row: int
    column: str
    message: str


@dataclass
class ClaimRow:
    """One claim as the table gives it. `key` is the same whenever the same row comes again."""

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    claimant: str = ""
    topics: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    appearance: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, column: str, message: str) -> None:
        self.findings.append(Finding(self.number, column, message))


def column_of(heading: str) -> str | None:
    """The column a heading means, however it is cased and spaced."""
    name = re.sub(r"[\s_-]+", "_", heading.strip().lower()).strip("_")
    name = name.removesuffix("(s)")
    name = ALIASES.get(name, name)
    return name if name in COLUMNS else None


def read_row(number: int, cells: dict[str, str]) -> ClaimRow:
    """Every column read; what cannot be is in `findings`, all of it at once."""
    row = ClaimRow(number)
    for column, longest in LONGEST.items():
        if len(cells.get(column, "")) > longest:
            row.refuse(
                column,
                _("This has %(length)s characters; at most %(longest)s are allowed.")
                % {"length": len(cells[column]), "longest": longest},
            )
    if not any(character.isalnum() for character in cells.get("text", "")):
        row.refuse("text", _("Write the claim in the words it was made in."))
    row.fields = {name: cells.get(name, "") for name in ("text", "location", "quantity_as_stated", "quantity_unit")}
    row.fields["language"] = _language(row, cells.get("language", ""))
    row.fields["made_on"] = _read(row, "made_on", cells, _day)
    decimal_comma = not row.fields["language"].startswith("en")
    for name in ("quantity_low", "quantity_high"):
        row.fields[name] = _read(row, name, cells, lambda text: _number(text, decimal_comma=decimal_comma))
    _in_order(row)
    row.claimant = " ".join(cells.get("claimant", "").split())
    row.topics = list(dict.fromkeys(" ".join(one.split()) for one in cells.get("topics", "").split(";") if one.strip()))
    for topic in row.topics:
        if len(topic) > 80:
            row.refuse("topics", _("A topic has at most 80 characters: “%(topic)s”.") % {"topic": topic})
    _appearances(row, cells)
    row.key = _key(row, cells.get("external_id", ""))
    return row


def _read(row: ClaimRow, column: str, cells: dict[str, str], reader: Callable[[str], Any]) -> Any:
    text = cells.get(column, "")
    if not text:
        return None
    try:
        return reader(text)
    except ValueError as error:
        row.refuse(column, str(error))
        return None


def _language(row: ClaimRow, text: str) -> str:
    head = text.partition("-")[0]
    tag = head.lower() + text[len(head) :]
    if re.fullmatch(KNOWN_LANGUAGE_TAG, tag) and len(tag) <= 12:
        return tag
    row.refuse("language", _("“%(text)s” is no language: write en, ru, kk, …") % {"text": text})
    return ""


def _day(text: str) -> date:
    match = _DAY.fullmatch(text.removesuffix("T00:00:00").removesuffix(" 00:00:00"))
    if match is None:
        raise ValueError(_("“%(text)s” is no day: write it as 2019-06-09 or 09.06.2019.") % {"text": text[:40]})
    year, month, day, day_first, month_second, year_last = match.groups()
    try:
        read = date(int(year or year_last), int(month or month_second), int(day or day_first))
    except ValueError:
        raise ValueError(_("There is no such day: “%(text)s”.") % {"text": text}) from None
    if read > timezone.localdate() + timedelta(days=1):
        raise ValueError(_("This day is still to come: “%(text)s”.") % {"text": text})
    return read


def _number(text: str, *, decimal_comma: bool) -> Decimal:
    negative = text.startswith(("-", "\u2212"))
    read = read_digits(text[1:] if negative else text, decimal_comma=decimal_comma, scaled=False)
    if read is None:
        raise ValueError(_("“%(text)s” is no number, or may be two: write it as 10000 or 70.96.") % {"text": text[:40]})
    return -read[0] if negative else read[0]


def _in_order(row: ClaimRow) -> None:
    low, high = row.fields["quantity_low"], row.fields["quantity_high"]
    if low is not None and high is not None and low > high:
        row.refuse("quantity_low", _("The lowest value is above the highest: swap the two."))


def _appearances(row: ClaimRow, cells: dict[str, str]) -> None:
    seen = set()
    for text in cells.get("appearance_url", "").split():
        try:
            url, canonical = validate_url(text.rstrip(";,")), normalise_url(text.rstrip(";,"))
        except UnusableURL as error:
            row.refuse("appearance_url", f"{text[:80]}: {error}")
            continue
        if canonical not in seen:
            seen.add(canonical)
            row.urls.append(url)
    row.appearance = {
        "platform": cells.get("platform", ""),
        "published_on": _read(row, "published_on", cells, _day),
        "audience": _read(row, "audience", cells, _whole),
    }
    for column, value in row.appearance.items():
        if value and not cells.get("appearance_url"):
            row.refuse(column, _("This belongs to an address: fill in the column appearance_url."))


def _whole(text: str) -> int:
    number = _number(text, decimal_comma=False)
    if number != number.to_integral_value() or not 0 <= number <= HIGHEST_AUDIENCE:
        raise ValueError(_("“%(text)s” is no whole number: write it as 124000.") % {"text": text[:40]})
    return int(number)


def _key(row: ClaimRow, external_id: str) -> str:
    """The id the newsroom gave the row, or a digest of what says which claim it is."""
    if external_id:
        return f"id:{external_id}"
    made_on = row.fields["made_on"]
    said = [row.fields["text"], row.fields["language"], row.claimant.casefold(), made_on.isoformat() if made_on else ""]
    return "row:" + hashlib.sha256("\n".join(said).encode()).hexdigest()


def template() -> str:
    """The columns with one row of examples, as CSV."""
    quoted = [f'"{example}"' if example else "" for _words, example in COLUMNS.values()]
    return "\ufeff" + ",".join(COLUMNS) + "\r\n" + ",".join(quoted) + "\r\n"
