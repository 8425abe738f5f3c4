"""Which outcome an error of the connection stands for. One table, read from the top."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Callable, Iterator

import aiohttp

from sources.choices import Outcome
from sources.urls import UnusableURL

from .decoding import Undecodable


class FetchFailed(Exception):
    """A visit ended without an answer to classify; carries its outcome and the reason in plain words."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


def _os_error(*numbers: int) -> Callable[[BaseException], bool]:
    return lambda error: any(isinstance(e, OSError) and e.errno in numbers for e in _chain(error))


def _any(*kinds: type[BaseException]) -> Callable[[BaseException], bool]:
    return lambda error: any(isinstance(e, kinds) for e in _chain(error))


def _lookup(*numbers: int) -> Callable[[BaseException], bool]:
    return lambda error: any(isinstance(e, socket.gaierror) and e.errno in numbers for e in _chain(error))


# (does the error look like this?, outcome, in plain words; "" = the error's own words)
TABLE: tuple[tuple[Callable[[BaseException], bool], Outcome, str], ...] = (
    (_any(UnusableURL), Outcome.POLICY_DENIED, ""),
    (_os_error(errno.EACCES), Outcome.POLICY_DENIED, ""),
    # EAI_NODATA (the name exists without an address) is not in every platform's socket module.
    (_lookup(socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)), Outcome.DNS_NXDOMAIN,
     "the domain does not exist"),
    (_any(socket.gaierror), Outcome.DNS_TEMPORARY, "the name could not be looked up just now"),
    (_any(ssl.SSLError, ssl.CertificateError, aiohttp.ClientSSLError), Outcome.TLS_ERROR, ""),
    # No route from here: our network, not their page.
    (_os_error(errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EMFILE, errno.ENFILE), Outcome.INTERNAL_ERROR, ""),
    (_os_error(errno.EHOSTUNREACH, errno.ETIMEDOUT), Outcome.CONNECT_TIMEOUT, "the host could not be reached"),
    (_any(aiohttp.ConnectionTimeoutError), Outcome.CONNECT_TIMEOUT, "no answer to our connection attempt in time"),
    (_any(TimeoutError), Outcome.READ_TIMEOUT, "the answer did not arrive in time"),
    (_any(Undecodable), Outcome.BAD_CONTENT, ""),
    (_any(aiohttp.ClientPayloadError), Outcome.BAD_CONTENT, "the answer broke off"),
    (_any(aiohttp.ClientResponseError), Outcome.BAD_CONTENT, "the answer is not proper HTTP"),
    (_any(aiohttp.ServerDisconnectedError), Outcome.REFUSED, "the server broke the connection off"),
    (_any(ConnectionError, aiohttp.ClientConnectionError), Outcome.REFUSED, "the connection was refused"),
    (_any(aiohttp.InvalidURL, ValueError), Outcome.BAD_CONTENT, ""),
)  # fmt: skip


def failure_of(error: BaseException) -> tuple[Outcome, str]:
    """The outcome an error stands for, and why in plain words. Unknown errors are our own."""
    if isinstance(error, FetchFailed):
        return error.outcome, str(error)
    for looks_like, outcome, words in TABLE:
        if looks_like(error):
            return outcome, words or str(error) or type(error).__name__
    return Outcome.INTERNAL_ERROR, f"{type(error).__name__}: {error}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it, as far as it is known."""
    known: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in known:
            continue
        known.add(id(current))
        yield current
        waiting += [current.__cause__, current.__context__, getattr(current, "os_error", None)]
