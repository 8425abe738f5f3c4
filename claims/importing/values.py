"""Single fields of JSON-LD as people write them: anything may be a string, a list, an object, a number or missing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urljoin

from claims.importing.texts import paragraphs, plain
from claims.languages import KNOWN_LANGUAGE
from sources.urls import FORBIDDEN, MAX_LENGTH, TRACKING, UnusableURL, host_of, validate_url

Node = Mapping[str, Any]

# Longer lists are cut: nobody reads the fifty-first place where a claim appeared.
LONGEST_LIST = 50
# No newspaper is older; no date may be later. Sentinels such as 0001-01-01 and 9999-12-31 lie outside.
FIRST_YEAR, LAST_YEAR = 1700, 2100
LANGUAGE = re.compile(rf"({KNOWN_LANGUAGE})(?:[-_]([A-Za-z0-9]{{2,8}}))?(?:[-_]([A-Za-z0-9]{{2,8}}))?\Z")
# 5 July 2020; July 5, 2020.
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+([A-Za-z]+)\.?,?\s+(\d{4})\b")
_MONTH_DAY = re.compile(r"([A-Za-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
# 2020/7/5, 5.7.2020, 7/5/2020.
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")
_BROKEN = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?\Z")


def each(value: Any) -> Iterator[Any]:
    """The values of a field that may hold one, several or none."""
    for one in value if isinstance(value, list) else [value]:
        if one is not None and one != "" and one != {}:
            yield one


def first(value: Any) -> Any:
    """The first of them, or None."""
    return next(each(value), None)


def first_node(value: Any) -> Node:
    """The first object of the field; an empty one where there is none."""
    return next((one for one in each(value) if isinstance(one, dict)), {})


def text(value: Any) -> str:
    """Plain text of a string, a number, a {"@value": …} or the first of several; "" for anything else."""
    value = _scalar(value)
    if isinstance(value, str):
        return plain(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def prose(value: Any) -> str:
    """The same of a longer text, paragraph by paragraph."""
    value = _scalar(value)
    return paragraphs(value) if isinstance(value, str) else ""


def _scalar(value: Any) -> Any:
    value = first(value)
    return first(value.get("@value")) if isinstance(value, dict) else value


def names(value: Any) -> list[str]:
    """The names of people or organisations, each once: strings, or objects with a name."""
    found = (text(one.get("name") or one.get("@value")) if isinstance(one, dict) else text(one) for one in each(value))
    return list(dict.fromkeys(name for name in found if name))[:LONGEST_LIST]


def number_as_written(value: Any) -> str:
    """A rating's number: “4,5”, “-1”, “80%”. "" when there is none; at most 40 characters."""
    return text(value)[:40]


def number(written: str) -> float | None:
    """What such a number is; None for anything else."""
    bare = written.strip().removesuffix("%").strip()
    return (
        float(bare.replace(",", ".")) if _NUMBER.match(bare) and math.isfinite(float(bare.replace(",", "."))) else None
    )


def language(value: Any) -> str:
    """A language tag such as en, pt-BR or kk-Cyrl, spelled as BCP 47 wants; "" for names and nonsense: no guessing."""
    value = first(value)
    if isinstance(value, dict):
        value = first(value.get("alternateName")) or first(value.get("@value")) or first(value.get("name"))
    match = LANGUAGE.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        return ""
    parts = [match[1].lower()]
    for part in (match[2], match[3]):
        if part:
            parts.append(
                part.upper() if len(part) == 2 else part.title() if part.isalpha() and len(part) == 4 else part
            )
    tag = "-".join(parts)
    return tag if len(tag) <= 12 else parts[0]


def address(value: Any, base: str = "", hosts: Callable[[], Collection[str]] = tuple) -> str:
    """The first web address of the field, absolute; the fragment is kept. Raises UnusableURL saying what is wrong.

    Relative ones are resolved against `base`. One that begins with one of the `hosts` lacks its https:// alone.
    """
    value = first(value)
    if isinstance(value, dict):
        value = first(value.get("url")) or first(value.get("@id")) or first(value.get("@value"))
    if not isinstance(value, str) or not value.strip():
        raise UnusableURL("there is no address")
    if _BROKEN.search(value):
        raise UnusableURL("the address contains a broken character (half of a surrogate pair)")
    written = _absolute(value.strip(), base, hosts)
    head, mark, fragment = written.partition("#")
    url = validate_url(_lowered(quote(head, safe=_SAFE) if not head.isascii() or FORBIDDEN.search(head) else head))
    anchor = quote(fragment, safe=_SAFE) if mark and fragment else ""
    return f"{url}#{anchor}" if anchor and len(url) + len(anchor) < MAX_LENGTH else url


