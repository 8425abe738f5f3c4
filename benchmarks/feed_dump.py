"""How near does the dump of the whole corpus come to PostgreSQL's own COPY of the same bytes, and what does it hold?"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks import corpus, load, processes  # noqa: E402

DOCUMENTS = int(os.environ.get("BENCH_DOCUMENTS", "20000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
# Of COPY's rate.
TARGET = 0.5
# A dump may hold so much more at its end than after a tenth of it, as a share and in MiB.
GROWTH, SLACK = 1.1, 8.0

READ = 1 << 18
AT = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
ITEM = (
    '\'{"@context":"https://schema.org","@type":"DataFeedItem","dateCreated":"\' || '
    + AT.format("published_at")
    + ' || \'","dateModified":"\' || '
    + AT.format("updated_at")
    + " || '\",\"item\":[' || claimreview || ']}'"
)
COPIED = {"verdicts.ndjson": "body", "claimreview.ndjson": ITEM}

Case = Callable[[], int]


class Counter:
    """A file that counts what is written into it."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        return len(data)


def main() -> int:
    call_command("migrate", interactive=False, verbosity=0)
    print(f"Filling an empty database with {DOCUMENTS} verdicts …", file=sys.stderr)
    corpus.fill(DOCUMENTS)
    before = set(processes.children(os.getpid()))
    with (
        load.serving("claimtrack.wsgi:application", {"CLAIMTRACK_RATE_ANONYMOUS": "0"}) as port,
        tempfile.TemporaryDirectory() as folder,
    ):
        server = [pid for pid in processes.children(os.getpid()) if pid not in before]
        failed = [_speed(name, port, Path(folder)) for name in COPIED]
        failed += [_memory(name, port, server) for name in (*COPIED, "claimreview.jsonld", "verdicts.csv")]
    return int(any(failed))


def _speed(name: str, port: int, folder: Path) -> bool:
    """True when it is too slow."""
    cases: dict[str, Case] = {
        "COPY": lambda: _copy(COPIED[name]),
        "over HTTP": lambda: _download(port, name),
    }
    if name.startswith("claimreview"):
        cases["by command"] = lambda: _export(folder / name)
    rates: dict[str, list[float]] = {case: [] for case in cases}
    for round_number in range(ROUNDS + 1):
        for case, run in cases.items():
            started = time.perf_counter()
            size = run()
            if round_number:
                rates[case].append(DOCUMENTS / (time.perf_counter() - started))
    medians = {case: statistics.median(found) for case, found in rates.items()}
    print(f"\n{name}: {size / DOCUMENTS:.0f} bytes a verdict\n{'case':12}  verdicts/s  of COPY")
    for case, rate in medians.items():
        print(f"{case:12}  {rate:10.0f}  {rate / medians['COPY']:7.2f}")
    slowest = min(medians.values()) / medians["COPY"]
    print(f"{'MISSED' if slowest < TARGET else 'ok'}: {slowest:.2f} of COPY (target {TARGET})")
    return slowest < TARGET


def _memory(name: str, port: int, server: list[int]) -> bool:
    """True when the server's memory grows with what it has sent."""
    size = _download(port, name)
    marks = [(size // 10, "10 %"), (size // 2, "50 %"), (size * 99 // 100, "99 %")]
    seen: list[float] = []

    def look(done: int) -> None:
        while len(seen) < len(marks) and done >= marks[len(seen)][0]:
            seen.append(sum(map(processes.pss, server)))

    _download(port, name, look)
    told = ", ".join(f"{mark}: {pss:.0f} MiB" for (_, mark), pss in zip(marks, seen, strict=True))
    grew = seen[-1] > seen[0] * GROWTH + SLACK
    print(f"{'GREW' if grew else 'ok'}: {name}, {size / 1e6:.0f} MB; memory (PSS) of the server at {told}")
    return grew


def _copy(what: str) -> int:
    sink = Counter()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY (SELECT {what} FROM claims_verdictdocument ORDER BY claim_id) TO STDOUT", sink, READ)
    return sink.size


def _download(port: int, name: str, on_bytes: Callable[[int], None] = lambda done: None) -> int:
    http = HTTPConnection("127.0.0.1", port)
    http.request("GET", f"/feeds/{name}")
    answer = http.getresponse()
    assert answer.status == 200, answer.read()
    done, buffer = 0, memoryview(bytearray(READ))
    while count := answer.readinto(buffer):
        done += count
        on_bytes(done)
    http.close()
    return done


def _export(file: Path) -> int:
    with open(os.devnull, "w") as nowhere:
        options: dict[str, Any] = {"stdout": nowhere, "stderr": nowhere}
        call_command("export_claimreview", "--format", "ndjson", "--output", str(file), **options)
    return file.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
