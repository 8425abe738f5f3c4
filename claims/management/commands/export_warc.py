from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from claims import warc
from claims.models import Claim
from sources.archive import CaptureDamaged
from sources.archive_export import WarcExport
from sources.management.command import FINDINGS, OK, USAGE, ClaimtrackCommand, counted
from sources.models import Snapshot


class Command(ClaimtrackCommand):
    help = (
        "Write all captures of the pages and files a claim's evidence rests on into one WARC file. "
        "Names what is damaged, and then writes nothing (exit 1)."
    )
    example = "python manage.py export_warc --claim 7fQk2mXr9LpT --output claim.warc.gz"

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--claim", metavar="ID", required=True, help="the id in the claim's address")
        parser.add_argument("--output", metavar="FILE", help="where to write it; default: claim-<ID>.warc.gz here")

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        claim = Claim.objects.filter(public_id=options["claim"]).first()
        if claim is None:
            return self._refuse(
                f"No claim has the id {options['claim']}: it is the part after /claims/ in its address."
            )
        output = Path(options["output"] or warc.file_name_of(claim))
        if output.exists():
            return self._refuse(f"{output} is there already. Move it away, or name another file with --output.")
        if not output.parent.is_dir():
            return self._refuse(f"{output.parent} is not a folder. Make it, or name another with --output.")
        if damaged := warc.damage_of(claim):
            return self._give_up(f"Nothing was written for “{claim}”, because captures are damaged:", damaged)
        try:
            return OK, self._write(claim, output)
        except (CaptureDamaged, OSError) as error:
            return self._give_up("Nothing was written:", [str(error)])

    def _write(self, claim: Claim, output: Path) -> dict[str, Any]:
        """The whole file or none: under its name only when the last byte is written."""
        total = warc.captures_of(claim).count()
        export = warc.warc_of(claim)
        export.snapshots = self._counted(export.snapshots, total)
        part = output.with_name(f".{output.name}.{uuid.uuid4().hex}.part")
        try:
            with part.open("xb") as file:
                for piece in export:
                    file.write(piece)
            size = part.stat().st_size
            part.rename(output)
        finally:
            part.unlink(missing_ok=True)
        return self._told(export, {"file": str(output), "captures": total, "bytes": size})

    def _counted(self, snapshots: Any, total: int) -> Iterator[Snapshot]:
        for done, snapshot in enumerate(snapshots, start=1):
            yield snapshot
            self.progress(done, total, "captures")

    def _told(self, export: WarcExport, figures: dict[str, Any]) -> dict[str, Any]:
        captures, records = counted(figures["captures"], "capture"), counted(export.records, "record")
        self.say(f"{captures}, {records}, {counted(figures['bytes'], 'byte')}.")
        if export.erased:
            self.say(f"Erased by law, and not in it: {counted(export.erased, 'capture or file', 'captures or files')}.")
        self.say(f"Written to {figures['file']}. To check it: warcio check {figures['file']}")
        return figures | {"records": export.records, "erased": export.erased}

    def _refuse(self, why: str) -> tuple[int, dict[str, Any]]:
        self.say(why)
        return USAGE, {"error": why}

    def _give_up(self, why: str, damaged: list[str]) -> tuple[int, dict[str, Any]]:
        self.say(why)
        for line in damaged:
            self.say(f"  {line}")
        return FINDINGS, {"error": why.rstrip(":"), "damaged": damaged}
