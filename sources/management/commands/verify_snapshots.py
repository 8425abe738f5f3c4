from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand

from sources.archive import CaptureDamaged, read_capture, read_file
from sources.models import Snapshot, Upload


class Command(BaseCommand):
    help = (
        "Read every kept capture and uploaded file back and compare it with its digest.\n\n"
        "Example: manage.py verify_snapshots --json\n\n"
        "Exit status: 0 all are as they were captured, 1 some are missing or damaged (each is named)."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        verified, damaged = 0, []
        for read, key in _kept():
            try:
                read(key)
                verified += 1
            except CaptureDamaged as error:
                damaged.append(str(error))
            if self.stderr.isatty():
                self.stderr.write(f"\r{verified} verified", ending="")
        if options["json"]:
            self.stdout.write(json.dumps({"verified": verified, "damaged": damaged}))
        else:
            self.stdout.write(f"{verified} files are as they were captured, {len(damaged)} are not.")
            for line in damaged:
                self.stdout.write(f"  {line}")
        if damaged:
            sys.exit(1)


def _kept() -> Iterator[tuple[Callable[[str], bytes], str]]:
    """Every stored file once, with how to read it; "" was erased by law and is no damage."""
    captures = Snapshot.objects.exclude(storage_key="").order_by().values_list("storage_key", flat=True).distinct()
    for key in captures.iterator():
        yield read_capture, key
    for key in Upload.objects.exclude(storage_key="").values_list("storage_key", flat=True).iterator():
        yield read_file, key
