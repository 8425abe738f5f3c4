"""Memory over many visits by one worker: does it grow?"""

from __future__ import annotations

from pathlib import Path

from benchmarks import source_rows
from benchmarks.processes import pss
from benchmarks.tables import Findings, number, print_table, say
from benchmarks.workers import serving_pages, working

VISITS = number("BENCH_VISITS", 100_000)
# Sources, visited again and again: one sample of the memory a round.
ROUND = number("BENCH_VISITS_ROUND", min(5000, max(100, VISITS // 20)))
# What every caller has warmed up by; growth is counted from here.
SETTLED = VISITS // 10
FLAT = 1.1
WITHIN = 900.0
# Mostly unchanged, as in life, but every way through the code is taken: shares of the pages of each kind.
SHARES = {"e": 0.94, "s": 0.02, "n": 0.02, "c": 0.02}
PER_HOST = 4


def measure(findings: Findings, pages: Path | None) -> None:
    """PSS after every round, without the child that reads pages."""
    counts = {kind: max(1, round(ROUND * share)) for kind, share in SHARES.items()}
    samples: list[tuple[int, float]] = []
    with serving_pages(small=ROUND, large=True, pages=pages) as server, working(server) as worker:
        first = 0
        for kind, count in counts.items():
            hosts = max(1, count // PER_HOST)
            source_rows.fill(count, hosts=hosts, port=server.port, kind=kind, first_host=first)
            first += hosts
        visits = 0
        while visits < VISITS:
            due = source_rows.make_due(server.port, *counts)
            worker.start(due, WITHIN)
            visits += worker.finish()["visits"]
            samples.append((visits, pss(worker.pid)))
            say(f"{visits} of {VISITS} visits: {samples[-1][1]:.1f} MiB")
    settled = next((size for count, size in samples if count >= SETTLED), samples[0][1])
    rows = [[count, f"{size:.1f}", f"{size / settled:.2f}"] for count, size in samples]
    mix = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    print_table(f"one worker's PSS over {VISITS} visits; a round: {mix}", ["visits", "MiB", "of when settled"], rows)
    ratio = samples[-1][1] / settled
    findings.expect(ratio <= FLAT, f"after {visits} visits at most {FLAT} times the memory of {SETTLED}: {ratio:.2f}")
