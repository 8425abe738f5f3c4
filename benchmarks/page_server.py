"""The web server whose pages are visited: a process of its own that answers with bytes made beforehand.

    python -m benchmarks.page_server --small 2000        # prints its port, ends when its standard input closes

One thread and epoll (Linux) on http.server's level of HTTP: it answers several times as many requests as any client
here can make. It listens on every address, so that all of 127.0.0.0/8 are hosts, and serves loopback alone.

| path | answer |
|---|---|
| /e/N | small page N with an ETag; 304 to whoever has it |
| /s/N | the same bytes without validators: 200 every time |
| /c/N | large page N with a paragraph that is new at every visit |
| /n/N | large page N with a comment that is new at every visit: other bytes, the same text |
| /-/asked | pages asked for so far |
| /-/log | what happened at which host: address, seconds of asking and of answering, one line each (with --log) |
| anything else | 404, robots.txt too: everything is allowed |
"""

from __future__ import annotations

import argparse
import select
import socket
import sys
import time
from collections import deque
from pathlib import Path

from benchmarks.page_bodies import around_change, large_pages, small_page

BACKLOG = 4096
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nnot here\n"


class Pages:
    """What is answered to a request's head."""

    def __init__(self, small: int, large: list[bytes], *, log: bool = False) -> None:
        self.asked = 0
        self.log: list[tuple[bytes, float, float]] | None = [] if log else None
        self._small = [small_page(number) for number in range(small)]
        self._large = [around_change(page) for page in large]

    def answer(self, head: bytes) -> bytes:
        """The whole answer, head and body, to a GET's head."""
        path = head.split(b" ", 2)[1]
        if path.startswith(b"/-/"):
            return _ok(self._report(path), b"text/plain")
        kind, number = path[:3], path[3:]
        if not number.isdigit() or kind not in (b"/e/", b"/s/", b"/c/", b"/n/"):
            return MISSING
        self.asked += 1
        if kind in (b"/e/", b"/s/"):
            return self._unchanging(head, int(number), validators=kind == b"/e/")
        before, after = self._large[int(number) % len(self._large)]
        new = b"<p>Counted anew: %d.</p>" if kind == b"/c/" else b"<!-- built %d -->"
        return _ok(before + new % self.asked + after, b"text/html; charset=utf-8")

    def _unchanging(self, head: bytes, number: int, *, validators: bool) -> bytes:
        number %= len(self._small)
        if not validators:
            return _ok(self._small[number], b"text/html; charset=utf-8")
        etag = b'"v1-%d"' % number
        if etag in head:
            return b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % etag
        return _ok(self._small[number], b"text/html; charset=utf-8", b"ETag: %s\r\n" % etag)

    def _report(self, path: bytes) -> bytes:
        if path == b"/-/asked":
            return b"%d" % self.asked
        return b"\n".join(b"%s %.6f %.6f" % entry for entry in self.log or ())


def _ok(body: bytes, kind: bytes, more: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n%s" % (kind, more, len(body), body)


class Server:
    """Serves `pages` until standard input closes. Each answer is held back for `delay` seconds."""

    def __init__(self, pages: Pages, delay: float = 0.0) -> None:
        self.pages, self.delay = pages, delay
        self.listener = socket.create_server(("0.0.0.0", 0), backlog=BACKLOG)
        self.listener.setblocking(False)
        self.port: int = self.listener.getsockname()[1]
        self._poll = select.epoll()
        self._open: dict[int, socket.socket] = {}
        self._unsent: dict[int, bytes] = {}
        self._waiting: deque[tuple[float, socket.socket, bytes, bytes]] = deque()

    def run(self, until: int) -> None:
        """Serve until file descriptor `until` closes."""
        self._poll.register(self.listener, select.EPOLLIN)
        self._poll.register(until, select.EPOLLIN)
        while True:
            wait = max(0.0, self._waiting[0][0] - time.monotonic()) if self._waiting else -1
            for place, event in self._poll.poll(wait):
                if place == until:
                    return
                if place == self.listener.fileno():
                    self._accept()
                elif event & select.EPOLLOUT:
                    self._send(self._open[place], b"")
                else:
                    self._receive(self._open[place])
            self._answer_waiting()

    def _accept(self) -> None:
        for _ in range(64):
            try:
                connection, (peer, _) = self.listener.accept()
            except BlockingIOError:
                return
            if not peer.startswith("127."):
                connection.close()
                continue
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open[connection.fileno()] = connection
            self._poll.register(connection, select.EPOLLIN)

    def _receive(self, connection: socket.socket) -> None:
        try:
            # A GET without a body fits one segment of the loopback interface.
            head = connection.recv(65536)
        except OSError:
            head = b""
        if not head.endswith(b"\r\n\r\n"):
            self._close(connection)
            return
        answer = self.pages.answer(head)
        if self.pages.log is None and not self.delay:
            self._send(connection, answer)
        else:
            self._waiting.append((time.monotonic() + self.delay, connection, head, answer))

    def _answer_waiting(self) -> None:
        while self._waiting and self._waiting[0][0] <= time.monotonic():
            due, connection, head, answer = self._waiting.popleft()
            if self.pages.log is not None and not head.startswith(b"GET /-/"):
                host = head.lower().partition(b"\r\nhost: ")[2].partition(b"\r\n")[0].partition(b":")[0]
                self.pages.log.append((host, due - self.delay, time.monotonic()))
            if connection.fileno() >= 0:
                self._send(connection, answer)

    def _send(self, connection: socket.socket, answer: bytes) -> None:
        place = connection.fileno()
        data = self._unsent.pop(place, b"") + answer
        try:
            sent = connection.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._close(connection)
            return
        if sent < len(data):
            self._unsent[place] = data[sent:]
            self._poll.modify(connection, select.EPOLLIN | select.EPOLLOUT)
        elif not answer:  # what had been left is gone now
            self._poll.modify(connection, select.EPOLLIN)

    def _close(self, connection: socket.socket) -> None:
        place = connection.fileno()
        self._open.pop(place, None)
        self._unsent.pop(place, None)
        connection.close()


def serve() -> None:
    parser = argparse.ArgumentParser(description="Serve pages to be visited.")
    parser.add_argument("--small", type=int, default=1, help="how many different small pages")
    parser.add_argument("--large", action="store_true", help="serve large pages too")
    parser.add_argument("--pages", type=Path, help="a folder or tar file of real ones")
    parser.add_argument("--log", action="store_true", help="remember every request's times")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds to hold each answer back")
    options = parser.parse_args()
    large = large_pages(options.pages) if options.large else []
    server = Server(Pages(options.small, large, log=options.log), options.delay)
    print(server.port, flush=True)
    server.run(sys.stdin.fileno())


if __name__ == "__main__":
    serve()
