from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sources import services
from sources.models import Source, SourceCheck
from sources.outcomes import FINE
from sources.services.registering import known_source
from sources.urls import UnusableURL, normalise_url

BATCH = 50


class Command(BaseCommand):
    help = (
        "Visit sources now and record what was found; hosts' pauses are kept.\n\n"
        "Example: manage.py recheck_sources --url https://example.org/page\n\n"
        "Exit status: 0 every page arrived, 1 some did not, 2 the command was not usable as written."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--due", action="store_true", help="sources that are due (this is the default)")
        which.add_argument("--all", action="store_true", help="every source, due or not")
        which.add_argument("--url", help="the source with this address, in any spelling")
        which.add_argument(
            "--end-leases", action="store_true", help="visit nothing; free what killed workers hold (no worker may run)"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["end_leases"]:
            freed = services.end_leases()
            self.stdout.write(json.dumps({"freed": freed}) if options["json"] else f"{freed} sources freed")
            return
        outcomes: Counter[str] = Counter()
        trouble: list[dict[str, Any]] = []
        for check in self._visits(options):
            outcomes[check.outcome] += 1
            if check.outcome not in FINE:
                trouble.append({"url": check.source.canonical_url, "outcome": check.outcome, "error": check.error})
            self._progress(outcomes.total())
        if options["json"]:
            result = {"visited": outcomes.total(), "outcomes": dict(outcomes), "trouble": trouble}
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            counts = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
            self.stdout.write(f"{outcomes.total()} sources visited" + (f": {counts}" if counts else ""))
            for entry in trouble:
                self.stdout.write(f"  {entry['outcome']}  {entry['url']}  {entry['error']}")
        if trouble:
            sys.exit(1)

    def _visits(self, options: dict[str, Any]) -> Iterator[SourceCheck]:
        if options["url"]:
            yield from services.visit_sources([self._named(options["url"]).pk])
        elif options["all"]:
            ids = list(Source.objects.values_list("pk", flat=True))
            for start in range(0, len(ids), BATCH):
                yield from services.visit_sources(ids[start : start + BATCH])
        else:
            while checks := services.recheck_due_sources(limit=BATCH):
                yield from checks

    def _named(self, url: str) -> Source:
        try:
            source = known_source(normalise_url(url))
        except UnusableURL as error:
            raise CommandError(str(error), returncode=2) from error
        if source is None:
            raise CommandError(f"No source has the address {url}. Evidence makes sources.", returncode=2)
        return source

    def _progress(self, visited: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{visited} visited", ending="")
