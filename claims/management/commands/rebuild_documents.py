from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from claims.models import Verdict
from claims.services import documents_are_outdated, rebuild_documents, stale_documents
from sources.management.command import FINDINGS, OK, ClaimtrackCommand


class Command(ClaimtrackCommand):
    help = "Render every verdict's stored document anew, while the site goes on serving the old ones."
    example = "python manage.py rebuild_documents --check"

    def add_options(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--check", action="store_true", help="only say which are stale; exit 1 if any")
        which.add_argument(
            "--if-outdated",
            action="store_true",
            help="do nothing unless the renderer, SITE_URL or the publisher has changed since the last time",
        )

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        total = Verdict.objects.count()
        if options["check"]:
            stale = stale_documents(Verdict.objects.values_list("pk", flat=True))
            self.say(f"{len(stale)} of {total} documents differ from a fresh rendering.")
            return (FINDINGS if stale else OK), {"documents": total, "stale": len(stale)}
        if options["if_outdated"] and not documents_are_outdated():
            if options["verbosity"]:
                self.say("All documents were rendered with what is in force.")
            return OK, {"documents": 0}
        done = 0
        for done in rebuild_documents():
            self.progress(done, total, "documents")
        self.say(f"{done} documents are up to date.")
        return OK, {"documents": done}
