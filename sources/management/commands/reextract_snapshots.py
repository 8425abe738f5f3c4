from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from sources.management.command import FINDINGS, OK, ClaimtrackCommand, counted
from sources.services.reextracting import reextract_snapshots, waiting_count


class Command(ClaimtrackCommand):
    help = (
        "Have the present text extractor read every stored capture and uploaded file that it has not read yet; a "
        "worker does the same bit by bit. Exit 1 when one could not be read (verify_snapshots says why)."
    )
    example = "python manage.py reextract_snapshots --limit 1000"

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=None, help="stop after this many captures and files")
        parser.add_argument("--count", action="store_true", help="only say how many are waiting")

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        waiting = waiting_count()
        if options["count"]:
            self.say(f"{_of(waiting)} {'is' if waiting == 1 else 'are'} waiting to be read.")
            return OK, {"waiting": waiting}
        total = waiting if options["limit"] is None else min(waiting, options["limit"])
        read, unreadable = reextract_snapshots(
            limit=options["limit"],
            budget=None,
            report=lambda done: self.progress(done, max(total, done), "captures and files"),
        )
        self.say(f"{_of(read)} read, {unreadable:,} could not be read." if read or unreadable else "Nothing was read.")
        return (FINDINGS if unreadable else OK), {"read": read, "unreadable": unreadable}


def _of(number: int) -> str:
    return counted(number, "capture or file", "captures and files")
