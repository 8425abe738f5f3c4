"""CSV (RFC 4180, UTF-8) for people who count: one line per verdict."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from feed.formats.dump import About, DumpFormat, Row
from sources.cells import FORMULA

COLUMNS = (
    *("id", "url", "status", "version", "rating", "rating_name", "rating_value", "rating_best", "rating_worst"),
    *("claim", "claimant", "claimed_on", "location", "headline", "summary", "language", "topics"),
    *("published_at", "updated_at", "reviewed_by_second_person", "corrections", "last_correction_at"),
    *("last_correction_kind", "last_correction_reason", "sources"),
)


def cells_of(document: dict[str, Any]) -> list[Any]:
    """The values of COLUMNS; what a verdict does not have (a withheld one has little) is empty."""
    rating, claim = document.get("rating", {}), document.get("claim", {})
    corrections = document.get("corrections", [])
    last = corrections[0] if corrections else {}
    values = {
        **{name: document.get(name, "") for name in COLUMNS if name in document},
        "rating": rating.get("code"),
        "rating_name": rating.get("name"),
        **{f"rating_{name}": rating.get(name) for name in ("value", "best", "worst")},
        "claim": claim.get("text"),
        "claimant": (claim.get("claimant") or {}).get("name"),
        "claimed_on": claim.get("made_on"),
        "location": claim.get("location"),
        "topics": " ".join(claim.get("topics", [])),
        "corrections": len(corrections),
        **{f"last_correction_{name}": last.get(name) for name in ("at", "kind", "reason")},
        "sources": " ".join(_sources(document)),
    }
    return [safe(values.get(name)) for name in COLUMNS]


def _sources(document: dict[str, Any]) -> list[str]:
    """The pages it rests on, each once."""
    return list(dict.fromkeys(row["source"]["url"] for row in document.get("evidence", []) if row.get("source")))


def safe(value: Any) -> Any:
    """A cell that no spreadsheet runs: an apostrophe before what would be a formula, as spreadsheets write it."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def line(cells: list[Any] | tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)  # ends with CR LF and quotes as RFC 4180 says
    return out.getvalue()


class VerdictTable(DumpFormat):
    extension = "csv"
    content_type = "text/csv; charset=utf-8; header=present"
    reads = frozenset({"body"})

    def begin(self, about: About) -> str:
        return line(COLUMNS)

    def row(self, row: Row, *, is_first: bool) -> str:
        return line(cells_of(json.loads(row.body)))

    def broken(self, *, count: int, last: str) -> str:
        """A quotation mark that nothing closes: no strict reader takes the file, and whoever looks sees why."""
        return f'"INCOMPLETE: the database went away here. Download it again, or the rest with ?after={last}\r\n'
