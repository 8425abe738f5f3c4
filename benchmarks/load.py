"""Servers and the load on them: granian as in production, and keep-alive connections that read every byte."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

CONNECTIONS = 4
THREADS = "4"


@contextmanager
def serving(application: str, environment: Mapping[str, str]) -> Iterator[int]:
    """A granian of one process on a free port, which is yielded once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", THREADS, "--no-ws", "--log-level", "error"]
    command += ["--blocking-threads-idle-timeout", "600", application]
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode} before it answered")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer within 30 s")


def fetch(port: int, path: str, *, headers: str = "") -> tuple[int, dict[str, str], bytes]:
    """Status, headers (lower-case names) and body of one request."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(_request(port, path, headers))
        return _read(connection)


def requests_per_second(
    port: int, path: str | Sequence[str], *, seconds: float, headers: str = "", status: int = 200
) -> float:
    """Over CONNECTIONS connections at once, each path in its turn; RuntimeError when an answer has another status.

    Each connection begins at another of the paths, so that no two ask for the same one at a time.
    """
    requests = [_request(port, each, headers) for each in ([path] if isinstance(path, str) else path)]
    done: list[int] = []
    wrong: list[int] = []
    end = time.perf_counter() + seconds

    def ask(number: int) -> None:
        count, begin = 0, number * len(requests) // CONNECTIONS
        with socket.create_connection(("127.0.0.1", port)) as connection:
            while time.perf_counter() < end:
                connection.sendall(requests[(begin + count) % len(requests)])
                answered = _skim(connection)
                if answered != status:
                    wrong.append(answered)
                    return
                count += 1
        done.append(count)

    threads = [threading.Thread(target=ask, args=[number]) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"{path} answered {wrong[0]} instead of {status}")
    return sum(done) / seconds


def _request(port: int, path: str, headers: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n".encode()


def _read(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
    parts, missing = [body], int(headers.get("content-length", 0)) - len(body)
    while missing > 0:
        parts.append(_some(connection))
        missing -= len(parts[-1])
    return int(lines[0].split()[1]), headers, b"".join(parts)


def _skim(connection: socket.socket) -> int:
    """As _read(), for its status alone: the less the load costs, the less it hides of what is measured."""
    received = _some(connection)
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += _some(connection)
    head = received[:end].lower() + b"\r\n"
    _, found, length = head.partition(b"\r\ncontent-length: ")
    missing = (int(length.partition(b"\r\n")[0]) if found else 0) - (len(received) - end - 4)
    while missing > 0:
        missing -= len(_some(connection))
    return int(head[9:12])


def _some(connection: socket.socket) -> bytes:
    received = connection.recv(1 << 18)
    if not received:
        raise RuntimeError("the server closed the connection in the middle of an answer")
    return received
