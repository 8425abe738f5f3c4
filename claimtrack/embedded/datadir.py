"""Making the data directory and the secrets in it."""

import contextlib
import os
import secrets
from pathlib import Path

from claimtrack.embedded.errors import Failure
from claimtrack.embedded.home import Home


def prepare(home: Home) -> None:
    """Make the data directory and its fixed parts. Raises Failure when it cannot be written.

    A directory that a person made keeps its mode; one that we make is closed to others, save that root's lets
    PostgreSQL's account pass through. Everything inside is private by itself.
    """
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        home.path.mkdir(mode=0o700, parents=True)
        home.path.chmod(mode)
    except FileExistsError:
        pass
    except OSError as error:
        raise _unusable(home, error) from None
    try:
        for directory in (home.run, home.secrets, home.redis, home.snapshots, home.path / "uploads"):
            directory.mkdir(mode=0o700, exist_ok=True)
        home.run.chmod(mode)
        probe = home.run / f"probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
        for name in ("secret-key", "postgres-password"):
            keep_secret(home.secrets / name)
    except OSError as error:
        raise _unusable(home, error) from None


def keep_secret(path: Path, *, length: int = 48) -> str:
    """The secret kept in `path` (mode 0600), made at first use. Written aside and renamed: never half there."""
    with contextlib.suppress(FileNotFoundError):
        if kept := path.read_text().strip():
            return kept
    text = secrets.token_urlsafe(length)
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
    aside.replace(path)
    return text


def _unusable(home: Home, error: OSError) -> Failure:
    return Failure(
        f"The data directory {home.path} cannot be written ({error.strerror or error}). "
        "Mend its owner or mode, or choose another CLAIMTRACK_DATA_DIR."
    )
