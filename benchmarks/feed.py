"""How near is the verdict feed to the limit, how far from the usual ways, and does it stay so as it grows?

`BENCH_SIZES=10000,100000,1000000`: one database grows from size to size; everything is measured at each.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Mapping

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
import django

django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks import corpus, feed_cases  # noqa: E402
from benchmarks.feed_cases import BARE, Case  # noqa: E402
from benchmarks.feed_publishing import publishing  # noqa: E402
from benchmarks.tables import Findings, number, print_table, say  # noqa: E402

ROUNDS = number("BENCH_ROUNDS", 3)
# Of a second each.
TURNS = 30
# BENCH_DOCUMENTS names one size, as for the other benchmarks.
SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", os.environ.get("BENCH_DOCUMENTS", "10000")).split(",")]
# The usual ways fall behind as the table grows; how far they are behind is promised for this size.
LARGE = 1_000_000

Rates = Mapping[str, list[float]]


def main() -> int:
    call_command("migrate", interactive=False, verbosity=0)
    findings = Findings()
    published: dict[int, float] = {}
    with feed_cases.Servers() as servers:
        for size in SIZES:
            say(f"Filling up to {size} published verdicts …")
            corpus.fill(size)
            rates = measure(servers.cases())
            report(size, servers.page_bytes, rates)
            judge(findings, size, {**rates, **take_turns(servers.pair())})
            published[size] = publishing()
    judge_publishing(findings, published)
    return findings.status


def measure(cases: Mapping[str, Case]) -> Rates:
    """Requests per second by case, one per round; in a round the cases alternate. One round more, to warm up."""
    seen: dict[str, list[float]] = {name: [] for name in cases}
    for round_number in range(ROUNDS + 1):
        say(f"  round {round_number} of {ROUNDS}" if round_number else "  warming up")
        for name, case in cases.items():
            rate = case()
            if round_number:
                seen[name].append(rate)
    return seen


def take_turns(pair: Mapping[str, Case]) -> Rates:
    """The same of two, one per turn, in which now one and now the other goes first."""
    say(f"  {TURNS} turns")
    seen: dict[str, list[float]] = {name: [] for name in pair}
    for turn in range(TURNS):
        for name in sorted(pair, reverse=turn % 2 == 1):
            seen[name].append(pair[name]())
    return seen


def ratio(rates: Rates, case: str, other: str) -> float:
    """The median of the ratios of the rounds, or turns: what slows a whole one down slows both."""
    return statistics.median(a / b for a, b in zip(rates[case], rates[other], strict=True))


def report(size: int, page_bytes: int, rates: Rates) -> None:
    rows = [[name, f"{statistics.median(seen):.0f}", f"{ratio(rates, name, BARE):.2f}"] for name, seen in rates.items()]
    title = f"{size} published verdicts, pages of 50 = {page_bytes / 1000:.0f} kB"
    print_table(title, ["case", "requests/s", "of the limit"], rows)


def judge(findings: Findings, size: int, rates: Rates) -> None:
    """Every rule's ratio is said at every size; what is promised of more verdicts than there are cannot be missed."""
    for rule in feed_cases.RULES:
        found = ratio(rates, rule.case, rule.other)
        holds = rule.least <= found <= rule.most
        said = f"{rule.sentence} ({size} verdicts: {found:.2f})"
        if size >= rule.from_size:
            findings.expect(holds, said)
        else:
            print(f"promised of {rule.from_size} verdicts: {said}", flush=True)


def judge_publishing(findings: Findings, published: Mapping[int, float]) -> None:
    rows = [[size, f"{seconds * 1000:.1f}"] for size, seconds in published.items()]
    print_table("Publishing one verdict, without the commit", ["verdicts there are", "ms"], rows)
    smallest, largest = min(published), max(published)
    if smallest != largest:
        found = published[largest] / published[smallest]
        findings.expect(found <= 1.25, f"publishing at {largest} takes no longer than at {smallest} ({found:.2f})")


if __name__ == "__main__":
    sys.exit(main())
