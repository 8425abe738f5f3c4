"""Who may use the data directory. Locks are flock(2): they vanish with their holder, however it ends."""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

from claimtrack.embedded.errors import Failure
from claimtrack.embedded.home import Home

# A killed supervisor's watchdog keeps the lock until it has ended the children.
CLEANING_SECONDS = 15


def lock_server(home: Home, say: Callable[[str], None]) -> int:
    """Take the one lock of a running `script/server`; returns its file descriptor. Raises Failure when taken."""
    descriptor = _open(home.run / "server.lock")
    deadline = time.monotonic() + CLEANING_SECONDS
    told = False
    while not try_lock(descriptor, fcntl.LOCK_EX):
        holder = _holder(descriptor)
        if holder and _alive(holder) or time.monotonic() > deadline:
            os.close(descriptor)
            raise Failure(
                f"Another claimtrack (process {holder}) is using {home.path}. "
                "Stop it first, or choose another CLAIMTRACK_DATA_DIR."
            )
        if not told:
            say("The previous run was killed and is still being cleared away; waiting.")
            told = True
        time.sleep(0.1)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def lock_cluster(home: Home) -> int:
    """Open the lock of the embedded cluster: shared while using it, exclusive while starting or stopping it."""
    return _open(home.run / "cluster.lock")


def try_lock(descriptor: int, kind: int) -> bool:
    """Take an flock without waiting; False when somebody else holds one that excludes it."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _holder(descriptor: int) -> int:
    with contextlib.suppress(ValueError):
        return int(os.pread(descriptor, 20, 0) or b"0")
    return 0


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
