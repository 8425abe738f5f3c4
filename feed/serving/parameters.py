"""Query parameters: each declared once with its parser, used to read requests and to describe the API."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.http import QueryDict

from claims.languages import KNOWN_LANGUAGE
from feed.serving.problems import BadParameters, Errors

MAX_LENGTH = 200
MAX_PAGE_SIZE = 200
DEFAULT_PAGE_SIZE = 50
# The largest sequence a bigint column holds has 19 digits; 18 always fit.
MAX_DIGITS = 18

Asked = dict[str, Any]

# Control characters but tab and line ends. Nobody types them.
_NEVER = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
# As strict as short_text(): there is something to read in it. (U+FFFD is what bytes that are no UTF-8 have become.)
A_TEXT = {
    "type": "string",
    "minLength": 1,
    "maxLength": MAX_LENGTH,
    "pattern": rf"^[^{_NEVER}\ufffd]*[^\s{_NEVER}\ufffd][^{_NEVER}\ufffd]*$",
}


@dataclass(frozen=True)
class Parameter:
    """`parse` takes the text and raises ValueError when it is not `allowed`, which is a sentence's second half."""

    name: str
    parse: Callable[[str], Any]
    allowed: str
    help: str
    schema: dict[str, Any] = field(default_factory=lambda: A_TEXT)
    required: bool = False


def read_parameters(query: QueryDict, known: Iterable[Parameter], *, ignore_unknown: bool = False) -> Asked:
    """The parsed value of every parameter given.

    Raises BadParameters naming every one that is unknown (unless ignored), given twice, empty or not allowed.
    """
    by_name = {parameter.name: parameter for parameter in known}
    asked: Asked = {}
    errors: Errors = {}
    for name, values in query.lists():
        parameter = by_name.get(name)
        if parameter is None and ignore_unknown:
            continue
        if parameter is None:
            errors[name] = [f"Unknown parameter. Known here: {', '.join(sorted(by_name)) or 'none'}."]
        elif len(values) > 1:
            errors[name] = ["Given more than once: give it once."]
        elif "\ufffd" in values[0]:
            errors[name] = ["Not UTF-8: give the text in UTF-8, percent-encoded."]
        else:
            try:
                asked[name] = parameter.parse(_clean(values[0]))
            except ValueError:
                errors[name] = [f"Not usable: give {parameter.allowed}, or leave it out."]
    for parameter in by_name.values():
        if parameter.required and parameter.name not in asked and parameter.name not in errors:
            errors[parameter.name] = [f"Required: give {parameter.allowed}."]
    if errors:
        raise BadParameters(errors)
    return asked


def _clean(value: str) -> str:
    if not value or re.search(f"[{_NEVER}]", value) or len(value) > 1000:
        raise ValueError
    return value


def short_text(value: str) -> str:
    if len(value) > MAX_LENGTH or not value.strip():
        raise ValueError
    return value.strip()


def number(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not re.fullmatch(rf"[0-9]{{1,{MAX_DIGITS}}}", value) or not low <= int(value) <= high:
            raise ValueError
        return int(value)

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in words:
            raise ValueError
        return value

    return parse


A_LANGUAGE = {"type": "string", "pattern": f"^{KNOWN_LANGUAGE}(-[A-Za-z0-9]{{1,8}})*$"}
LANGUAGE = "a BCP 47 language tag that begins with a code of ISO 639, such as en, kk or pt-BR"


def language_tag(value: str) -> str:
    if not re.fullmatch(A_LANGUAGE["pattern"], value):
        raise ValueError
    return value.lower()


def moment(value: str) -> datetime:
    """An RFC 3339 time, or a date, which means its midnight in UTC. A `+` that arrived as a space is forgiven."""
    if not re.match(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError
    try:
        parsed = datetime.fromisoformat(value[:11] + value[11:].replace(" ", "+"))
        # Years 1 and 9999 overflow when moved to UTC.
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except OverflowError:
        raise ValueError from None


# What feed/urls.py lets in.
A_PUBLIC_ID = {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,16}$"}
A_CURSOR = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,400}$"}


def opaque(value: str) -> str:
    if not re.fullmatch(A_CURSOR["pattern"], value):
        raise ValueError
    return value


MOMENT = "an RFC 3339 time such as 2026-11-23T09:00:00Z, or a date such as 2026-11-23 (its midnight in UTC)"
# Years 0 and 9999 reach beyond what can be compared once they are moved to UTC; a schema cannot say it finer.
_YEARS = "^([1-8]|9[0-8])[0-9]{2}"
A_MOMENT = {
    "type": "string",
    "anyOf": [{"format": "date-time", "pattern": _YEARS}, {"format": "date", "pattern": _YEARS}],
    "examples": ["2026-11-23T09:00:00Z", "2026-11-23"],
}

CURSOR = Parameter(
    "cursor",
    opaque,
    "a cursor exactly as a `next` or `previous` link carries it",
    "Where to go on: comes from `next` and `previous`; means nothing to anyone else.",
    A_CURSOR,
)
PAGE_SIZE = Parameter(
    "page_size",
    number(1, MAX_PAGE_SIZE),
    f"a whole number from 1 to {MAX_PAGE_SIZE}",
    f"How many results a page holds: 1 to {MAX_PAGE_SIZE}, {DEFAULT_PAGE_SIZE} when left out.",
    {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE},
)
PAGING = (CURSOR, PAGE_SIZE)
