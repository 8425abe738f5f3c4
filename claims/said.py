"""Sentences kept as what they are made of, so that everybody reads them in their own language, whenever they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext


@dataclass(frozen=True)
class Said:
    """`template` is a message marked by gettext_noop where it is written, with %(name)s for each of `values`.

    Of the values, strangers' words stay as they are; what is Said itself is translated too.
    """

    template: str
    values: Mapping[str, Said | str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        """In the language that is active now."""
        return spoken(kept(self))


def say(template: str, **values: Said | str | int) -> Said:
    return Said(template, values)


def kept(what: Said | str | int) -> Any:
    """As JSON: text as it is, a sentence as {"say": template, "with": {name: …}}."""
    if isinstance(what, Said):
        return {"say": what.template, "with": {name: kept(value) for name, value in what.values.items()}}
    # PostgreSQL keeps no NUL.
    return what.replace("\x00", "") if isinstance(what, str) else what


def kept_lines(lines: Sequence[Said | str]) -> list[Any]:
    return [kept(line) for line in lines]


def spoken(row: Any) -> str:
    """What kept() kept, in the language that is active now; a translation that lost a value gives way to English."""
    if not isinstance(row, dict):
        return str(row)
    template = str(row.get("say", ""))
    values = {name: spoken(value) for name, value in dict(row.get("with", {})).items()}
    if not template:
        return ""
    try:
        return gettext(template) % values
    except (KeyError, ValueError, TypeError):
        return template % values
