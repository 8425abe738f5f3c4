"""Tables for people, and what a run has found wanting."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Columns as wide as they need; the first to the left, the others to the right."""
    lines = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]
    print(f"\n{title}")
    for first, *others in lines:
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        print("  ".join([first.ljust(widths[0]), *cells]).rstrip(), flush=True)


def say(text: str) -> None:
    """Progress; not part of the table."""
    print(text, file=sys.stderr, flush=True)


def number(name: str, default: int) -> int:
    """A size from the environment."""
    return int(os.environ.get(name, default))


class Findings:
    """Ratios and bounds that do not hold. Speeds in absolute numbers are printed and never found wanting."""

    def __init__(self) -> None:
        self._missed: list[str] = []

    def expect(self, holds: bool, rule: str) -> None:
        print(f"{'holds' if holds else 'MISSED'}: {rule}", flush=True)
        if not holds:
            self._missed.append(rule)

    @property
    def status(self) -> int:
        """Exit status of the run."""
        return 1 if self._missed else 0
