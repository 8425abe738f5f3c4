"""No thread of the web server waits for ever for a PostgreSQL that hangs: its connection is cut, and it answers 503.

psycopg2 waits inside libpq, which knows a limit for connecting (connect_timeout) and none for what comes after. So each
statement is noted when it begins and struck off when it ends, and one thread cuts the connection of what takes too
long; the waiting thread gets OperationalError at once. That costs a statement two microseconds. To wait in
Python instead, as psycopg2's wait callback does, cost pages of 160 kB a sixth of their rate.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from psycopg2 import extensions

# Seconds that a statement may take. Answering 503 takes this long and the attempt to connect anew (3 s).
PATIENCE = 8.0
EVERY = 0.5

# What each thread waits for just now: the connection, and since when. A thread waits for one thing at a time.
_waiting: dict[int, tuple[Connection, float]] = {}
_started = threading.Lock()
_thread: threading.Thread | None = None


class Connection(extensions.connection):  # type: ignore[misc]
    """A psycopg2 connection that is cut when PostgreSQL does not end a statement within PATIENCE."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A descriptor of our own for the same socket: libpq may close its one, and the number be another's, any time.
        self._line = socket.socket(fileno=socket.dup(self.fileno()))
        _start()

    def cut(self) -> None:
        """Called by the watchdog's thread; whoever waits in libpq is told that the server closed the connection."""
        try:
            self._line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it is closed already

    def close(self) -> None:
        super().close()
        self._line.close()

    def cursor(self, name: str | None = None, *args: Any, **kwargs: Any) -> Any:
        if name is not None:
            kwargs["cursor_factory"] = NamedCursor
        return super().cursor(name, *args, **kwargs)

    def commit(self) -> None:
        watched(self, super().commit)

    def rollback(self) -> None:
        watched(self, super().rollback)


class Cursor(extensions.cursor):  # type: ignore[misc]
    """Its statements are watched. COPY is not: it may take long, and goes on piece by piece."""

    def execute(self, query: Any, vars: Any = None) -> None:
        thread = threading.get_ident()
        _waiting[thread] = (self.connection, time.monotonic())
        try:
            super().execute(query, vars)
        finally:
            del _waiting[thread]

    def executemany(self, query: Any, vars_list: Any) -> None:
        # Many statements: each is watched by itself.
        for variables in vars_list:
            self.execute(query, variables)


class NamedCursor(Cursor):
    """A cursor on the server's side, which asks the server for each of its pieces."""

    def fetchone(self) -> Any:
        return watched(self.connection, super().fetchone)

    def fetchmany(self, size: int | None = None) -> Any:
        return watched(self.connection, super().fetchmany, size)

    def fetchall(self) -> Any:
        return watched(self.connection, super().fetchall)

    def close(self) -> None:
        watched(self.connection, super().close)


def watched(connection: Connection, wait: Callable[..., Any], *args: Any) -> Any:
    """What `wait` returns; OperationalError when PostgreSQL did not end it within PATIENCE."""
    thread = threading.get_ident()
    _waiting[thread] = (connection, time.monotonic())
    try:
        return wait(*args)
    finally:
        del _waiting[thread]


def _start() -> None:
    global _thread
    with _started:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_watch, name="postgresql-watchdog", daemon=True)
            _thread.start()


def _watch() -> None:
    while True:
        time.sleep(EVERY)
        late = time.monotonic() - PATIENCE
        for thread, (connection, began) in list(_waiting.items()):
            if began < late and _waiting.get(thread) == (connection, began):
                connection.cut()
