"""The processes of a run, seen from the benchmark: the page server, workers, and the sources they visit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import load

ROOT = Path(__file__).resolve().parent.parent
# 127.0.0.0/8 has room for every host here.
FIRST_HOST = 127 << 24 | 1 << 16


def host(number: int) -> str:
    """The address of the host with this number, from 127.1.0.0 up."""
    address = FIRST_HOST + number
    return ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0))


class PageServer:
    """`benchmarks.page_server` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.pid, self.port = process.pid, int(process.stdout.readline())

    def url(self, host_number: int, kind: str, number: int) -> str:
        return f"http://{host(host_number)}:{self.port}/{kind}/{number}"

    def asked(self) -> int:
        """Pages asked for so far, by anybody; robots.txt is no page."""
        return int(load.fetch(self.port, "/-/asked")[2])

    def log(self) -> list[tuple[str, float, float]]:
        """Every request so far: host, when it came and when it was answered (seconds of one clock)."""
        lines = load.fetch(self.port, "/-/log")[2].decode().splitlines()
        return [(host, float(asked), float(answered)) for host, asked, answered in map(str.split, lines)]


@contextmanager
def serving_pages(
    *, small: int = 1, large: bool = False, pages: Path | None = None, log: bool = False, delay: float = 0.0
) -> Iterator[PageServer]:
    """A page server (its options are explained there), ended with the block."""
    arguments = ["--small", str(small), "--delay", str(delay)]
    arguments += ["--large"] * large + ["--log"] * log + (["--pages", str(pages)] if pages else [])
    with _running("benchmarks.page_server", arguments, {}) as process:
        yield PageServer(process)


class Worker:
    """`benchmarks.worker` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process, self.pid = process, process.pid
        self._read()

    def start(self, count: int, seconds: float, command: str = "sweep") -> None:
        """Have it sweep; `finish` waits for the end."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command} {count} {seconds}\n")
        self._process.stdin.flush()

    def finish(self) -> dict[str, Any]:
        """What the sweep came to: `visits` and `seconds`."""
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a worker ended with status {self._process.wait()}; its last words are above")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def working(server: PageServer, **settings: str) -> Iterator[Worker]:
    """A worker that may visit the page server, without a pause between a host's pages unless `settings` say so."""
    environment = {
        "CLAIMTRACK_FETCH_ALLOW": f"127.0.0.0/8:{server.port}",
        "CLAIMTRACK_RECHECK_HOST_DELAY": "0s",
        # A change is a version at its first visit: each visit costs what a confirmed change costs.
        "CLAIMTRACK_RECHECK_CONFIRM_DELAY": "0s",
    }
    with _running("benchmarks.worker", [], environment | settings) as process:
        yield Worker(process)


@contextmanager
def _running(module: str, arguments: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A module that ends when its standard input closes: also when we are killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | environment,
    )
    try:
        yield process
    finally:
        assert process.stdin and process.stdout
        process.stdin.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
