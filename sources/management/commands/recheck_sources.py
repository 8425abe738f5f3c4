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
from sources.services.registering import known_source
from sources.states import FOUND
from sources.urls import UnusableURL, normalise_url

# Sources read at a time for --all.
BATCH = 1000
# Pages in trouble that are named; more are only counted.
NAMED_AT_MOST = 1000


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
        self.outcomes: Counter[str] = Counter()
        self.trouble: list[dict[str, Any]] = []
        self.total = self._expected(options)
        self._visit(options)
        visited, troubled = self.outcomes.total(), sum(n for o, n in self.outcomes.items() if o not in FOUND)
        counts = ", ".join(f"{count} {outcome}" for outcome, count in self.outcomes.most_common())
        self.say(f"{visited} sources visited" + (f": {counts}" if counts else ""))
        for entry in self.trouble:
            self.say(f"  {entry['outcome']}  {entry['url']}  {entry['error']}")
        if troubled > len(self.trouble):
            self.say(f"  … and {troubled - len(self.trouble)} more: see the sources on the desk.")
        figures = {"visited": visited, "outcomes": dict(self.outcomes), "trouble": self.trouble}
        return (FINDINGS if troubled else OK), figures

    def _note(self, checks: list[SourceCheck]) -> None:
        for check in checks:
            self.outcomes[check.outcome] += 1
            if check.outcome not in FOUND and len(self.trouble) < NAMED_AT_MOST:
                url = check.source.canonical_url
                self.trouble.append({"url": url, "outcome": check.outcome, "error": check.error})
        done = self.outcomes.total()
        self.progress(done, max(self.total, done), "sources")

    def _expected(self, options: dict[str, Any]) -> int:
        if options["url"]:
            return 1
        return Source.objects.count() if options["all"] else Source.objects.due(timezone.now()).count()

    def _visit(self, options: dict[str, Any]) -> None:
        if options["url"]:
            services.visit_sources([self._named(options["url"]).pk], told=self._note)
        elif options["all"]:
            services.visit_sources(_every_source(), told=self._note)
        else:
            services.sweep(time_limit=None, told=self._note)

    def _named(self, url: str) -> Source:
        try:
            source = known_source(normalise_url(url))
        except UnusableURL as error:
            raise CommandError(str(error), returncode=USAGE) from error
        if source is None:
            raise CommandError(f"No source has the address {url}. Evidence makes sources.", returncode=USAGE)
        return source


def _every_source() -> Iterator[int]:
    """Every source's key, read piece by piece: a million of them are not held in memory."""
    last = 0
    while ids := list(Source.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield from ids
        last = ids[-1]
