"""What every command of ours has: --json, progress on a terminal, and exit 0 (ok), 1 (findings) or 2 (usage).

Here because sources is the app that every other may import.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from argparse import RawDescriptionHelpFormatter
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

OK, FINDINGS, USAGE = 0, 1, 2


def counted(number: int, one: str, many: str = "") -> str:
    """1 capture, 2,000 captures."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _plain(value: object) -> str:
    """Times as RFC 3339 in UTC, as everywhere else; the rest as people read it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(value)


class ClaimtrackCommand(BaseCommand, ABC):
    """Subclasses set `help` and `example`, add_options() and run(), which returns (exit status, figures)."""

    example = ""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs |= {"epilog": f"Example:\n  {self.example}", "formatter_class": RawDescriptionHelpFormatter}
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        self.add_options(parser)

    def add_options(self, parser: CommandParser) -> None:
        """Options beyond --json."""

    @abstractmethod
    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        """Do it. Returns the exit status and the figures that --json prints."""

    def handle(self, **options: Any) -> None:
        self.as_json = options["json"]
        status, figures = self.run(**options)
        if self.as_json:
            self.stdout.write(json.dumps(figures, ensure_ascii=False, default=_plain))
        if status:
            raise SystemExit(status)

    def say(self, line: str) -> None:
        """For people; silent with --json."""
        if not self.as_json:
            self.stdout.write(line)

    def progress(self, done: int, total: int, what: str) -> None:
        """One line that rewrites itself on a terminal; nothing elsewhere."""
        if self.as_json or not self.stdout.isatty():
            return
        bar = "█" * int(24 * done / max(total, 1))
        self.stdout.write(f"\r{bar:<24} {done:,}/{total:,} {what}", ending="" if done < total else "\n")
        self.stdout.flush()
