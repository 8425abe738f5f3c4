"""Directories of the embedded services' sockets: private, and short enough for the kernel."""

import json
import os
import shutil
import tempfile
from pathlib import Path

from claimtrack.embedded.home import SOCKET_DIRECTORY_LIMIT, Home
from claimtrack.embedded.privileges import Account

SERVICES = ("postgres", "redis")


def prepare(home: Home, account: Account | None) -> list[Path]:
    """Make both directories, mode 0700, and return those outside the data directory: the caller removes them."""
    remove(home)
    outside = {service: _short_directory() for service in SERVICES if not _fits(home.run / service)}
    if outside:
        (home.run / "sockets.json").write_text(json.dumps({name: str(path) for name, path in outside.items()}))
    for service in SERVICES:
        directory = home.socket_directory(service)
        directory.mkdir(mode=0o700, exist_ok=True)
        directory.chmod(0o700)
        if service == "postgres" and account is not None:
            os.chown(directory, account.uid, account.gid)
    return list(outside.values())


def remove(home: Home) -> None:
    """Remove directories outside the data directory, also those that a killed start left behind."""
    for service in SERVICES:
        directory = home.socket_directory(service)
        if directory != home.run / service and directory.name.startswith("claimtrack-"):
            shutil.rmtree(directory, ignore_errors=True)
    (home.run / "sockets.json").unlink(missing_ok=True)


def _fits(directory: Path) -> bool:
    # PostgreSQL reads a comma as a list of directories, and so does its client library.
    return len(os.fsencode(directory)) <= SOCKET_DIRECTORY_LIMIT and not set(',"\\') & set(str(directory))


def _short_directory() -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    # root's runtime directory is closed to the account PostgreSQL runs as.
    candidates = [runtime if os.geteuid() != 0 else "", tempfile.gettempdir(), "/tmp"]
    for candidate in candidates:
        if candidate and os.access(candidate, os.W_OK | os.X_OK) and _fits(Path(candidate) / "claimtrack-12345678"):
            return Path(tempfile.mkdtemp(prefix="claimtrack-", dir=candidate))  # made with mode 0700
    return Path(tempfile.mkdtemp(prefix="claimtrack-"))
