from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sources.archive import CaptureDamaged, read_capture, read_file
from sources.management.command import FINDINGS, OK, ClaimtrackCommand
from sources.models import Snapshot, Upload


class Command(ClaimtrackCommand):
    help = "Read every kept capture and uploaded file back and compare it with its digest; names each that is damaged."
    example = "python manage.py verify_snapshots --json"

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        verified, damaged = 0, []
        files = list(_kept())
        for read, key in files:
            try:
                read(key)
                verified += 1
            except CaptureDamaged as error:
                damaged.append(str(error))
            self.progress(verified + len(damaged), len(files), "files")
        self.say(f"{verified} files are as they were captured, {len(damaged)} are not.")
        for line in damaged:
            self.say(f"  {line}")
        return (FINDINGS if damaged else OK), {"verified": verified, "damaged": damaged}


def _kept() -> Iterator[tuple[Callable[[str], bytes], str]]:
    """Every stored file once, with how to read it; "" was erased by law and is no damage."""
    captures = Snapshot.objects.exclude(storage_key="").order_by().values_list("storage_key", flat=True).distinct()
    for key in captures.iterator():
        yield read_capture, key
    for key in Upload.objects.exclude(storage_key="").values_list("storage_key", flat=True).iterator():
        yield read_file, key
