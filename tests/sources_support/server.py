"""A raw-socket web server: what it answers, byte for byte, is the test's choice, so it can break every rule of HTTP."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time

from .answers import Answer, Asked, bomb, drip, hang, http, page, with_etag
from .routes import builtin

__all__ = ["Answer", "Asked", "Canary", "Server", "TlsServer", "bomb", "drip", "hang", "http", "page", "with_etag"]

TLS_HANDSHAKE = b"\x16\x03"


class Server:
    """Listens on an own port; `server["/path"] = answer`, asked requests in `server.asked`; else routes.py."""

    scheme = "http"

    def __init__(self, address: str = "127.0.0.1", *, beside: int = 0) -> None:
        """`beside`: the port of a canary that listens everywhere; the narrower address wins."""
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self._closing = threading.Event()
        self._socket = socket.create_server((address, beside), backlog=128, reuse_port=bool(beside))
        self.address, self.port = address, self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.address}:{self.port}"

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
        with contextlib.suppress(OSError), connection:
            connection.settimeout(10)
            self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(65536)
            if not piece:
                return
            head += piece
            if head.startswith(TLS_HANDSHAKE):
                connection.sendall(http(400, "This is no HTTPS."))
                return
        lines = head.decode("latin-1").split("\r\n")
        asked = Asked(
            lines[0].split(" ")[1],
            {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)},
        )
        self.asked.append(asked)
        answer = self.answers.get(asked.path)
        if answer is None:
            answer = builtin(asked.path)
        if answer is None:
            answer = http(404, "nothing here")
        reply = answer(asked, connection) if callable(answer) else answer
        if reply:
            connection.sendall(reply)


class TlsServer(Server):
    """The same behind TLS, with this certificate and key."""

    scheme = "https"

    def __init__(self, context: ssl.SSLContext, address: str = "127.0.0.1") -> None:
        self._context = context
        super().__init__(address)

    def _converse(self, connection: socket.socket) -> None:
        with self._context.wrap_socket(connection, server_side=True) as secured:
            super()._converse(secured)


class Canary:
    """A loopback service nobody may reach: keeps every byte that arrives."""

    def __init__(self, address: str = "127.0.0.1", port: int = 0, *, everywhere: bool = False) -> None:
        """`everywhere`: on all addresses of this machine, IPv6 too where there is any; `Server(beside=…)` may take
        one of them away."""
        self.connections = 0
        self.received = bytearray()
        if not everywhere:
            self._socket = socket.create_server((address, port))
        elif socket.has_dualstack_ipv6():
            self._socket = socket.create_server(
                ("::", port), family=socket.AF_INET6, dualstack_ipv6=True, reuse_port=True
            )
        else:
            self._socket = socket.create_server(("", port), reuse_port=True)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def bytes(self) -> int:
        return len(self.received)

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._keep, args=(connection,), daemon=True).start()

    def _keep(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(1)
            while piece := connection.recv(65536):
                self.received += piece

    def settle(self, seconds: float = 0.05) -> None:
        """Give what is on its way the time to arrive; loopback needs microseconds."""
        time.sleep(seconds)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
