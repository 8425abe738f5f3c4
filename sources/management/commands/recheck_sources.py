from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from sources import services
from sources.management.command import FINDINGS, OK, USAGE, ClaimtrackCommand
from sources.models import Source, SourceCheck
from sources.outcomes import FINE
from sources.services.registering import known_source
from sources.urls import UnusableURL, normalise_url

BATCH = 50


class Command(ClaimtrackCommand):
    help = "Visit sources now and record what was found; hosts' pauses are kept. Exit 1 when a page did not arrive."
    example = "python manage.py recheck_sources --url https://example.org/page"

    def add_options(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--due", action="store_true", help="sources that are due (this is the default)")
        which.add_argument("--all", action="store_true", help="every source, due or not")
        which.add_argument("--url", help="the source with this address, in any spelling")
        which.add_argument(
            "--end-leases", action="store_true", help="visit nothing; free what killed workers hold (no worker may run)"
        )

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        if options["end_leases"]:
            freed = services.end_leases()
            self.say(f"{freed} sources freed")
            return OK, {"freed": freed}
        outcomes: Counter[str] = Counter()
        trouble: list[dict[str, Any]] = []
        total = self._expected(options)
        for check in self._visits(options):
            outcomes[check.outcome] += 1
            if check.outcome not in FINE:
                trouble.append({"url": check.source.canonical_url, "outcome": check.outcome, "error": check.error})
            self.progress(outcomes.total(), max(total, outcomes.total()), "sources")
        counts = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
        self.say(f"{outcomes.total()} sources visited" + (f": {counts}" if counts else ""))
        for entry in trouble:
            self.say(f"  {entry['outcome']}  {entry['url']}  {entry['error']}")
        figures = {"visited": outcomes.total(), "outcomes": dict(outcomes), "trouble": trouble}
        return (FINDINGS if trouble else OK), figures

    def _expected(self, options: dict[str, Any]) -> int:
        if options["url"]:
            return 1
        return Source.objects.count() if options["all"] else Source.objects.due(timezone.now()).count()

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
            raise CommandError(str(error), returncode=USAGE) from error
        if source is None:
            raise CommandError(f"No source has the address {url}. Evidence makes sources.", returncode=USAGE)
        return source
