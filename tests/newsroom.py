"""The demo newsroom itself on a free loopback port, for tests."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread

from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from demo.loading import load_demo
from demo.newsroom import Newsroom

PASSWORD = "one long password"


@contextmanager
def open_newsroom(directory: Path) -> Iterator[str]:
    """Serve `directory`; yields `127.0.0.1:port`."""
    with Newsroom(("127.0.0.1", 0), directory) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join(timeout=5)


@contextmanager
def may_be_fetched(address: str) -> Iterator[None]:
    """The address is exempt from the rules of fetching, and visited without pauses."""
    with override_settings(CLAIMTRACK_FETCH_ALLOW=[address], RECHECK_HOST_DELAY=timedelta(0)):
        yield


@contextmanager
def loaded_demo(directory: Path, blocker: DjangoDbBlocker) -> Iterator[str]:
    """The demo, loaded once for a whole module and rolled back after it; yields the newsroom's base URL.

    Each test's own transaction is a savepoint in this one, so tests do not see each other's changes.
    """
    with open_newsroom(directory) as address, may_be_fetched(address), blocker.unblock(), transaction.atomic():
        load_demo(f"http://{address}", password=PASSWORD)
        yield f"http://{address}"
        transaction.set_rollback(True)


def get(
    address: str, path: str, headers: dict[str, str] | None = None, *, method: str = "GET"
) -> tuple[int, dict[str, str], str]:
    """Status, headers in lower case, and body of one request; redirects are not followed."""
    connection = http.client.HTTPConnection(address, timeout=5)
    try:
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        return (
            response.status,
            {name.lower(): value for name, value in response.headers.items()},
            response.read().decode(),
        )
    finally:
        connection.close()