def without_tracking(url: str) -> str:
    """The address without the parameters that say where a reader came from; the fragment stays."""
    head, mark, fragment = url.partition("#")
    place, asks, query = head.partition("?")
    kept = "&".join(part for part in query.split("&") if not TRACKING.match(part.partition("=")[0]))
    return f"{place}{asks if kept else ''}{kept}{mark}{fragment}"


def _absolute(written: str, base: str, hosts: Callable[[], Collection[str]]) -> str:
    if written.lower().startswith(("http://", "https://")):
        return written
    if written.partition("/")[0].lower().removeprefix("www.") in hosts():
        return f"https://{written}"
    try:
        return urljoin(base, written) if base else written
    except ValueError as error:
        raise UnusableURL(f"the address cannot be read ({error})") from error


_SAFE = "/%:@!$&'()*+,;=~-._?[]|"


def _lowered(url: str) -> str:
    """HTTP:// is http://."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme.lower()}{mark}{rest}"


def addresses(value: Any, base: str = "") -> tuple[str, ...]:
    """Every web address of the field, each once; what is none is left out."""
    found = []
    for one in each(value):
        try:
            found.append(address(one, base))
        except UnusableURL:
            continue
    return tuple(dict.fromkeys(found))[:LONGEST_LIST]


def site_of(url: str) -> str:
    """Whose page it is: the host without “www.”."""
    return host_of(url).removeprefix("www.")


def moment(value: Any) -> datetime | None:
    """A date or time in any of the usual shapes, in UTC (midnight for a day); None when it is none or ambiguous."""
    value = first(value)
    if isinstance(value, dict):
        value = first(value.get("@value"))
    if isinstance(value, bool):
        return None
    try:
        return _in_range(_epoch(value) if isinstance(value, int | float) else _written(value))
    except (ValueError, OverflowError, TypeError, OSError):
        return None


def day(value: Any) -> date | None:
    """The day of such a time as it is written there, whatever the time zone."""
    value = first(value)
    if isinstance(value, str) and (match := _YEAR_FIRST.match(value.strip())):
        try:
            found: date | None = date(*(int(part) for part in match.groups()))
        except ValueError:
            return None
        return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None
    when = moment(value)
    return when.date() if when else None


def _in_range(when: datetime) -> datetime | None:
    when = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    return when if FIRST_YEAR <= when.year <= LAST_YEAR else None


def _epoch(value: float) -> datetime:
    """Seconds since 1970, or milliseconds."""
    return datetime.fromtimestamp(value / 1000 if abs(value) > 10**11 else value, UTC)


def _written(value: Any) -> datetime:
    """Raises ValueError or TypeError when it is no date we can be sure of."""
    if not isinstance(value, str) or len(value) > 100:
        raise ValueError("no date")
    written = value.strip()
    if written.isdigit() and len(written) in (10, 13):
        return _epoch(int(written))
    if not written[:4].isdigit() or len(written) < 8:
        return _in_words(written)
    try:
        return datetime.fromisoformat(written.replace(" UTC", "Z").replace(" Z", "Z"))
    except ValueError:
        if match := _YEAR_FIRST.match(written):
            return datetime(*(int(part) for part in match.groups()))  # type: ignore[arg-type]
        raise


def _in_words(written: str) -> datetime:
    if match := _DAY_MONTH.search(written):
        return datetime(int(match[3]), _month(match[2]), int(match[1]))
    if match := _MONTH_DAY.search(written):
        return datetime(int(match[3]), _month(match[1]), int(match[2]))
    if match := _YEAR_LAST.match(written):
        return _day_and_month(int(match[1]), int(match[3]), int(match[4]), match[2])
    return parsedate_to_datetime(written)


def _month(name: str) -> int:
    if (month := _MONTHS.get(name.lower())) is None:
        raise ValueError("no month")
    return month


def _day_and_month(one: int, other: int, year: int, mark: str) -> datetime:
    """5.7.2020 is July everywhere; 5/7/2020 is July or May, and taken only when one of them cannot be a month."""
    if mark == "." or one > 12:
        return datetime(year, other, one)
    if other > 12 or one == other:
        return datetime(year, one, other)
    raise ValueError("day or month first?")
