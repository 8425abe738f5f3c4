"""One worker process without its queue: sweeps when told to. Driven by `workers.Worker`.

Reads one command per line from standard input and answers each with one line of JSON:
`sweep COUNT SECONDS`: visit what is due until COUNT visits are written, SECONDS are over or nothing is due any more.
`profile COUNT SECONDS`: the same and sampled; the answer says where the time went.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
import django

django.setup()

from django.utils import timezone  # noqa: E402

from benchmarks.sampling import sampled  # noqa: E402
from sources.models import Source, SourceCheck  # noqa: E402
from sources.services import sweep  # noqa: E402

# A sweep that finds nothing asks again after this; hosts may only be resting, or held by another worker.
ASK_EVERY = 0.05
# What is due later than this is no part of the sweep.
SOON = timedelta(minutes=1)


def visit_due(count: int, seconds: float) -> dict[str, Any]:
    """Visits written and the seconds that took, up to the last of them."""
    visits, started = 0, time.perf_counter()
    last, ends = started, started + seconds

    def told(checks: list[SourceCheck]) -> None:
        nonlocal visits, last
        visits, last = visits + len(checks), time.perf_counter()

    while visits < count and (left := ends - time.perf_counter()) > 0:
        before = visits
        sweep(time_limit=timedelta(seconds=left), told=told)
        if visits == before and not Source.objects.filter(next_check_at__lte=timezone.now() + SOON).exists():
            break
        time.sleep(ASK_EVERY)
    return {"visits": visits, "seconds": last - started}


def profile(count: int, seconds: float) -> dict[str, Any]:
    """The same, and where the time went: share of it, our function, the function it waited or worked in."""
    with sampled() as samples:
        answer = visit_due(count, seconds)
    return answer | {"places": samples.table()}


def run() -> None:
    """Serve until standard input closes."""
    Source.objects.exists()  # the connection is there before anything is timed
    print(json.dumps({"ready": os.getpid()}), flush=True)
    for line in sys.stdin:
        command, count, seconds = line.split()
        act = {"sweep": visit_due, "profile": profile}[command]
        print(json.dumps(act(int(count), float(seconds))), flush=True)


if __name__ == "__main__":
    run()
