"""Sweeps in processes of their own, on the test's database, to be killed; and what the rows must say afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from claimtrack import env
from sources.models import Snapshot, Source, SourceChange, SourceCheck

PROGRAM = "import django; django.setup(); from sources.services import recheck_due_sources as r; r(limit=100_000)"


def database_url() -> str:
    """The test database, as another process would be told of it."""
    place = connection.settings_dict
    account = ":".join(quote(str(place[name]), safe="") for name in ("USER", "PASSWORD") if place[name])
    port = f":{place['PORT']}" if place["PORT"] else ""
    host = quote(str(place["HOST"] or ""), safe="")
    return f"postgres://{account + '@' if account else ''}{host}{port}/{place['NAME']}"


def process(data: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """`python …` in the environment of a worker on the test's database."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "claimtrack.settings",
        "DATABASE_URL": database_url(),
        "REDIS_URL": os.environ["REDIS_URL"],
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
        "CLAIMTRACK_DATA_DIR": str(data),
        "CLAIMTRACK_RECHECK_HOST_DELAY": "0s",
        **variables,
    }
    return subprocess.Popen([sys.executable, *arguments], env=environment, cwd=env.ROOT, text=True)


def worker(data: Path, port: int) -> subprocess.Popen[str]:
    """One sweep over everything that is due; the web server at this port of every loopback address is allowed."""
    return process(data, "-c", PROGRAM, CLAIMTRACK_FETCH_ALLOW=f"127.0.0.0/8:{port}")


def visited() -> dict[int, int]:
    """How many visits of each source are written down."""
    return Counter(SourceCheck.objects.values_list("source_id", flat=True))


def assert_nothing_half_written() -> None:
    """Each source has all rows of its visits or none of them: check, capture, announcement, state."""
    checks = visited()
    captures = set(Snapshot.objects.values_list("source_id", flat=True))
    announced = set(SourceChange.objects.filter(kind="captured").values_list("source_id", flat=True))
    assert set(checks) == captures == announced
    for source in Source.objects.all():
        seen = source.pk in checks
        assert (source.last_checked_at is not None, source.current_snapshot_id is not None) == (seen, seen)
        assert source.availability == ("live" if seen else "new")
        assert not (seen and checks[source.pk] == 1 and source.leased_until)
