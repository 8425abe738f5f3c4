"""Servers that lie, stall or flood: each visit ends in time, within its caps, with one outcome."""

from __future__ import annotations

import gzip
import socket
from typing import Any

import pytest

from sources.choices import Outcome
from tests.sources_support.fetching import QUICK, allowing, fetch
from tests.sources_support.server import Server, bomb, drip, hang, http

pytest_plugins = ["tests.sources_support.fixtures"]


@pytest.mark.parametrize(
    ("path", "answer", "outcome"),
    [
        ("/loop", None, Outcome.REDIRECT_LOOP),
        ("/redirect/6", None, Outcome.REDIRECT_LOOP),
        ("/x", b"", Outcome.REFUSED),
        ("/x", b"nonsense\r\n\r\n", Outcome.BAD_CONTENT),
        ("/x", http(200, "half").replace(b"length: 4", b"length: 99"), Outcome.BAD_CONTENT),
        ("/x", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nbroken", Outcome.BAD_CONTENT),
        ("/x", http(200, b"\x1f\x8bbroken", content_encoding="gzip"), Outcome.BAD_CONTENT),
        ("/x", http(200, b"what", content_encoding="br"), Outcome.BAD_CONTENT),
        ("/x", http(200, "x", x_long="y" * 20_000), Outcome.BAD_CONTENT),
        ("/x", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 5_000 + b"\r\n", Outcome.BAD_CONTENT),
        ("/x", hang(), Outcome.READ_TIMEOUT),
        ("/x", hang(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n"), Outcome.READ_TIMEOUT),
    ],
)
def test_a_misbehaving_server_has_one_outcome(path: str, answer: Any, outcome: Outcome, server: Server) -> None:
    if answer is not None:
        server[path] = answer
    assert fetch(f"{server.url}{path}", allowing(server)).failure == outcome


def test_a_chain_of_five_redirects_is_followed(server: Server) -> None:
    fetched = fetch(f"{server.url}/redirect/5", allowing(server))
    assert (fetched.failure, fetched.status, len(fetched.hops)) == (None, 200, 5)


def test_a_slow_drip_ends_with_the_visit_s_time(server: Server) -> None:
    server["/drip"] = drip(b"x", 0.05, b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    fetched = fetch(f"{server.url}/drip", allowing(server, total_time=0.6))
    assert fetched.failure == Outcome.READ_TIMEOUT
    assert fetched.duration_ms < 1500


def test_headers_without_end_are_cut_off(server: Server) -> None:
    server["/headers"] = drip(b"x-more: y\r\n" * 50, 0, b"HTTP/1.1 200 OK\r\n")
    assert fetch(f"{server.url}/headers", allowing(server)).failure in (Outcome.BAD_CONTENT, Outcome.READ_TIMEOUT)


def test_a_decompression_bomb_stops_at_the_cap(server: Server) -> None:
    server["/bomb"] = bomb(50)
    fetched = fetch(f"{server.url}/bomb", allowing(server))
    assert fetched.truncated
    assert len(fetched.content) == QUICK.max_decoded


def test_a_page_larger_than_the_cap_is_kept_up_to_it(server: Server) -> None:
    fetched = fetch(f"{server.url}/size/1000000", allowing(server))
    assert (fetched.failure, fetched.truncated, len(fetched.body)) == (None, True, QUICK.max_received)


def test_a_body_is_kept_as_received_and_read_as_decoded(server: Server) -> None:
    packed = gzip.compress(b"<p>Words") + gzip.compress(b" and more</p>")
    server["/page"] = http(200, packed, content_encoding="gzip")
    fetched = fetch(f"{server.url}/page", allowing(server))
    assert (fetched.body, fetched.content) == (packed, b"<p>Words and more</p>")


def test_nothing_listening_is_refused(server: Server) -> None:
    server.close()
    assert fetch(f"{server.url}/page", allowing(server)).failure == Outcome.REFUSED


@pytest.mark.parametrize(
    ("number", "others_resolve", "outcome"),
    [
        (socket.EAI_NONAME, True, Outcome.DNS_NXDOMAIN),
        (socket.EAI_NONAME, False, Outcome.DNS_TEMPORARY),
        (socket.EAI_AGAIN, True, Outcome.DNS_TEMPORARY),
    ],
)
def test_a_domain_that_does_not_exist_is_told_from_a_network_of_ours_that_is_down(
    number: int, others_resolve: bool, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    def getaddrinfo(host: str, *_: Any, **__: Any) -> list[Any]:
        if others_resolve and host != "gone.example":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 443))]
        raise socket.gaierror(number, "no such luck")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert fetch("http://gone.example/", QUICK).failure == outcome
