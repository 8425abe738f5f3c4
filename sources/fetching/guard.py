"""The socket factory: where every connection to the outside is made, and refused."""

from __future__ import annotations

import errno
import socket
from contextvars import ContextVar

from aiohappyeyeballs import AddrInfoType

from .addresses import refusal
from .policy import FetchPolicy

# What was refused in the course of the present request; the client's own error no longer tells.
refusals: ContextVar[list[str] | None] = ContextVar("refusals", default=None)


class GuardedSockets:
    """Makes a socket only for an address that may be dialled.

    Checked here and not on the name, because a name may resolve differently a moment later (DNS rebinding) and
    address literals never reach a resolver.
    """

    def __init__(self, policy: FetchPolicy) -> None:
        self.policy = policy

    def __call__(self, address: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, place = address
        why = refusal(str(place[0]), int(place[1]), ports=self.policy.ports, exemptions=self.policy.exemptions)
        if why:
            known = refusals.get()
            if known is not None:
                known.append(why)
            raise PermissionError(errno.EACCES, f"refused by our rules: {why}")
        return socket.socket(family, kind, protocol)
