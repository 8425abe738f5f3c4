from __future__ import annotations

import random
from argparse import ArgumentTypeError
from collections.abc import Iterator
from heapq import nlargest
from itertools import chain, groupby
from typing import Any

from django.core.management.base import CommandParser
from django.db.models import QuerySet

from claims.warc import claims_on
from sources.archive import CaptureDamaged, check_stored, key_for, key_of_file
from sources.archive_export import listed
from sources.management.command import FINDINGS, OK, ClaimtrackCommand, counted
from sources.models import Snapshot, Upload

# storage key, recorded SHA-256, recorded size in bytes, the page's address or the uploaded file's name
Kept = tuple[str, str, int, str]


class Command(ClaimtrackCommand):
    help = (
        "Read every kept capture and uploaded file back and compare it with its digest; names each that is damaged, "
        "with its page or file and the claims on it."
    )
    example = "python manage.py verify_snapshots --sample 1000 --json"

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--sample", metavar="N", type=_count, help="only this many files, drawn by chance")

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        verified, damaged = 0, []
        captures, uploads = _kept(options["sample"])
        total = captures.values("storage_key").distinct().count() + uploads.count()
        for done, (key, recorded) in enumerate(_by_key(captures, uploads), start=1):
            if why := _fault(key, recorded):
                damaged.append(f"{why} ({_whose(recorded)})")
            else:
                verified += 1
            self.progress(done, total, "files")
        verb = "is as it was" if verified == 1 else "are as they were"
        self.say(f"{counted(verified, 'file')} {verb} captured, {len(damaged):,} damaged.")
        for line in damaged:
            self.say(f"  {line}")
        return (FINDINGS if damaged else OK), {"verified": verified, "damaged": damaged}


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"{text!r} is not a number of files such as 1000")
    return int(text)


def _kept(sample: int | None) -> tuple[QuerySet[Snapshot], QuerySet[Upload]]:
    """All that has a file ("" was erased by law and is no damage), or `sample` files of it by chance."""
    captures = Snapshot.objects.exclude(storage_key="").order_by("storage_key")
    uploads = Upload.objects.exclude(storage_key="").order_by("storage_key")
    if sample is None:
        return captures, uploads
    keys = chain(*(rows.values_list("storage_key", flat=True).iterator() for rows in (captures, uploads)))
    chosen = nlargest(sample, (key for key, _ in groupby(keys)), key=lambda _: random.random())
    return captures.filter(storage_key__in=chosen), uploads.filter(storage_key__in=chosen)


def _by_key(captures: QuerySet[Snapshot], uploads: QuerySet[Upload]) -> Iterator[tuple[str, list[Kept]]]:
    """Each stored file once, with everything that rows say of it."""
    rows: list[Iterator[Kept]] = [
        captures.values_list("storage_key", "raw_sha256", "size", "final_url").iterator(),
        uploads.values_list("storage_key", "sha256", "size", "name").iterator(),
    ]
    for kind in rows:
        for key, recorded in groupby(kind, key=lambda row: row[0]):
            yield key, list(recorded)


def _fault(key: str, recorded: list[Kept]) -> str:
    """What is wrong with this file, "" if nothing is."""
    try:
        size = check_stored(key)
    except CaptureDamaged as error:
        return str(error)
    for _, sha256, expected, _ in recorded:
        if key not in (key_for(sha256), key_of_file(sha256)):
            return f"{key}: the database says that the capture with the SHA-256 {sha256} is kept here"
        if size != expected:
            return f"{key}: {size} bytes are kept, {expected} were captured"
    return ""


def _whose(recorded: list[Kept]) -> str:
    """Pages or file, and the claims that rest on them."""
    names = listed(name for *_, name in recorded)
    claims = claims_on({sha256 for _, sha256, _, _ in recorded})
    on = listed(f"{claim.public_id} “{claim}”" for claim in claims)
    return f"{names}; claim {on}" if on else names
