"""What every format of a dump has in common: a beginning, one piece of text per verdict, an end that can be missed."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from claims.rendering.claimreview import Publisher


class Row(NamedTuple):
    """A stored document, its times in RFC 3339 (only beside markup). What the format does not read is empty.

    A row without markup always has its `body`.
    """

    key: int
    public_id: str
    status: str
    published_at: str
    updated_at: str
    body: str
    claimreview: str


@dataclass(frozen=True, kw_only=True)
class About:
    """The dump as a whole. `address` is its own; `head` the event log's (sequence, hash, at) before the first row."""

    address: str
    site: str
    site_name: str
    publisher: Publisher
    head: tuple[int, str, datetime | None]


class DumpFormat(ABC):
    """Stateless. Everything it gives is text; lines end with their newline."""

    extension: ClassVar[str]
    content_type: ClassVar[str]
    # `body`, `claimreview` or both; the body of a row without markup is read anyway.
    reads: ClassVar[frozenset[str]]

    def begin(self, about: About) -> str:
        return ""

    @abstractmethod
    def row(self, row: Row, *, is_first: bool) -> str:
        """One verdict."""

    def end(self, about: About, *, count: int, last: str) -> str:
        """After the last verdict. `last` is its public id, empty when there was none."""
        return ""

    def broken(self, *, count: int, last: str) -> str:
        """Where the database went away in the middle: what makes the rest unmistakably missing."""
        return ""


class Lines(DumpFormat):
    """One JSON object per line; the last one has the key `complete` and no verdict."""

    extension = "ndjson"
    content_type = "application/x-ndjson"

    def end(self, about: About, *, count: int, last: str) -> str:
        sequence, digest, _ = about.head
        return _line({"complete": True, "count": count, "after": last, "head": {"sequence": sequence, "hash": digest}})

    def broken(self, *, count: int, last: str) -> str:
        detail = "The database went away. Ask again with after=<the id in `after`> for the rest."
        return _line({"complete": False, "count": count, "after": last, "detail": detail})


def _line(values: dict[str, Any]) -> str:
    return compact(values) + "\n"


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
