"""A raw-socket web server: what it answers, byte for byte, is the test's choice, so it can break every rule of HTTP."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import re
import socket
import threading
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


class Server:
    """Listens on an own port; `server["/path"] = answer`, asked requests in `server.asked`."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self._closing = threading.Event()
        self._socket = socket.create_server((address, 0), backlog=128)
        self.address, self.port = address, self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}"

    @property
    def pages_asked(self) -> list[str]:
        """Paths asked for, robots.txt left out."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def __setitem__(self, path: str, answer: Answer) -> None:
        self.answers[path] = answer

    def close(self) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the accepting thread, which holds the port otherwise
        self._socket.close()

    def _serve(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(10)
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            lines = head.decode("latin-1").split("\r\n")
            asked = Asked(
                lines[0].split(" ")[1],
                {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)},
            )
            self.asked.append(asked)
            answer = self.answers.get(asked.path)
            if answer is None:
                answer = builtin(asked.path) or http(404, "nothing here")
            reply = answer(asked, connection) if callable(answer) else answer
            if reply:
                connection.sendall(reply)


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


def bomb(mebibytes: int) -> bytes:
    """A gzip body that swells a thousandfold."""
    return http(200, gzip.compress(b"<p>" + b"a" * (mebibytes * 1024 * 1024)), content_encoding="gzip")


def builtin(path: str) -> bytes | None:
    """Routes that need no setting up: /status/N, /redirect/N (a chain), /loop, /size/N."""
    if match := re.fullmatch(r"/status/(\d+)", path):
        return http(int(match[1]), "as you asked")
    if match := re.fullmatch(r"/redirect/(\d+)", path):
        left = int(match[1])
        return http(302, location=f"/redirect/{left - 1}") if left else page("The end of the chain.")
    if path == "/loop":
        return http(301, location="/loop")
    if match := re.fullmatch(r"/size/(\d+)", path):
        return http(200, "<p>" + hashlib.sha256(b"").hexdigest() * (int(match[1]) // 64), content_type="text/html")
    return None


class Canary:
    """A loopback service nobody may reach: counts what arrives."""

    def __init__(self, address: str = "127.0.0.1", port: int = 0) -> None:
        self.connections = 0
        self.bytes = 0
        self._socket = socket.create_server((address, port))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with connection, contextlib.suppress(OSError):
                connection.settimeout(1)
                self.bytes += len(connection.recv(65536))

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
