"""Looking names up: by the system's resolver, in the event loop's own threads.

uvloop would use four threads for that, and four names whose servers are slow would hold up everybody else's.
"""

from __future__ import annotations

import asyncio
import socket
from functools import partial
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult


async def look_up(host: str, port: int = 0, family: int = socket.AF_UNSPEC) -> list[tuple[Any, ...]]:
    """The system's answer. Raises socket.gaierror."""
    ask = partial(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM)
    return list(await asyncio.get_running_loop().run_in_executor(None, ask))


class Resolver(AbstractResolver):
    """For the HTTP client. What is found is only a proposal: each address is checked when it is dialled (guard)."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [
            ResolveResult(hostname=host, host=str(place[0]), port=int(place[1]), family=kind, proto=proto, flags=flags)
            for kind, _, proto, _, place in await look_up(host, port, family)
        ]

    async def close(self) -> None:
        """Nothing is held open."""
