"""Pages that are new at every visit, through everything: fetch, digests, reading, archive file, version, check."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from benchmarks import source_rows
from benchmarks.processes import Cost, measured
from benchmarks.tables import Findings, number, print_table, say
from benchmarks.unchanged import postgres_pids, print_shares
from benchmarks.workers import PageServer, Worker, serving_pages, working
from sources.models import Snapshot

SOURCES = number("BENCH_CHANGED", 400)
ROUNDS = number("BENCH_ROUNDS", 3)
PER_HOST = 4
WITHIN = 600.0
# Changed pages a second for each processor in use; an absolute number, so it is printed and not found wanting.
TARGET = 25
KINDS = {"c": "another text at every visit: a new version", "n": "other bytes, the same text: no version"}


def measure(findings: Findings, pages: Path | None, *, profile: bool) -> None:
    """Each kind in turns, medians of ROUNDS after the first visits."""
    with serving_pages(large=True, pages=pages) as server, working(server) as worker:
        costs: dict[str, list[Cost]] = {kind: [] for kind in KINDS}
        checks = source_rows.Checks()
        for kind in KINDS:
            source_rows.fill(SOURCES, hosts=max(1, SOURCES // PER_HOST), port=server.port, kind=kind)
            _sweep(server, worker, kind)
        for round_number in range(ROUNDS):
            say(f"Changed pages, round {round_number + 1} of {ROUNDS} …")
            for kind in KINDS:
                costs[kind].append(_sweep(server, worker, kind)[0])
        _report(costs, pages)
        outcomes = checks.outcomes()
        print("outcomes of all visits: " + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()))
        arrived = checks.outcomes(kind="c").get("ok", 0)
        findings.expect(_versions(server) == arrived, f"every new text that arrived became a version: {arrived}")
        if profile:
            _print_profile(_sweep(server, worker, "c", command="profile")[1])


def _sweep(server: PageServer, worker: Worker, kind: str, command: str = "sweep") -> tuple[Cost, dict[str, Any]]:
    due = source_rows.make_due(server.port, kind)
    groups = {"worker and its reader": [worker.pid], "page server": [server.pid], "PostgreSQL": postgres_pids()}
    with measured(groups, memory_of=[worker.pid]) as cost:
        worker.start(due, WITHIN, command)
        done = worker.finish()
    if done["visits"] != due:
        raise SystemExit(f"{done['visits']} of {due} pages were visited in {WITHIN:.0f} s")
    cost.seconds = done["seconds"]
    return cost, done


def _versions(server: PageServer) -> int:
    return Snapshot.objects.filter(source__canonical_url__contains=f":{server.port}/c/").count()


def _report(costs: dict[str, list[Cost]], pages: Path | None) -> None:
    rows = []
    for kind, name in KINDS.items():
        rate = statistics.median(SOURCES / cost.seconds for cost in costs[kind])
        cores = statistics.median(cost.cpu["worker and its reader"] / cost.seconds for cost in costs[kind])
        peak = max(cost.peak_pss for cost in costs[kind])
        rows.append([name, f"{rate:.0f}", f"{cores:.2f}", f"{rate / cores:.0f}", f"{peak:.0f}"])
    which = "real" if pages else "made-up"
    print_table(
        f"{SOURCES} large pages ({which}), one worker and its reader; target: {TARGET} a processor second",
        ["every visit finds", "pages/s", "processors in use", "pages per processor second", "peak MiB"],
        rows,
    )
    print_shares("of one processor, while texts are new", costs["c"][-1:])


def _print_profile(done: dict[str, Any]) -> None:
    rows = [[f"{share:.0%}", ours, inner] for share, ours, inner in done["places"]]
    pages = f"{done['visits']} changed pages in {done['seconds']:.1f} s"
    title = f"where the worker's threads were, waiting included ({pages}; threads side by side: more than 100 %)"
    print_table(title, ["time", "our line", "in"], rows)
