"""What do readers' pages cost: warm, made anew, unchanged, and do home and list stay flat as verdicts grow in number?

`BENCH_SIZES=10000,100000,1000000`: one database grows from size to size; everything is measured at each.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
import django

django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks import corpus, load  # noqa: E402
from benchmarks.tables import Findings, number, print_table, say  # noqa: E402
from claims.models import VerdictDocument  # noqa: E402
from pages.links import page_path  # noqa: E402

ROUNDS = number("BENCH_ROUNDS", 3)
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", os.environ.get("BENCH_DOCUMENTS", "10000")).split(",")]
# Claims that readers of one morning ask for: more than one, few enough to be kept.
READ = 100
GZIP = "Accept-Encoding: gzip\r\n"

LIMIT = "constant bytes, bare WSGI (server and load alone)"
WARM = "claim pages, warm, compressed"
UNCHANGED = "claim pages, 304"
NEW = "claim pages, made anew each time"
HOME = "home, made anew each time"
LIST = "list, made anew each time"
DEEP = "list, deep page, made anew each time"

Case = Callable[[], float]
Rates = dict[str, list[float]]


def main() -> int:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)  # pages name their style sheet by its digest
    findings = Findings()
    by_size: dict[int, Rates] = {}
    off = {"CLAIMTRACK_RATE_ANONYMOUS": "0", "CLAIMTRACK_RATE_KEY": "0"}
    for size in SIZES:
        say(f"Filling up to {size} published verdicts …")
        corpus.fill(size)
        with (
            load.serving("claimtrack.wsgi:application", off) as kept,
            load.serving("benchmarks.uncached:application", off) as new,
        ):
            by_size[size] = _measure(kept, new)
        _report(size, by_size[size])
        _judge(findings, size, by_size[size])
    _judge_growth(findings, by_size)
    return findings.status


def _measure(kept: int, new: int) -> Rates:
    rows = VerdictDocument.objects.listed().order_by("-published_at", "-public_id").values_list("public_id", "slug")
    paths = [page_path("claim", prefix="", public_id=public_id, slug=slug) for public_id, slug in rows[:READ]]
    status, headers, page = load.fetch(kept, paths[0], headers=GZIP)
    if status != 200:
        raise RuntimeError(f"{paths[0]} answered {status}: {page[:500]!r}")
    say(f"  a claim's page: {len(page)} bytes compressed")
    _, whole_headers, _ = load.fetch(kept, paths[0])
    far = corpus.places(1)[0][1]
    held = f"If-None-Match: {whole_headers['etag']}\r\n"
    with load.serving("benchmarks.servers:constant_bytes", {"BENCH_BYTES": str(len(page))}) as constant:
        cases: dict[str, Case] = {
            LIMIT: lambda: load.requests_per_second(constant, "/", seconds=SECONDS),
            WARM: lambda: load.requests_per_second(kept, paths, seconds=SECONDS, headers=GZIP),
            UNCHANGED: lambda: load.requests_per_second(kept, paths[0], seconds=SECONDS, headers=held, status=304),
            NEW: lambda: load.requests_per_second(new, paths, seconds=SECONDS),
            HOME: lambda: load.requests_per_second(new, "/", seconds=SECONDS),
            LIST: lambda: load.requests_per_second(new, "/claims/", seconds=SECONDS),
            DEEP: lambda: load.requests_per_second(new, f"/claims/?after={far}", seconds=SECONDS),
        }
        seen: Rates = {name: [] for name in cases}
        for round_number in range(ROUNDS + 1):
            say(f"  round {round_number} of {ROUNDS}" if round_number else "  warming up")
            for name, case in cases.items():
                rate = case()
                if round_number:
                    seen[name].append(rate)
    return seen


def _ratio(rates: Rates, case: str, other: str) -> float:
    """The median of the rounds' ratios: what slows a whole round down slows both."""
    return statistics.median(a / b for a, b in zip(rates[case], rates[other], strict=True))


def _report(size: int, rates: Rates) -> None:
    rows = [
        [name, f"{statistics.median(seen):.0f}", f"{_ratio(rates, name, LIMIT):.2f}"] for name, seen in rates.items()
    ]
    print_table(
        f"{size} published verdicts (target: 1,000 warm claim pages/s)", ["case", "pages/s", "of the limit"], rows
    )


def _judge(findings: Findings, size: int, rates: Rates) -> None:
    for sentence, case, other, least in (
        ("a warm claim page costs at most a fifth of one made anew", WARM, NEW, 5.0),
        ("a warm claim page is at least 0.6 as quick as a 304", WARM, UNCHANGED, 0.6),
        ("a deep page of the list costs what the first one costs, within 20 %", DEEP, LIST, 0.8),
    ):
        found = _ratio(rates, case, other)
        findings.expect(found >= least, f"{sentence} ({size} verdicts: {found:.2f})")


def _judge_growth(findings: Findings, by_size: dict[int, Rates]) -> None:
    smallest, largest = min(by_size), max(by_size)
    for case in (HOME, LIST) if smallest != largest else ():
        found = statistics.median(by_size[largest][case]) / statistics.median(by_size[smallest][case])
        findings.expect(found >= 0.75, f"{case}: flat from {smallest} to {largest} verdicts ({found:.2f})")


if __name__ == "__main__":
    sys.exit(main())
