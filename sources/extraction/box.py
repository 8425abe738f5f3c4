"""Reading strangers' pages in a child process with a time and a memory limit.

A page that makes the parser hang, swell or crash costs the child, never the worker. The child is started when first
needed, serves one page at a time and ends with its parent (its standard input closes).
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from .details import Details
from .page import Page

# Seconds one page may take, pipe and all; a real page takes milliseconds.
TIME_LIMIT = 20.0
# What is asked for, and the sizes of what follows.
HEADER = struct.Struct("!cII")
PAGE, DETAILS = b"p", b"d"

# What the child gets of our environment; no secrets.
PASSED_ON = ("LD_LIBRARY_PATH", "PATH", "TMPDIR")

_lock = threading.Lock()
_child: subprocess.Popen[bytes] | None = None
_owner = 0


class ExtractionFailed(Exception):
    """The page could not be read within the limits; says which."""


def extract(content: bytes, content_type: str, *, time_limit: float = TIME_LIMIT) -> Page:
    """Text, title and language of a decoded body. Raises ExtractionFailed."""
    return Page(**_answer(PAGE, content, content_type, time_limit))


def extract_details(content: bytes, content_type: str, *, time_limit: float = TIME_LIMIT) -> Details:
    """What a decoded body says of itself. Raises ExtractionFailed."""
    return Details(**_answer(DETAILS, content, content_type, time_limit))


def _answer(task: bytes, content: bytes, content_type: str, time_limit: float) -> dict[str, Any]:
    with _lock:
        child = _running()
        late = threading.Event()
        watchdog = threading.Timer(time_limit, _end, [child, late])
        watchdog.start()
        try:
            return _ask(child, task, content, content_type)
        except (OSError, ValueError, struct.error) as error:
            close()
            limit = (
                f"more than {time_limit:g} s" if late.is_set() else "more memory than allowed, or the parser crashed"
            )
            raise ExtractionFailed(f"reading the page took {limit}") from error
        finally:
            watchdog.cancel()


def _end(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    child.kill()


def _ask(child: subprocess.Popen[bytes], task: bytes, content: bytes, content_type: str) -> dict[str, Any]:
    assert child.stdin and child.stdout
    kind = content_type.encode("utf-8", "replace")
    child.stdin.write(HEADER.pack(task, len(kind), len(content)) + kind)
    child.stdin.write(content)
    child.stdin.flush()
    size = struct.unpack("!I", child.stdout.read(4))[0]
    answer: dict[str, Any] = json.loads(child.stdout.read(size))
    if "error" in answer:
        raise ValueError(answer["error"])
    return answer


def _running() -> subprocess.Popen[bytes]:
    global _child, _owner
    if _owner != os.getpid():
        _child = None  # our parent's, from before the fork
    if _child is None or _child.poll() is not None:
        close()
        _owner = os.getpid()
        _child = subprocess.Popen(
            [sys.executable, "-m", "sources.extraction.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).resolve().parent.parent.parent,
            env={"PYTHONUTF8": "1"} | {name: os.environ[name] for name in PASSED_ON if name in os.environ},
        )
    return _child


def close() -> None:
    """End the child, if there is one."""
    global _child
    if _child is not None and _owner == os.getpid():
        _child.kill()
        for stream in (_child.stdin, _child.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        _child.wait()
        _child = None


atexit.register(close)
