"""Ends every child when the supervisor is gone, however it went.

A forked process holds one end of a pipe whose other end only the supervisor has. While the supervisor lives it writes
down which process groups it started; when the pipe closes they are asked to end, and then ended. (The kernel also
signals each direct child, see privileges.py; this is for their children, and for those who do not listen.)
"""

import contextlib
import os
import shutil
import signal
import time
from pathlib import Path

# Seconds from the supervisor's death.
ASKED_AGAIN_AFTER, ENDED_AFTER = 4.0, 7.0


class Watchdog:
    """Made once, early: the fork shares the supervisor's memory while that is small."""

    def __init__(self) -> None:
        reading, self._pipe = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(self._pipe)
                _detach()
                _watch(reading)
            finally:
                os._exit(0)
        os.close(reading)

    def add(self, group: int) -> None:
        """`group` is to end with us."""
        self._write(f"+{group}")

    def drop(self, group: int) -> None:
        """`group` is gone; its number may belong to a stranger soon."""
        self._write(f"-{group}")

    def remove(self, path: Path) -> None:
        """`path` is a directory to be removed once we are gone."""
        self._write(f"~{path}")

    def close(self) -> None:
        """Let it finish: with every group dropped it only removes the directories."""
        os.close(self._pipe)
        os.waitpid(self.pid, 0)

    def _write(self, line: str) -> None:
        with contextlib.suppress(BrokenPipeError):
            os.write(self._pipe, os.fsencode(line) + b"\n")


def _detach() -> None:
    """A session of its own, deaf to the terminal, holding none of the caller's pipes open."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.set_wakeup_fd(-1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)


def _watch(descriptor: int) -> None:
    groups: set[int] = set()
    paths: list[str] = []
    with os.fdopen(descriptor, "rb") as lines:
        for line in lines:
            kind, value = line[:1], line[1:].rstrip(b"\n")
            if kind == b"+":
                groups.add(int(value))
            elif kind == b"-":
                groups.discard(int(value))
            else:
                paths.append(os.fsdecode(value))
    _end(groups)
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)


def _end(groups: set[int]) -> None:
    start = time.monotonic()
    # To PostgreSQL SIGINT means "roll back and stop", SIGTERM "wait for everyone"; the others take both as "end".
    plan = [
        (0.0, signal.SIGINT),
        (0.1, signal.SIGTERM),
        (ASKED_AGAIN_AFTER, signal.SIGQUIT),
        (ENDED_AFTER, signal.SIGKILL),
    ]
    while groups and time.monotonic() < start + ENDED_AFTER + 2:
        if plan and time.monotonic() - start >= plan[0][0]:
            signal_groups(groups, plan.pop(0)[1])
        groups = {group for group in groups if group_lives(group)}
        time.sleep(0.05)


def signal_groups(groups: set[int], number: int) -> None:
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


def group_lives(group: int) -> bool:
    """Is any process of the group left?"""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
