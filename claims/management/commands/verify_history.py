from __future__ import annotations

from typing import Any

from claims.services import verify_history
from sources.management.command import FINDINGS, OK, ClaimtrackCommand


class Command(ClaimtrackCommand):
    help = "Recompute the event log's chain and hold versions, evidence and stored documents against it."
    example = "python manage.py verify_history --json"

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        report = verify_history(progress=lambda done, total: self.progress(done, total, "events"))
        figures = {
            "checked": report.checked,
            "head": {"sequence": report.head_sequence, "hash": report.head_hash},
            "tampering": None,
        }
        if report.tampering is None:
            self.say(f"{report.checked} events fit. Head: sequence {report.head_sequence}, {report.head_hash}.")
            return OK, figures
        figures["tampering"] = {"where": report.tampering.where, "problem": report.tampering.problem}
        self.say(f"TAMPERED: {report.tampering.where}: {report.tampering.problem}.")
        self.say("Compare with a backup and with the heads your readers have kept.")
        return FINDINGS, figures
