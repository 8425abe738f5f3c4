"""Do two workers together keep each host's pause? Judged by what the server saw, not by what we believe we did."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import pairwise

from benchmarks import source_rows
from benchmarks.tables import Findings, number
from benchmarks.workers import PageServer, working

# More hosts than one worker takes at a time, so that two share them; as many visits as two can well make.
HOSTS, PAGES_EACH = 160, 40
# A host's pages stand together in the queue: whoever comes to them takes several in one turn.
HOST_BY_HOST = "now() - interval '1 hour' + (host::inet - inet '127.0.0.0') * interval '1 millisecond'"
DELAY = 0.5
SECONDS = number("BENCH_RATE_SECONDS", 15)
# The pause is counted from the end of an answer at our side; the server's clock and ours tell it a little differently.
TOLERANCE = 0.01


def smallest_pause(log: list[tuple[str, float, float]]) -> tuple[float, str]:
    """The shortest time between an answer's end and the next request to the same host, and where that was.

    `log`: host, seconds of asking and of answering. Below zero: two were in flight at once. Infinite without any two.
    """
    by_host: dict[str, list[tuple[float, float]]] = {}
    for host, asked, answered in log:
        by_host.setdefault(host, []).append((asked, answered))
    pauses = [
        (after[0] - before[1], host) for host, times in by_host.items() for before, after in pairwise(sorted(times))
    ]
    return min(pauses, default=(float("inf"), ""))


def measure_rates(server: PageServer, first_host: int, findings: Findings) -> None:
    """Two workers, hosts with more due pages than can be visited in the time."""
    source_rows.park()
    source_rows.fill(HOSTS * PAGES_EACH, hosts=HOSTS, port=server.port, kind="s", first_host=first_host)
    source_rows.age(server.port, "s", due=HOST_BY_HOST)
    checks = source_rows.Checks()
    with ExitStack() as stack:
        delay = f"{DELAY}s"
        crew = [stack.enter_context(working(server, CLAIMTRACK_RECHECK_HOST_DELAY=delay)) for _ in range(2)]
        for worker in crew:
            worker.start(HOSTS * PAGES_EACH, SECONDS)
        visits = [worker.finish()["visits"] for worker in crew]
    pause, host = smallest_pause(server.log())
    stored = checks.by_host()
    print(
        f"\ntwo workers for {SECONDS} s on {HOSTS} hosts that want {DELAY} s: {visits[0]} and {visits[1]} visits, "
        f"{min(stored.values(), default=0)} to {max(stored.values(), default=0)} a host; "
        f"shortest pause the server saw: {pause:.3f} s ({host})"
    )
    findings.expect(min(visits) > 0 and len(stored) == HOSTS, "both workers worked, and every host had its turn")
    findings.expect(pause >= DELAY - TOLERANCE, f"no host is asked again within its {DELAY} s: {pause:.3f} s")
    findings.expect(sum(stored.values()) == sum(visits), "every visit is a check in the database")
