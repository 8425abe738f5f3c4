"""Places for so many processes at a time, among a process and the children it has forked."""

from __future__ import annotations

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


class Slots:
    """Made by the parent before it forks. A place is a lock on one byte of a file that has no name.

    Such locks (POSIX record locks) belong to a process: when it is killed, the system itself gives its place back.
    Within one process nobody is kept out.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        # Closing any handle of it would end all locks of the process, so it stays open as long as the process lives.
        self._file = tempfile.TemporaryFile()  # noqa: SIM115

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """Hold a place while the block runs; False when there is none left."""
        place = next((number for number in range(self.count) if self._lock(number)), None)
        try:
            yield place is not None
        finally:
            if place is not None:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)

    def _lock(self, number: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except (BlockingIOError, PermissionError):  # POSIX lets a system say either
            return False
        return True
