"""Pages that have not changed: our sweep beside other watchers' and a bare loop, same pages, same server."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import source_rows
from benchmarks.page_bodies import SMALL_BYTES
from benchmarks.processes import Cost, measured, postgres
from benchmarks.tables import Findings, number, print_table, say
from benchmarks.watchers import NotMeasured, Urlwatch, changedetection
from benchmarks.workers import PageServer, Worker, serving_pages, working

SOURCES = number("BENCH_SOURCES", 2000)
ROUNDS = number("BENCH_ROUNDS", 3)
PER_HOST = 4
SWEEP_WITHIN = 600.0
URLWATCH = "urlwatch, 304"
CHANGEDETECTION = "changedetection.io, 200 and the same bytes"
LIMITS = {"304": "bare aiohttp loop, 304", "200": "bare aiohttp loop, 200"}
OURS = "claimtrack, 304"
# What a worker is to reach, and its memory without the child that reads pages.
TARGET, TARGET_PSS = 1000, 120
TIMES_URLWATCH = 4


@dataclass
class Case:
    """One way to visit all pages: how, and what came of it. Rates in URLs/s, memory in MiB."""

    run: Callable[[], float]
    rates: list[float] = field(default_factory=list)
    peak: Callable[[], float] = lambda: 0.0
    failed: str = ""

    @property
    def rate(self) -> float:
        return statistics.median(self.rates) if self.rates else 0.0


def measure(findings: Findings, peers: list[str]) -> None:
    """All cases in turns, medians of ROUNDS after one round to warm up."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="claimtrack-bench-")))
        server = stack.enter_context(serving_pages(small=SOURCES))
        for kind in ("e", "s"):
            source_rows.fill(SOURCES, hosts=max(1, SOURCES // PER_HOST), port=server.port, kind=kind)
        ours = Ours(server, stack.enter_context(working(server)))
        first = [ours.sweep("e", "ok"), ours.sweep("s", "ok")]
        cases = {
            LIMITS["304"]: Case(lambda: bare_loop(server, "e")),
            LIMITS["200"]: Case(lambda: bare_loop(server, "s")),
            OURS: Case(lambda: ours.sweep("e", "not_modified"), peak=lambda: ours.peak),
            "claimtrack, 200 and the same bytes": Case(lambda: ours.sweep("s", "ok"), peak=lambda: ours.peak),
        }
        for name in peers:
            cases |= _peer(name, stack, folder, server)
        for round_number in range(ROUNDS + 1):
            say(f"Round {round_number} of {ROUNDS} …")
            for name, case in cases.items():
                _run(name, case, keep=round_number > 0)
    _report(cases, first, ours, findings)


class Ours:
    """A worker of ours, and what its sweeps cost."""

    def __init__(self, server: PageServer, worker: Worker) -> None:
        self._server, self._worker = server, worker
        self.peak, self.costs = 0.0, [Cost()]

    def sweep(self, kind: str, outcome: str) -> float:
        """URLs/s of visiting every page of a kind; each must have left a check with this outcome."""
        due, checks = source_rows.make_due(self._server.port, kind), source_rows.Checks()
        groups = {"worker": [self._worker.pid], "page server": [self._server.pid], "PostgreSQL": postgres_pids()}
        with measured(groups, memory_of=[self._worker.pid]) as cost:
            self._worker.start(due, SWEEP_WITHIN)
            done = self._worker.finish()
        if (outcomes := checks.outcomes()) != {outcome: due}:
            raise SystemExit(f"There should be {due} checks with the outcome {outcome}, and there are {outcomes}.")
        self.peak = max(self.peak, cost.peak_pss)
        self.costs.append(cost)
        rate: float = due / done["seconds"]
        return rate


def postgres_pids() -> list[int]:
    server = postgres()
    return [server] if server else []


def bare_loop(server: PageServer, kind: str) -> float:
    """URLs/s of a loop around the HTTP client that keeps nothing."""
    etags = {"e": '"v1-{}"', "s": ""}[kind]
    lines = "".join(f"{url}\t{etags.format(page)}\n" for page, url in enumerate(urls(server, kind)))
    command = [sys.executable, "-m", "benchmarks.bare_loop"]
    done = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return SOURCES / float(done.stdout)


def urls(server: PageServer, kind: str) -> list[str]:
    hosts = max(1, SOURCES // PER_HOST)
    return [server.url(page % hosts, kind, page) for page in range(SOURCES)]


def _peer(name: str, stack: ExitStack, folder: Path, server: PageServer) -> dict[str, Case]:
    """A peer that has visited every page once and is ready to visit them again."""
    say(f"Preparing {name} …")
    try:
        if name == "urlwatch":
            watch = Urlwatch(folder, urls(server, "e"))
            watch.run()
            return {URLWATCH: Case(watch.run, peak=lambda: watch.peak)}
        change = stack.enter_context(changedetection(folder, server, urls(server, "s")))
        change.first()
        return {CHANGEDETECTION: Case(change.run, peak=lambda: change.peak)}
    except NotMeasured as error:
        say(f"NOT MEASURED: {name}: {error}")
        return {name: Case(lambda: 0.0, failed=str(error))}


def _run(name: str, case: Case, *, keep: bool) -> None:
    if case.failed:
        return
    try:
        rate = case.run()
    except (NotMeasured, subprocess.TimeoutExpired) as error:
        case.failed = str(error)
        say(f"NOT MEASURED: {name}: {error}")
        return
    if keep:
        case.rates.append(rate)


def _report(cases: dict[str, Case], first: list[float], ours: Ours, findings: Findings) -> None:
    peer = cases[URLWATCH].rate if URLWATCH in cases else 0.0
    rows = []
    for name, case in cases.items():
        if case.failed:
            rows.append([name, "NOT MEASURED", "", "", ""])
            continue
        limit = cases[LIMITS["304" if "304" in name else "200"]].rate
        of_peer = f"{case.rate / peer:.1f}" if peer else "-"
        peak = f"{case.peak():.0f}" if case.peak() else "-"
        rows.append([name, f"{case.rate:.0f}", of_peer, f"{case.rate / limit:.2f}", peak])
    print_table(
        f"{SOURCES} unchanged pages of {SMALL_BYTES / 1000:.1f} kB on {max(1, SOURCES // PER_HOST)} hosts, no pause "
        "between a host's pages, one process each",
        ["re-visit", "URLs/s", "× urlwatch", "of the limit", "peak MiB"],
        rows,
    )
    print(f"first visits of ours, captured: {first[0]:.0f} URLs/s; target of re-visits: {TARGET} URLs/s")
    print("memory: PSS; urlwatch: its peak RSS. Our worker's without the child that reads pages.")
    print_shares("of one processor, while ours re-visits (304)", ours.costs[-2:-1])
    findings.expect(ours.peak <= TARGET_PSS, f"a worker stays below {TARGET_PSS} MiB: {ours.peak:.0f}")
    if peer:
        times = cases[OURS].rate / peer
        findings.expect(times >= TIMES_URLWATCH, f"at least {TIMES_URLWATCH} times urlwatch's re-run: {times:.1f}")
    for name, case in cases.items():
        if case.failed:
            print(f"NOT MEASURED: {name}: {case.failed}")


def print_shares(title: str, costs: list[Cost]) -> None:
    """Who had the processors, of one processor each; and how much of the machine had nothing to do."""
    for cost in costs:
        shares = ", ".join(f"{name} {spent / cost.seconds:.0%}" for name, spent in cost.cpu.items())
        idle = cost.idle / cost.seconds / (os.cpu_count() or 1)
        print(f"{title}: {shares}; the machine's {os.cpu_count()} were idle {idle:.0%} of the time")
