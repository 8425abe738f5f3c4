"""What the API's description knows of an address: its name, what it answers, and where its answers lead on to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.urls import resolve

from feed.describing.examples import Known
from feed.serving.parameters import Parameter

JSON = "application/json"

VERDICTS, LOG, NAMES, OTHERS, ITSELF = (
    "Verdicts and claims",
    "The change log",
    "Names and sources",
    "Other people's formats",
    "The description itself",
)


@dataclass(frozen=True)
class Link:
    """Where an answer leads: an operation's name, and its parameters as runtime expressions (OpenAPI 3.1, 4.8.20)."""

    to: str
    parameters: dict[str, str]
    help: str


@dataclass(frozen=True)
class Operation:
    """One address. `answers` is a name in SHAPES or SHAPES of other formats, "" where the answer is no JSON.

    `asks` names the query parameters its example carries; `shows` the keys the example programs print. A `dump` holds
    the whole corpus in one answer.
    """

    path: str
    name: str
    group: str
    help: str
    answers: str = ""
    media_type: str = JSON
    asks: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    dump: bool = False

    @property
    def view(self) -> Any:
        """The view class. Raises Resolver404 while there is nothing at the address."""
        return resolve(self.sample(Known())).func.view_class  # type: ignore[attr-defined]

    @property
    def view_name(self) -> str:
        """What feed/urls.py calls the address."""
        return resolve(self.sample(Known())).url_name or ""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return tuple(getattr(self.view, "parameters", ()))

    @property
    def in_path(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def is_list(self) -> bool:
        return not self.in_path and (self.answers.endswith("Page") or self.answers in {"Events", "Matches"})

    @property
    def is_json(self) -> bool:
        return bool(self.answers)

    def sample(self, known: Known) -> str:
        """The path with names in it that `known` has."""
        filled = self.path
        for name in self.in_path:
            filled = filled.replace(f"{{{name}}}", known.of(name, self.name))
        return filled
