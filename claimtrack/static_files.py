"""Collecting static files only when they changed: a second start must be quick."""

import hashlib
import os
from importlib.metadata import version

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> bool:
    """Run collectstatic unless the files found are those of the last run; True when it ran."""
    stamp_file = settings.CLAIMTRACK_DATA_DIR / "static-stamp"
    stamp = _stamp()
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if manifest.exists() and stamp_file.exists() and stamp_file.read_text() == stamp:
        return False
    stamp_file.unlink(missing_ok=True)  # a killed run must not look finished
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp_file.write_text(stamp)
    return True


def _stamp() -> str:
    digest = hashlib.sha256(f"{version('django')} {version('whitenoise')}".encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = os.stat(storage.path(path))
            digest.update(f"\n{path} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()
