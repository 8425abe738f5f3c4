"""What stands in the fields of the log page before anybody saves: typed, carried along or suggested."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

APPEARANCES = "appearances"
QUANTITY = ("quantity_as_stated", "quantity_low", "quantity_high", "quantity_unit")
CLAIM = ("text", "language", "claimant", "made_on", "location", *QUANTITY)
ROW = ("url", "platform", "published_on", "audience", "is_first", "seen")
# Of the form itself: which claim it will be, what was looked up for it, what was shown to its person.
ITS_OWN = ("ticket", "source", "title", "seen", "guessed")
MOST_ROWS = 20
# A claim has 4,000 characters at most; longer ones come back with the reason beside the field.
LONGEST = 100_000
LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)

Values = MultiValueDict[str, str]


def is_field(name: str) -> bool:
    """Whether a form of the page has a field of this name."""
    row = re.fullmatch(rf"{APPEARANCES}-(\d{{1,2}})-(\w+)", name)
    if row:
        return int(row[1]) < MOST_ROWS and row[2] in ROW
    return name in (*CLAIM, "topics", *ITS_OWN)


def values_of(sent: QueryDict) -> Values:
    """The fields among what was sent, empty ones left out."""
    kept = {name: [one[:LONGEST].replace("\x00", "") for one in values if one] for name, values in sent.lists()}
    return MultiValueDict({name: values for name, values in kept.items() if values and is_field(name)})


def how_many_rows(values: Values) -> int:
    """Appearances that hold anything, and those before them."""
    numbers = [int(name.split("-")[1]) for name in values if name.startswith(f"{APPEARANCES}-")]
    return max(numbers, default=-1) + 1


def rows_of(values: Values, number: int) -> list[dict[str, Any]]:
    """What each of so many appearances shows."""
    return [
        {name: values.get(f"{APPEARANCES}-{one}-{name}", "") for name in ROW} for one in range(min(number, MOST_ROWS))
    ]


def fill(values: Values, wanted: str, *, passages: Iterable[str] = ()) -> None:
    """Do what a suggestion's button says: JSON of fields and values. What is no such thing does nothing.

    A passage takes the place of another one that was picked; to words that somebody typed it is added.
    """
    try:
        said = json.loads(wanted[:LONGEST])
    except (ValueError, RecursionError):
        return
    if not isinstance(said, dict):
        return
    for name, value in said.items():
        if not (isinstance(name, str) and isinstance(value, str) and is_field(name)):
            continue
        now = values.get(name, "").strip()
        if name == "text" and now and " ".join(now.split()) not in passages and value not in now:
            value = f"{now}\n{value}"
        values[name] = value


def take(values: Values, guesses: dict[str, str]) -> None:
    """Put guesses where nobody has written: into empty fields, and in place of what was guessed before."""
    before = guessed(values)
    for name, value in guesses.items():
        now = values.get(name, "")
        if value and (not now or now == before.get(name)):
            values[name] = value
            before[name] = value
    values["guessed"] = json.dumps(before, ensure_ascii=False)


def guessed(values: Values) -> dict[str, str]:
    """What stands in fields only because it was guessed."""
    try:
        said = json.loads(values.get("guessed", "{}"))
    except (ValueError, RecursionError):
        return {}
    return {name: value for name, value in said.items() if isinstance(value, str)} if isinstance(said, dict) else {}


def parted(pasted: str) -> tuple[str, str]:
    """The address and the text in what somebody pasted or shared; either may be empty.

    One address alone is a page. An address within a short text, as phones share it, is the page the text is from;
    a long text that happens to name one is a text.
    """
    pasted = pasted.strip()
    if re.fullmatch(r"\w+://\S*", pasted):
        return pasted, ""
    links = LINK.findall(pasted)
    if len(links) == 1 and (len(pasted) - len(links[0]) < 1000):
        link = links[0].rstrip(").,;»”\"'")
        rest = pasted.replace(links[0], " ", 1).strip()
        return (link if "://" in link else f"https://{link}"), rest if any(map(str.isalnum, rest)) else ""
    is_bare = bool(re.fullmatch(r"[^\s/@]+\.[^\s/@.]{2,}/\S*", pasted))
    return (f"https://{pasted}", "") if is_bare else ("", pasted)
