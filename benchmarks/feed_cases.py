"""What is measured of the feed and beside what, and the rules the figures are held to."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

from benchmarks import corpus, load
from claimtrack.embedded.home import Home
from claimtrack.embedded.redis import Redis
from claimtrack.redis_urls import socket_url
from feed.services.keys import create_key
from feed.serving.filters import ORDERINGS

SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
# Other pages than one process can keep, ten times over: whoever asks for them in turn never meets one that is kept.
DEEP_PAGES = 1500
FEED = "/api/v1/verdicts/"
# More than can be asked in a minute: what is measured is the counting.
PLENTY = 1_000_000_000

CONSTANT = "constant bytes, bare WSGI (server and load alone)"
BARE = "bare WSGI + psycopg2, stored documents, first page"
BARE_DEEP = "bare WSGI + psycopg2, stored documents, deep pages"
UNDECODED = "the same without decoding, first page"
NEW = "verdicts, first page, made anew each time"
NEW_GZIP = "verdicts, first page, made and compressed anew each time"
ONE_DEEP = "verdicts, one deep page, made anew each time, in turns with the first page"
BESIDE_DEEP = "verdicts, first page, made anew each time, in turns with the deep one"
DEEP = "verdicts, deep pages, each another one"
KEYED = "verdicts, first page, made anew, with key and limits"
KEPT = "verdicts, first page, kept"
KEPT_GZIP = "verdicts, first page, kept, compressed"
UNCHANGED = "verdicts, 304"
EVENTS = "events, deep pages, each another one"
CLAIMS = "claims, first page, made anew each time"
TUNED = "DRF, nested, prefetched, CursorPagination, orjson, first page"
PLAIN = "DRF, nested, prefetched, ModelViewSet with page numbers, first page"

Case = Callable[[], float]


@dataclass(frozen=True)
class Rule:
    """`case` over `other`, between `least` and `most`, at sizes of `from_size` and more."""

    sentence: str
    case: str
    other: str
    least: float = 0.0
    most: float = float("inf")
    from_size: int = 0


RULES = (
    # One of each: walking from page to page meets colder memory, the limit's walk (BARE_DEEP) as well as ours.
    Rule("a deep page costs what the first one costs, within 10 %", ONE_DEEP, BESIDE_DEEP, least=0.9, most=1.1),
    Rule("50 verdicts, not kept: at least 0.8 of bare psycopg2", NEW, BARE, least=0.8),
    Rule("50 verdicts deep in the list: at least 0.8 of bare psycopg2", DEEP, BARE_DEEP, least=0.8),
    Rule("50 verdicts, kept: at least 0.8 of bare psycopg2", KEPT, BARE, least=0.8),
    Rule("50 verdicts, not kept, with key and limits: at least 0.6 of bare psycopg2", KEYED, BARE, least=0.6),
    Rule("304: at least twice as many as pages that are not kept", UNCHANGED, NEW, least=2.0),
    Rule("compressed first pages: at least 0.9 of uncompressed ones", KEPT_GZIP, KEPT, least=0.9),
    Rule("at least 60 times plain DRF, not kept", NEW, PLAIN, least=60, from_size=1_000_000),
    Rule("at least 15 times tuned DRF, not kept", NEW, TUNED, least=15, from_size=1_000_000),
)


class Servers:
    """Every server there is to ask, each a granian of one process; a Redis for the one that counts requests."""

    def __enter__(self) -> Servers:
        with ExitStack() as self._stack:
            off = {"CLAIMTRACK_RATE_ANONYMOUS": "0", "CLAIMTRACK_RATE_KEY": "0"}
            bare = {"BENCH_DSN": dsn()}
            self.kept = self._serve("claimtrack.wsgi:application", off)
            self.new = self._serve("benchmarks.uncached:application", off)
            self.bare = self._serve("benchmarks.servers:stored_documents", bare)
            self.undecoded = self._serve("benchmarks.servers:undecoded_documents", bare)
            self.peer = self._serve("benchmarks.peer:application", off)
            counting = {"CLAIMTRACK_RATE_KEY": str(PLENTY), "REDIS_URL": self._redis()}
            self.counting = self._serve("benchmarks.uncached:application", counting)
            _, self.key = create_key("benchmark", by=None)
            self.page_bytes = 0
            # All of them live: from here on __exit__ ends them.
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: Any) -> None:
        self._stack.close()

    def cases(self) -> dict[str, Case]:
        """Of the corpus as it is now."""
        status, headers, page = load.fetch(self.kept, FEED)
        if status != 200:
            raise RuntimeError(f"{FEED} answered {status}: {page[:500]!r}")
        self.page_bytes = len(page)
        places = corpus.places(DEEP_PAGES)
        deep = [address_of(*place) for place in places]
        last = len(places)
        constant = self._serve("benchmarks.servers:constant_bytes", {"BENCH_BYTES": str(len(page))})
        key = f"Authorization: Api-Key {self.key}\r\n"
        gzip = "Accept-Encoding: gzip\r\n"
        return {
            CONSTANT: case(constant, "/"),
            BARE: case(self.bare, "/"),
            UNDECODED: case(self.undecoded, "/"),
            NEW: case(self.new, FEED),
            KEYED: case(self.counting, FEED, key),
            BARE_DEEP: case(self.bare, [f"/?at={quote(at.isoformat())}" for at, _ in places]),
            DEEP: case(self.kept, deep),
            KEPT: case(self.kept, FEED),
            KEPT_GZIP: case(self.kept, FEED, gzip),
            NEW_GZIP: case(self.new, FEED, gzip),
            UNCHANGED: case(self.kept, FEED, f"If-None-Match: {headers['etag']}\r\n", status=304),
            EVENTS: case(self.kept, [f"/api/v1/events/?after={number * 3}" for number in range(last)]),
            CLAIMS: case(self.new, "/api/v1/claims/"),
            TUNED: case(self.peer, "/tuned/"),
            PLAIN: case(self.peer, "/plain/"),
        }

    def pair(self) -> dict[str, Case]:
        """Rounds differ by a tenth among themselves, all that these two may differ by: they take many short turns."""
        [place] = corpus.places(1)
        return {ONE_DEEP: case(self.new, address_of(*place), seconds=1), BESIDE_DEEP: case(self.new, FEED, seconds=1)}

    def _serve(self, application: str, environment: dict[str, str]) -> int:
        return self._stack.enter_context(load.serving(application, environment))

    def _redis(self) -> str:
        """Of our own, emptied with its folder: what is counted in it concerns nobody else."""
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-redis-")))
        home = Home(folder / "var")
        home.redis.mkdir(parents=True)
        home.redis_socket().parent.mkdir(parents=True)
        redis = Redis(home, throwaway=True)
        process = subprocess.Popen(redis.command(), stdout=subprocess.DEVNULL)
        self._stack.callback(process.wait)
        self._stack.callback(process.terminate)
        for _ in range(100):
            if redis.answers():
                return socket_url(home.redis_socket())
            time.sleep(0.05)
        raise RuntimeError("Redis did not answer within 5 s")


def address_of(at: datetime, public_id: str) -> str:
    """The page that begins behind this place."""
    row = {"published_at": at, "public_id": public_id}
    return f"{FEED}?cursor={ORDERINGS['-published_at'].cursor(row, backward=False)}"


def case(port: int, path: str | Sequence[str], headers: str = "", status: int = 200, seconds: float = SECONDS) -> Case:
    return lambda: load.requests_per_second(port, path, seconds=seconds, headers=headers, status=status)


def dsn() -> str:
    """Of the database Django is connected to, as libpq reads it."""
    parameters = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return " ".join(f"{name}='{parameters[name]}'" for name in names if parameters.get(name))
