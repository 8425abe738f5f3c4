"""The embedded PostgreSQL for one command of `manage.py`: used when it runs, started and stopped when it does not."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from claimtrack.embedded import datadir, postgres, sockets
from claimtrack.embedded.errors import Failure
from claimtrack.embedded.home import Home
from claimtrack.embedded.locks import lock_cluster, try_lock
from claimtrack.embedded.privileges import dies_with_parent

START_WITHIN = 60.0
# A command waits this long for another one that is starting or stopping the cluster.
TURN_WITHIN = 60.0


@contextlib.contextmanager
def running(home: Home, *, may_create: bool, throwaway: bool = False) -> Iterator[None]:
    """PostgreSQL answers inside the block; afterwards it is as it was. Raises Failure.

    Commands share a cluster that one of them started: that one waits for the others before it stops it.
    """
    if not may_create and not (home.postgres / "data").exists():
        raise Failure(f"There is no database in {home.path} yet: start script/server once, or set DATABASE_URL.")
    datadir.prepare(home)
    lock = lock_cluster(home)
    try:
        started = _take_turn(home, lock, throwaway)
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield
        finally:
            if started is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
                _stop(started)
                sockets.remove(home)
    finally:
        os.close(lock)


def _take_turn(home: Home, lock: int, throwaway: bool) -> "subprocess.Popen[bytes] | None":
    """Returns the server that we started, or None when it was running."""
    deadline = time.monotonic() + TURN_WITHIN
    while time.monotonic() < deadline:
        if try_lock(lock, fcntl.LOCK_SH) and postgres.answers(home):
            return None
        if try_lock(lock, fcntl.LOCK_EX):
            return None if postgres.answers(home) else _start(home, throwaway)
        time.sleep(0.1)
    raise Failure(f"The database in {home.path} is in use by another process but does not answer. Try again.")


def _start(home: Home, throwaway: bool) -> "subprocess.Popen[bytes]":
    server = postgres.Postgres(home, throwaway=throwaway)
    server.create()
    sockets.prepare(home, server.account)
    log = home.run / "postgres.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            server.command(),
            env=server.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
            # Fast shutdown, also when this command is killed.
            preexec_fn=dies_with_parent(signal.SIGINT, server.account),
        )
    deadline = time.monotonic() + START_WITHIN
    while not postgres.answers(home):
        if process.poll() is not None or time.monotonic() > deadline:
            _stop(process)
            said = " / ".join(log.read_text(errors="replace").strip().splitlines()[-3:])
            raise Failure(f"The embedded PostgreSQL did not start: {said}")
        time.sleep(0.05)
    return process


def _stop(process: "subprocess.Popen[bytes]") -> None:
    for number, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        if process.poll() is not None:
            return
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    print("The embedded PostgreSQL did not stop.", file=sys.stderr)
