"""Fixtures for tests of sources; imported by the test files that use them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from .server import Canary, Server


@pytest.fixture
def server() -> Iterator[Server]:
    """A web server on loopback, not yet exempt from the address rules."""
    server = Server()
    yield server
    server.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


@pytest.fixture
def web(server: Server, settings: Any, tmp_path: Path) -> Server:
    """The web server, exempt like the demo newsroom; no pauses; captures in a folder of this test."""
    settings.CLAIMTRACK_FETCH_ALLOW = [f"127.0.0.1:{server.port}"]
    settings.RECHECK_HOST_DELAY = timedelta(0)
    keep_captures_in(tmp_path, settings)
    return server


def exempt_everywhere(server: Server, folder: Path, settings: Any) -> None:
    """A server on every loopback address is many hosts: all exempt, no pauses, captures below this folder."""
    settings.CLAIMTRACK_FETCH_ALLOW = [f"127.0.0.0/8:{server.port}"]
    settings.RECHECK_HOST_DELAY = timedelta(0)
    keep_captures_in(folder, settings)


def keep_captures_in(folder: Path, settings: Any) -> None:
    """Captures of this test go below this folder."""
    settings.STORAGES = settings.STORAGES | {
        "snapshots": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder / "snapshots"},
        }
    }
