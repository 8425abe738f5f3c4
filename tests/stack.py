"""script/server without its bootstrap, in a data directory of its own; for the tests that need the whole."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from claimtrack import env
from claimtrack.embedded.home import Home


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def caller(data: Path, **variables: str) -> dict[str, str]:
    """The poorest environment a caller may have: no HOME, a locale without letters."""
    return {
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C",
        "CLAIMTRACK_DATA_DIR": str(data),
        "CLAIMTRACK_DEMO": "0",
        "CLAIMTRACK_WORKER_PROCESSES": "1",
        **variables,
    }


def processes_of(data: Path) -> dict[int, str]:
    """Every process that carries the data directory in its environment or arguments, zombies left out."""
    found = {}
    mark = os.fsencode(data)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                arguments = (entry / "cmdline").read_bytes()
                if arguments and (mark in arguments or mark in (entry / "environ").read_bytes()):
                    found[int(entry.name)] = arguments.replace(b"\0", b" ").decode("utf-8", "replace")
    return found


def wait_for(what: Callable[[], bool], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.05)
    return what()


class Stack:
    """script/server without its bootstrap, in a data directory of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.home = Home(data)
        self.port = free_port()
        self.site = f"http://127.0.0.1:{self.port}"
        self.variables: dict[str, str] = {}
        self.process: subprocess.Popen[str] | None = None

    def start(self, **variables: str) -> subprocess.Popen[str]:
        self.variables = variables
        self.log = (self.data.parent / "server.log").open("a+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "claimtrack.embedded.server"],
            env=caller(self.data, PORT=str(self.port), **variables),
            cwd=env.ROOT,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return self.process

    def ask(self, path: str, *, timeout: float = 5) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except OSError:
            return 0, b""
        finally:
            connection.close()

    def said(self) -> str:
        return (self.data.parent / "server.log").read_text()

    def until(self, path: str, status: int, *, seconds: float) -> None:
        assert wait_for(lambda: self.ask(path)[0] == status, seconds=seconds), (self.ask(path), self.said()[-3000:])

    def postmaster(self) -> int:
        return int((self.home.postgres / "data" / "postmaster.pid").read_text().splitlines()[0])

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
