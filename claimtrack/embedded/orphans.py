"""Processes whose parent died become our children, so that none is overlooked.

Killing a group is not enough: PostgreSQL's backends each have a group of their own and outlive a killed postmaster.
"""

import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Set
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h

_libc = ctypes.CDLL(None, use_errno=True)


def adopt() -> None:
    """From now on whatever is orphaned below us becomes our child instead of init's."""
    arguments = [ctypes.c_ulong(argument) for argument in (1, 0, 0, 0)]
    if _libc.prctl(PR_SET_CHILD_SUBREAPER, *arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def children(parent: int | None = None) -> set[int]:
    """The children of `parent` (None: ours), those included that ended and were not waited for."""
    parent = parent or os.getpid()
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # "pid (name) state parent …"; the name may hold anything.
            if int(status.read_text(errors="replace").rpartition(")")[2].split()[1]) == parent:
                found.add(int(status.parent.name))
    return found


def end_children(*, but: Set[int], seconds: float) -> bool:
    """Kill our children except `but`, and those that they leave us in turn; False when some live on after `seconds`."""
    deadline = time.monotonic() + seconds
    while ours := children() - but:
        if time.monotonic() > deadline:
            return False
        for child in ours:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, os.WNOHANG)
        time.sleep(0.01)
    return True
