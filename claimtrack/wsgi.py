"""The WSGI application that the web server loads."""

import os
import select
import time

from django.core.wsgi import get_wsgi_application
from psycopg2 import OperationalError
from psycopg2.extensions import POLL_OK, POLL_READ, STATUS_SETUP, connection, set_wait_callback

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")

# Seconds without a sign from PostgreSQL. Answering 503 takes this long and the attempt to connect anew (3 s).
SILENT_FOR = 8.0


def wait(database: connection) -> None:
    """Wait for PostgreSQL as psycopg2 does, but not for ever: one that hangs would take every thread of ours with it.

    Raises OperationalError; psycopg2 closes the connection then. connect_timeout is ours to keep too, because libpq
    keeps it only where it does the waiting.
    """
    connecting = database.status == STATUS_SETUP
    seconds = _connect_timeout(database) if connecting else SILENT_FOR
    deadline = time.monotonic() + seconds
    while (state := database.poll()) != POLL_OK:
        poll = select.poll()
        poll.register(database.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise OperationalError(f"PostgreSQL said nothing for {seconds:.0f} s")
        if not connecting:
            deadline = time.monotonic() + seconds


def _connect_timeout(database: connection) -> float:
    # To libpq 0 is no limit.
    return float(database.info.dsn_parameters.get("connect_timeout", 0)) or SILENT_FOR


# Here, so that it holds for the web server alone: a worker or a command may wait long, and may COPY, which this cannot.
set_wait_callback(wait)

application = get_wsgi_application()
