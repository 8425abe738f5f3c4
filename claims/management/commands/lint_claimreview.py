from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from claims.models import VerdictDocument
from claims.rendering.lint import lint
from sources.management.command import FINDINGS, OK, USAGE, ClaimtrackCommand


class Command(ClaimtrackCommand):
    help = "Check the published ClaimReview markup. CR findings are errors (exit 1), CW findings are warnings."
    example = "python manage.py lint_claimreview --claim 7fQk2mXr9Lp"

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--claim", metavar="ID", help="only this claim (the id in its address)")

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        documents = VerdictDocument.objects.exclude(claimreview="").order_by("pk")
        if options["claim"]:
            documents = documents.filter(public_id=options["claim"])
            if not documents.exists():
                self.say(
                    f"No published claim has the id {options['claim']}: it is the part after /claims/ in its address."
                )
                return USAGE, {"error": "unknown claim"}
        findings, total = [], documents.count()
        for done, document in enumerate(documents.iterator(chunk_size=500), start=1):
            for finding in lint(json.loads(document.claimreview)):
                findings.append({"claim": document.public_id, "rule": finding.rule, "message": finding.message})
                self.say(f"{document.public_id} {finding}")
            self.progress(done, total, "claims")
        errors = [finding for finding in findings if finding["rule"].startswith("CR")]
        self.say(f"{total} claims: {len(errors)} errors, {len(findings) - len(errors)} warnings.")
        return (FINDINGS if errors else OK), {"claims": total, "findings": findings}
