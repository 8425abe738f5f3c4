"""Every verdict as the API has it, one per line."""

from __future__ import annotations

from feed.formats.dump import Lines, Row


class VerdictLines(Lines):
    reads = frozenset({"body"})

    def row(self, row: Row, *, is_first: bool) -> str:
        return f"{row.body}\n"
