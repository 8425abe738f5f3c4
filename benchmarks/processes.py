"""What processes cost, read from /proc: memory as PSS, processor time, and their children."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def pss(pid: int) -> float:
    """MiB of memory in use, pages shared with other processes counted in parts; 0 when the process is gone."""
    with contextlib.suppress(OSError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def cpu(pid: int) -> float:
    """Seconds of processor time used so far, that of ended children included; 0 when the process is gone."""
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) / TICKS if fields else 0.0


def children(pid: int) -> list[int]:
    """The processes that `pid` has started and that still run, and theirs."""
    parents = {int(path.name): _stat(int(path.name)) for path in PROC.iterdir() if path.name.isdigit()}
    found, look = [], [pid]
    while look:
        parent = look.pop()
        below = [child for child, fields in parents.items() if fields and int(fields[1]) == parent]
        found += below
        look += below
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on (the second may contain blanks); [] when it is gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def postgres() -> int | None:
    """The database server's first process; None when it is on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        fields = _stat(cursor.fetchone()[0])
    return int(fields[1]) if fields and "postgres" in _name(int(fields[1])) else None


def _name(pid: int) -> str:
    try:
        return (PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return ""


@dataclass
class Cost:
    """What one stretch of time cost. Seconds; memory in MiB."""

    seconds: float = 0.0
    # Processor time by name.
    cpu: dict[str, float] = field(default_factory=dict)
    # Of the whole machine, all processors together.
    idle: float = 0.0
    peak_pss: float = 0.0


# How often memory is looked at; reading it takes about a millisecond.
LOOK_EVERY = 0.2


@contextmanager
def measured(groups: Mapping[str, Iterable[int]], memory_of: Iterable[int] = ()) -> Iterator[Cost]:
    """The cost of the block. `groups`: pids by name, each with its children; of `memory_of` the largest counts."""
    cost, watched, ended = Cost(), list(memory_of), threading.Event()

    def look() -> None:
        while True:
            cost.peak_pss = max([cost.peak_pss, *map(pss, watched)])
            if ended.wait(LOOK_EVERY):
                return

    looking = threading.Thread(target=look)
    before, idle, started = _cpu_by_name(groups), _idle(), time.perf_counter()
    looking.start()
    try:
        yield cost
    finally:
        cost.seconds = time.perf_counter() - started
        ended.set()
        looking.join()
        after = _cpu_by_name(groups)
        cost.cpu = {name: max(0.0, after[name] - before[name]) for name in groups}
        cost.idle = _idle() - idle


def _cpu_by_name(groups: Mapping[str, Iterable[int]]) -> dict[str, float]:
    return {
        name: sum(cpu(process) for pid in pids for process in (pid, *children(pid))) for name, pids in groups.items()
    }


def _idle() -> float:
    """Seconds that the machine's processors have had nothing to do, waiting for disks not included."""
    return int((PROC / "stat").read_text().splitlines()[0].split()[4]) / TICKS
