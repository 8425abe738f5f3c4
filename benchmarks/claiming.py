"""Does claiming get slower as the table grows, and does each host get the pause it is due? See README.md here."""

from __future__ import annotations

import os
import statistics
import sys
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
import django

django.setup()

from django.utils import timezone  # noqa: E402

from benchmarks import source_rows  # noqa: E402
from benchmarks.rates import measure_rates  # noqa: E402
from benchmarks.tables import Findings, number, print_table, say  # noqa: E402
from benchmarks.workers import serving_pages  # noqa: E402
from sources.models import Source  # noqa: E402
from sources.services.claiming import Queue  # noqa: E402
from sources.services.turns import give_back_turns  # noqa: E402

FEW = number("BENCH_CLAIM_FEW", 10_000)
MANY = number("BENCH_CLAIM_MANY", 1_000_000)
# One site's pages at the head of the queue.
FLOOD = number("BENCH_CLAIM_FLOOD", 100_000)
ROUNDS = number("BENCH_ROUNDS", 3)
PER_HOST = 20
# Full claims in one sweep, and sources wanted at each: what the pipeline asks for.
CLAIMS, ROOM = 8, 250
# Seconds of walking along the queue after which a sweep has failed.
TOO_LONG = 60.0
# The same time as with few, give or take: caches are colder.
AS_WITH_FEW = 1.5
# Enough are due for two cases and every round; the others over the next weeks.
ONE_IN = max(1, MANY // (5 * (ROUNDS + 1) * CLAIMS * ROOM // 2))
SPREAD = (
    f"CASE WHEN id % {ONE_IN} = 0 THEN now() - random() * interval '1 hour'"
    " ELSE now() + interval '2 days' + random() * interval '60 days' END"
)
ALL_DUE = "now() - random() * interval '1 hour'"
LONG_DUE = "now() - interval '1 day' + random() * interval '1 hour'"
# Far enough to have everything due.
BACKLOG = timedelta(days=100)
# Numbers of hosts: few, many, the flooding one, those whose pauses are watched.
FIRST_HOSTS = {"few": 0, "many": 100_000, "flood": 300_000, "watched": 400_000}


class Case:
    """Sweeps that only claim: everything claimed counts as visited at once."""

    def __init__(self, name: str, schema: str = "public", later: timedelta = timedelta(0)) -> None:
        self.name, self._schema, self._later = name, schema, later
        # Seconds of each claim that brought much, and per sweep of those that only walked along the queue.
        self.full: list[float] = []
        self.walks: list[float] = []

    def sweep(self, *, keep: bool) -> None:
        """CLAIMS full claims by a new queue, and what lies before and between them."""
        source_rows.use_schema(self._schema)
        at, queue, full, walk = timezone.now() + self._later, Queue(), [0.0], 0.0
        full.clear()
        while len(full) < CLAIMS and not queue.is_idle and walk < TOO_LONG:
            started = time.perf_counter()
            held = queue.claim(ROOM, at, set())
            seconds = time.perf_counter() - started
            ids = [source.pk for claimed in held for source in claimed.sources]
            if len(ids) >= ROOM // 2:
                full.append(seconds)
            else:
                walk += seconds
            Source.objects.filter(pk__in=ids).update(leased_until=None, next_check_at=at + BACKLOG * 10)
            give_back_turns([claimed.host for claimed in held], timedelta(0))
        if len(full) < CLAIMS:
            sys.exit(f"{self.name}: only {len(full)} full claims could be had; a figure needs more sources.")
        if keep:
            self.full += full
            self.walks.append(walk)

    @property
    def median(self) -> float:
        return statistics.median(self.full)


def main() -> int:
    source_rows.prepare()
    findings = Findings()
    with serving_pages(small=100, log=True, delay=0.02) as server:
        source_rows.make_schema("few")
        source_rows.use_schema("few")
        # A claim meets about as many hosts among few sources as among many.
        _fill("few", FEW, FEW // 2, server.port, due=ALL_DUE)
        source_rows.use_schema("public")
        _fill("many", MANY, MANY // PER_HOST, server.port, due=SPREAD)
        few = Case(f"{FEW} sources, all due", "few")
        many = [Case(f"{MANY} sources, {MANY // ONE_IN} due"), Case(f"{MANY} sources, all due", later=BACKLOG)]
        _report(few, many, findings)
        source_rows.use_schema("few")
        source_rows.age(server.port, "few", due=ALL_DUE)
        source_rows.use_schema("public")
        _fill("flood", FLOOD, 1, server.port, due=LONG_DUE)
        flooded = Case(f"{MANY} sources, all due, behind {FLOOD} of one host", later=BACKLOG)
        _report(Case(few.name, "few"), [flooded], findings)
        measure_rates(server, FIRST_HOSTS["watched"], findings)
    return findings.status


def _fill(name: str, count: int, hosts: int, port: int, *, due: str) -> None:
    started = time.perf_counter()
    source_rows.fill(count, hosts=hosts, port=port, kind=name, first_host=FIRST_HOSTS[name])
    source_rows.age(port, name, due=due)
    say(f"{count} sources made in {time.perf_counter() - started:.0f} s")


def _report(few: Case, many: list[Case], findings: Findings) -> None:
    """The cases in turns, after one round to warm up."""
    for round_number in range(ROUNDS + 1):
        for case in (few, *many):
            case.sweep(keep=round_number > 0)
    source_rows.use_schema("public")
    print_table(
        f"claims of {ROOM} due sources, {CLAIMS} a sweep, {ROUNDS} sweeps of each in turns",
        ["queue", "median ms", "longest ms", "of the few", "ms a sweep to get past others"],
        [
            [case.name, f"{case.median * 1000:.1f}", f"{max(case.full) * 1000:.1f}",
             f"{case.median / few.median:.2f}", f"{statistics.median(case.walks) * 1000:.1f}"]
            for case in (few, *many)
        ],
    )  # fmt: skip
    for case in many:
        ratio = case.median / few.median
        findings.expect(ratio <= AS_WITH_FEW, f"{case.name}: at most {AS_WITH_FEW} × the time of {FEW}: {ratio:.2f}")


if __name__ == "__main__":
    sys.exit(main())
