"""How near is the verdict feed to the limit, and how far from the usual way? One table of ratios."""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import quote

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks import corpus, load  # noqa: E402

DOCUMENTS = int(os.environ.get("BENCH_DOCUMENTS", "10000"))
ROUNDS = 3
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
FEED = "/api/v1/verdicts/"

Case = Callable[[], float]


def main() -> int:
    call_command("migrate", interactive=False, verbosity=0)
    print(f"Filling an empty database with {DOCUMENTS} verdicts …", file=sys.stderr)
    corpus.fill(DOCUMENTS)
    deep = corpus.deep_place()
    with ExitStack() as stack:
        feed = stack.enter_context(load.serving("claimtrack.wsgi:application", {}))
        status, headers, page = load.fetch(feed, FEED)
        assert status == 200, page
        settings = {"BENCH_DSN": _dsn(), "BENCH_BYTES": str(len(page))}
        bare = stack.enter_context(load.serving("benchmarks.servers:stored_documents", settings))
        constant = stack.enter_context(load.serving("benchmarks.servers:constant_bytes", settings))
        peer = stack.enter_context(load.serving("benchmarks.peer:application", {}))
        cases = {
            "constant bytes, bare WSGI (server and load alone)": _case(constant, "/"),
            "bare WSGI + psycopg2, stored documents, first page": _case(bare, "/"),
            "bare WSGI + psycopg2, stored documents, deep page": _case(bare, f"/?at={quote(deep)}"),
            "/api/v1/verdicts/ first page": _case(feed, FEED),
            "/api/v1/verdicts/ deep page": _case(feed, _deep_page(feed, deep)),
            "/api/v1/verdicts/ 304": _case(feed, FEED, f"If-None-Match: {headers['etag']}\r\n", status=304),
            "nested DRF serializers, prefetched, CursorPagination": _case(peer, "/verdicts/"),
        }
        print(f"{DOCUMENTS} verdicts, pages of 50 = {len(page) / 1000:.0f} kB; peer's page "
              f"{len(load.fetch(peer, '/verdicts/')[2]) / 1000:.0f} kB")  # fmt: skip
        _print_table(_measure(cases), limit="bare WSGI + psycopg2, stored documents, first page")
    return 0


def _case(port: int, path: str, headers: str = "", status: int = 200) -> Case:
    return lambda: load.requests_per_second(port, path, seconds=SECONDS, headers=headers, status=status)


def _deep_page(port: int, at: str) -> str:
    """A page reached by cursor, as a client that walks the whole list gets there."""
    import json

    _, _, body = load.fetch(port, f"{FEED}?page_size=1&published_before={quote(at)}")
    _, _, cursor = json.loads(body)["next"].partition("cursor=")
    return f"{FEED}?cursor={cursor.partition('&')[0]}"


def _measure(cases: dict[str, Case]) -> dict[str, float]:
    """Medians of rounds in which the cases alternate, after one round to warm up."""
    seen: dict[str, list[float]] = {name: [] for name in cases}
    for round_number in range(ROUNDS + 1):
        for name, case in cases.items():
            rate = case()
            if round_number:
                seen[name].append(rate)
    return {name: statistics.median(rates) for name, rates in seen.items()}


def _print_table(rates: dict[str, float], *, limit: str) -> None:
    width = max(map(len, rates))
    print(f"{'case':{width}}  requests/s  of the limit")
    for name, rate in rates.items():
        print(f"{name:{width}}  {rate:10.0f}  {rate / rates[limit]:12.2f}")


def _dsn() -> str:
    dsn: str = connection.connection.dsn if connection.connection else ""
    parameters = connection.get_connection_params()
    names = {"dbname": "dbname", "user": "user", "password": "password", "host": "host", "port": "port"}
    return " ".join(f"{name}='{parameters[key]}'" for key, name in names.items() if parameters.get(key)) or dsn


if __name__ == "__main__":
    sys.exit(main())
