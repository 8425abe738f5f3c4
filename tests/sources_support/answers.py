"""What a server may answer, byte for byte: honest answers, and makers of dishonest ones."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

PAGE = "<html lang=en><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"


@dataclass
class Asked:
    """A request as it came in: path with query, and headers in lower case."""

    path: str
    headers: dict[str, str]
    at: float = field(default_factory=time.monotonic)


Answer = bytes | Callable[["Asked", socket.socket], bytes | None]


def http(status: int = 200, body: str | bytes = "", *, reason: str = "Whatever", **headers: str) -> bytes:
    """An honest HTTP answer; header names with _ for -."""
    content = body.encode() if isinstance(body, str) else body
    names = {"content_type": "text/html; charset=utf-8", "content_length": str(len(content)), "connection": "close"}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in (names | headers).items()]
    return "\r\n".join([f"HTTP/1.1 {status} {reason}", *lines, "", ""]).encode() + content


def page(text: str = "Hello.", title: str = "A page", **headers: str) -> bytes:
    """A small HTML page."""
    return http(200, PAGE.format(title=title, text=text), **headers)


def with_etag(body: bytes, etag: str = '"v1"') -> Answer:
    """A page that answers 304 to whoever holds this version."""

    def answer(asked: Asked, _: socket.socket) -> bytes:
        if asked.headers.get("if-none-match") == etag:
            return http(304, ETag=etag)
        return http(200, body, ETag=etag)

    return answer


def drip(piece: bytes, every: float, head: bytes = b"") -> Answer:
    """Sends the head, then a piece again and again, for ever."""

    def answer(_: Asked, connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)
            time.sleep(every)

    return answer


def hang(head: bytes = b"", seconds: float = 8) -> Answer:
    """Sends the head, then nothing."""

    def answer(_: Asked, connection: socket.socket) -> None:
        connection.sendall(head)
        time.sleep(seconds)

    return answer


def late(seconds: float, answer: bytes) -> Answer:
    """The answer, after a while."""

    def wait(_: Asked, __: socket.socket) -> bytes:
        time.sleep(seconds)
        return answer

    return wait


def bomb(mebibytes: int) -> bytes:
    """A gzip body that swells a thousandfold."""
    return http(200, gzip.compress(b"<p>" + b"a" * (mebibytes * 1024 * 1024)), content_encoding="gzip")
