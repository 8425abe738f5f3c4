"""The limits: what a page costs when nothing stands between the socket and the stored documents."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import psycopg2
import psycopg2.extensions

NEWEST = (
    "SELECT body FROM claims_verdictdocument WHERE status IN ('published', 'under_review')"
    " AND published_at <= %s ORDER BY published_at DESC, public_id DESC LIMIT 50"
)
_own = threading.local()


def stored_documents(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Bare WSGI and psycopg2: one query, one concatenation. `?at=` is the place to begin at."""
    bodies = ",".join(row[0] for row in _rows(environ))
    return _answer(start_response, f'{{"results":[{bodies}],"next":null,"previous":null}}'.encode())


def undecoded_documents(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The same without a detour through Python's strings, as the feed does it too."""
    bodies = b",".join([row[0] for row in _rows(environ, undecoded=True)])
    return _answer(start_response, b'{"results":[%b],"next":null,"previous":null}' % bodies)


def _rows(environ: dict[str, Any], *, undecoded: bool = False) -> Any:
    if not hasattr(_own, "cursor"):
        connection = psycopg2.connect(os.environ["BENCH_DSN"])
        connection.autocommit = True
        _own.cursor = connection.cursor()
        if undecoded:
            psycopg2.extensions.register_type(psycopg2.extensions.BYTES, _own.cursor)
    at = parse_qs(environ["QUERY_STRING"]).get("at", ["infinity"])[0]
    _own.cursor.execute(NEWEST, [at])
    return _own.cursor


CONSTANT = b"x" * int(os.environ.get("BENCH_BYTES", "0"))


def constant_bytes(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The server and the load generator alone."""
    return _answer(start_response, CONSTANT)


def _answer(start_response: Callable[..., Any], body: bytes) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
