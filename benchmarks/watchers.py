"""Other people's watchers, each in a virtual environment of its own that is thrown away: what they need of us."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.load import fetch
from benchmarks.processes import pss
from benchmarks.workers import PageServer
from claimtrack.embedded.privileges import dies_with_parent

# The newest releases when the figures were taken; nothing of ours depends on them.
URLWATCH = "urlwatch==2.29"
# Brings 150 packages, about 700 MB and two minutes.
CHANGEDETECTION = "changedetection.io==0.60.10"
INSTALL_WITHIN = 600.0
VISIT_WITHIN = 300.0

# Runs inside urlwatch's environment: its own commands in one process, so that starting Python is not counted.
URLWATCH_RUN = """
import io, sys, time
import urlwatch.cli
sys.argv = ["urlwatch", *sys.argv[1:]]
started, out, sys.stdout = time.perf_counter(), sys.stdout, io.StringIO()
try:
    urlwatch.cli.main()
except SystemExit as end:
    assert not end.code, end.code
peak = [int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")][0] / 1024
print(time.perf_counter() - started, peak, file=out)
"""


class NotMeasured(Exception):
    """The peer could not be had or did not run; says why."""


class Urlwatch:
    """`urlwatch` as its documentation has it run: one job per page, its default database, no report wanted."""

    def __init__(self, folder: Path, urls: list[str]) -> None:
        self._python = install(folder / "urlwatch", URLWATCH)
        self._folder = folder
        (folder / "urls.yaml").write_text("".join(f"url: {url}\n---\n" for url in urls))
        (folder / "urlwatch.yaml").write_text("report: {stdout: {enabled: false}, text: {footer: false}}\n")
        self._urls, self.peak = len(urls), 0.0

    def run(self) -> float:
        """URLs/s of one run over all pages; the first one captures, the others compare."""
        names = {"urls": "urls.yaml", "config": "urlwatch.yaml", "cache": "cache.db", "hooks": "none.py"}
        files = [f"--{kind}={self._folder / name}" for kind, name in names.items()]
        environment = os.environ | {"HOME": str(self._folder)}
        done = subprocess.run(
            [self._python, "-c", URLWATCH_RUN, *files],
            capture_output=True, text=True, check=False, env=environment, timeout=VISIT_WITHIN,
        )  # fmt: skip
        if done.returncode != 0:
            raise NotMeasured(f"urlwatch failed: {done.stderr.strip()[-300:]}")
        seconds, peak = map(float, done.stdout.split()[-2:])
        self.peak = max(self.peak, peak)
        return self._urls / seconds


class Changedetection:
    """changedetection.io's own server, told through its API; a run ends when the last page has been asked for."""

    def __init__(self, port: int, key: str, pid: int, server: PageServer, urls: list[str]) -> None:
        self._port, self._key, self._pid, self._server, self._urls = port, key, pid, server, urls
        self.peak = 0.0

    def first(self) -> float:
        """URLs/s of the first visits: importing has them queued."""
        return self._until_asked(lambda: self._call("/api/v1/import", "\n".join(self._urls).encode()))

    def run(self) -> float:
        """URLs/s of visiting every page again."""
        return self._until_asked(lambda: self._call("/api/v1/watch?recheck_all=1"))

    def _until_asked(self, act: Any) -> float:
        before, started = self._server.asked(), time.perf_counter()
        act()
        while (asked := self._server.asked() - before) < len(self._urls):
            if time.perf_counter() - started > VISIT_WITHIN:
                raise NotMeasured(f"changedetection.io visited {asked} of {len(self._urls)} pages in {VISIT_WITHIN} s")
            self.peak = max(self.peak, pss(self._pid))
            time.sleep(0.1)
        return len(self._urls) / (time.perf_counter() - started)

    def _call(self, path: str, body: bytes | None = None) -> bytes:
        headers = {"x-api-key": self._key, "Content-Type": "text/plain"}
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{path}", data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=VISIT_WITHIN) as response:
            content: bytes = response.read()
        return content


@contextmanager
def changedetection(folder: Path, server: PageServer, urls: list[str]) -> Iterator[Changedetection]:
    """The server with nothing to watch yet. Raises NotMeasured."""
    python = install(folder / "changedetection", CHANGEDETECTION)
    store, port = folder / "changes", free_port()
    store.mkdir()
    environment = os.environ | {
        "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",  # its name for: loopback may be visited
        "MINIMUM_SECONDS_RECHECK_TIME": "0",
        "DISABLE_VERSION_CHECK": "true",
        "LOGGER_LEVEL": "ERROR",
        "HOME": str(folder),
    }
    with (folder / "changedetection.log").open("wb") as log:
        process = subprocess.Popen(
            [python.with_name("changedetection.io"), "-d", store, "-h", "127.0.0.1", "-p", str(port)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, env=environment,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )  # fmt: skip
        try:
            key = _key(store, port, process)
            yield Changedetection(port, key, process.pid, server, urls)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _key(store: Path, port: int, process: subprocess.Popen[bytes]) -> str:
    """Its API's key, once it answers."""
    for _ in range(600):
        if process.poll() is not None:
            raise NotMeasured(f"changedetection.io ended with status {process.returncode}")
        try:
            fetch(port, "/")
            for name in ("changedetection.json", "url-watches.json"):
                if (store / name).exists():
                    settings = json.loads((store / name).read_text())["settings"]["application"]
                    return str(settings["api_access_token"])
        except (OSError, RuntimeError, ValueError, KeyError):
            pass
        time.sleep(0.1)
    raise NotMeasured("changedetection.io did not answer within a minute")


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def install(folder: Path, requirement: str) -> Path:
    """A virtual environment with one package from the index; returns its Python. Raises NotMeasured."""
    print(f"Installing {requirement} into a folder that is thrown away …", file=sys.stderr)
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", requirement]
    try:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True, text=True)
        subprocess.run(pip, check=True, capture_output=True, text=True, timeout=INSTALL_WITHIN)
    except subprocess.CalledProcessError as error:
        raise NotMeasured(f"{requirement} could not be installed: {error.stderr.strip()[-300:]}") from error
    except subprocess.TimeoutExpired as error:
        raise NotMeasured(f"{requirement} could not be installed in {INSTALL_WITHIN:.0f} s") from error
    return python
