"""Two worker processes against one, on unchanged pages; and who had the processors meanwhile."""

from __future__ import annotations

import os
import statistics

from benchmarks import source_rows
from benchmarks.processes import Cost, measured
from benchmarks.tables import Findings, number, print_table
from benchmarks.unchanged import PER_HOST, ROUNDS, SWEEP_WITHIN, postgres_pids, print_shares
from benchmarks.workers import PageServer, Worker, serving_pages, working

SOURCES = number("BENCH_TOGETHER", 4000)
# Two workers finish this many times as fast where processors are left for them.
TARGET = 1.8
# Workers, their database sessions and the page server each want most of a processor.
PROCESSORS = 6


def measure(findings: Findings) -> None:
    """One and two in turns, medians of ROUNDS after one round to warm up."""
    with serving_pages(small=SOURCES) as server, working(server) as first, working(server) as second:
        source_rows.fill(SOURCES, hosts=SOURCES // PER_HOST, port=server.port, kind="e")
        _sweep(server, [first])
        costs: dict[int, list[Cost]] = {1: [], 2: []}
        for round_number in range(ROUNDS + 1):
            for crew in ([first], [first, second]):
                cost = _sweep(server, crew)
                if round_number:
                    costs[len(crew)].append(cost)
    seconds = {count: statistics.median(cost.seconds for cost in seen) for count, seen in costs.items()}
    print_table(
        f"{SOURCES} unchanged pages (304), one and two workers; target where processors allow: {TARGET} ×",
        ["workers", "URLs/s", "times as fast"],
        [[count, f"{SOURCES / taken:.0f}", f"{seconds[1] / taken:.2f}"] for count, taken in seconds.items()],
    )
    for count, seen in costs.items():
        print_shares(f"of one processor, {count} at work", seen[-1:])
    speed_up = seconds[1] / seconds[2]
    if (os.cpu_count() or 1) >= PROCESSORS:
        findings.expect(speed_up >= TARGET, f"two workers finish {TARGET} times as fast as one: {speed_up:.2f}")
    else:
        print(f"no verdict: {os.cpu_count()} processors for two workers, their database sessions and the page server")


def _sweep(server: PageServer, crew: list[Worker]) -> Cost:
    due, checks = source_rows.make_due(server.port, "e"), source_rows.Checks()
    groups = {"workers": [worker.pid for worker in crew], "page server": [server.pid], "PostgreSQL": postgres_pids()}
    with measured(groups) as cost:
        for worker in crew:
            worker.start(due, SWEEP_WITHIN)
        done = [worker.finish() for worker in crew]
    if (count := sum(checks.outcomes().values())) != due:
        raise SystemExit(f"{due} sources were due and {count} checks were written: one each is right")
    # A worker that finds nothing left looks again for a moment: that is not part of the work.
    cost.seconds = max(answer["seconds"] for answer in done)
    return cost
