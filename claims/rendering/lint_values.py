"""Read markup that anybody may have written: whatever stands where something else is expected reads as nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from ipaddress import ip_address
from math import isfinite
from typing import Any
from urllib.parse import SplitResult, urlsplit

Markup = dict[str, Any]
# As schema.org and Google write them; no exponents, no thousands separators, no comma.
DECIMAL = re.compile(r"[+-]?\d{1,12}(\.\d{1,12})?", re.ASCII)
DEFAULT_PORTS = {"http": 80, "https": 443}
# Objects looked into in one document: more is no page, it is an attack.
MOST_OBJECTS = 100_000


def text(value: object) -> str:
    """The string without blanks around it; "" for anything that is no string."""
    return value.strip() if isinstance(value, str) else ""


def listed(value: object) -> list[object]:
    """JSON-LD lets one value stand for a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def objects(value: object) -> list[Markup]:
    return [one for one in listed(value) if isinstance(one, dict)]


def first_object(value: object) -> Markup:
    """The object, or the first of several; {} for none."""
    return next(iter(objects(value)), {})


def types(markup: Markup) -> set[str]:
    """Its types by their bare names: https://schema.org/Claim and schema:Claim are Claim."""
    return {re.split(r"[/:#]", text(one))[-1] for one in listed(markup.get("@type")) if text(one)}


def number(value: object) -> float | None:
    """A number as markup may write it, as a number or as digits with a point; else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return float(value) if DECIMAL.fullmatch(value.strip()) else None
    # Larger ones are no ratings, and an integer may be too large for a float.
    if isinstance(value, int | float) and abs(value) < 1e12 and isfinite(value):
        return float(value)
    return None


def address(value: object) -> SplitResult | None:
    """An absolute http(s) address; None for anything else."""
    try:
        parts = urlsplit(text(value))
        if parts.scheme in DEFAULT_PORTS and parts.hostname and (parts.port is None or parts.port > 0):
            return parts
    except ValueError:
        pass
    return None


def origin(parts: SplitResult) -> tuple[str, str, int]:
    """Scheme, host and port: what must be equal for two addresses to be of one site."""
    return parts.scheme, host(parts), parts.port or DEFAULT_PORTS[parts.scheme]


def host(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".")


def is_below(name: str, domain: str) -> bool:
    """The same host, or one below it; a leading www. counts for nothing. An IP address has nothing below it."""
    name, domain = name.removeprefix("www."), domain.removeprefix("www.")
    if name == domain or not name.endswith(f".{domain}"):
        return name == domain
    try:
        ip_address(domain)
    except ValueError:
        return True
    return False


def addresses(value: object) -> Iterator[str]:
    """Of works: a bare address, an object with `url` (or `@id`), or several of these."""
    for one in listed(value):
        found = text(one) or (text(one.get("url")) or text(one.get("@id")) if isinstance(one, dict) else "")
        if found:
            yield found


def claim_reviews(value: object) -> list[Markup]:
    """Every ClaimReview in parsed JSON-LD, in its order: bare, in a list, a @graph, a DataFeed, however deep."""
    found, waiting, seen = [], [value], 0
    while waiting and (seen := seen + 1) <= MOST_OBJECTS:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict):
            if "ClaimReview" in types(one):
                found.append(one)
            else:
                waiting += reversed([inner for inner in one.values() if isinstance(inner, dict | list)])
    return found


class NotJSON(ValueError):
    """The text is no JSON; says where it breaks."""


def read_json(written: str) -> object:
    """Parsed JSON. Raises NotJSON, also for what is nested too deeply."""
    try:
        return json.loads(written)
    except json.JSONDecodeError as error:
        raise NotJSON(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except (RecursionError, ValueError) as error:
        raise NotJSON(f"it cannot be read: {type(error).__name__}") from None
