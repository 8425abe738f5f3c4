from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import Error

from feed import dumps
from feed.serving.parameters import MOMENT, moment
from sources.management.command import FINDINGS, OK, USAGE, ClaimtrackCommand, counted

NAMES = {"jsonld": "claimreview.jsonld", "ndjson": "claimreview.ndjson", "csv": "verdicts.csv"}
# The bar is drawn anew after so many verdicts.
BAR_EVERY = 5_000


class Command(ClaimtrackCommand):
    help = (
        "Write every published verdict as ClaimReview (jsonld: one schema.org DataFeed; ndjson: one item per line) or "
        "as a table (csv), exactly as /feeds/ serves them. A file appears under its name only when it is complete."
    )
    example = "python manage.py export_claimreview --format ndjson --output claimreview.ndjson"

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=NAMES, default="jsonld", help="default: jsonld")
        parser.add_argument("--output", metavar="FILE", help="replaced when it is there; default: standard output")
        parser.add_argument("--updated-since", metavar="TIME", help=f"only what changed then or later: {MOMENT}")

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        try:
            since = moment(options["updated_since"]) if options["updated_since"] else None
        except ValueError:
            return self._end(USAGE, f"--updated-since {options['updated_since']}: give {MOMENT}.")
        output = Path(options["output"]) if options["output"] else None
        if output is None and self.as_json:
            return self._end(USAGE, "--json needs --output: both would go to standard output.")
        if output is not None and not output.parent.is_dir():
            return self._end(USAGE, f"{output.parent} is not a folder. Make it, or name another with --output.")
        if output is not None and output.is_dir():
            return self._end(USAGE, f"{output} is a folder. Name a file in it with --output.")
        try:
            return self._export(NAMES[options["format"]], output, since)
        except BrokenPipeError:
            # Whoever read us has enough; nothing more may be written, not even when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return FINDINGS, {}
        except (Error, OSError) as error:
            wrote = f"{output} was not written" if output else "What was written is not complete"
            return self._end(FINDINGS, f"{wrote}: {str(error).strip()}")

    def _export(self, name: str, output: Path | None, since: datetime | None) -> tuple[int, dict[str, Any]]:
        self.verdicts, total = 0, dumps.count(since)

        def on_batch(done: int) -> None:
            self.verdicts = done
            if done % BAR_EVERY < dumps.BATCH:
                self._bar(done, total)

        pieces = dumps.write(name, updated_since=since, on_batch=on_batch)
        if output is None:
            for piece in pieces:
                self.stdout.write(piece, ending="")
            self._bar(self.verdicts, self.verdicts)
            return OK, {"verdicts": self.verdicts}
        size = _write_whole(output, pieces)
        self._bar(self.verdicts, self.verdicts)
        self.say(f"{counted(self.verdicts, 'verdict')}, {counted(size, 'byte')}. Written to {output}.")
        return OK, {"file": str(output), "verdicts": self.verdicts, "bytes": size}

    def _bar(self, done: int, total: int) -> None:
        """As progress(), on standard error: standard output may be the export itself."""
        if self.as_json or not self.stderr.isatty():
            return
        bar = "█" * int(24 * min(1.0, done / max(total, 1)))
        self.stderr.write(f"\r{bar:<24} {done:,}/{max(done, total):,} verdicts", str, "" if done < total else "\n")

    def _end(self, status: int, why: str) -> tuple[int, dict[str, Any]]:
        self.stderr.write(why, str)
        return status, {"error": why}


def _write_whole(output: Path, pieces: Iterator[str]) -> int:
    """The whole file or none, on the disk before it has its name. Its size in bytes."""
    part = output.with_name(f".{output.name}.{uuid.uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            for piece in pieces:
                file.write(piece.encode())
            file.flush()
            os.fsync(file.fileno())
        size = part.stat().st_size
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
    return size
