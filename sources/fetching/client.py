"""Fetching many pages at once, each under every cap, each connection checked at the moment it is made."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import aiohttp
import certifi
from yarl import URL

from sources.choices import Outcome
from sources.urls import UnusableURL, host_of, origin_of, port_of, resolve_redirect, validate_url

from .answers import KEPT_HEADERS, NOT_ARCHIVED, Fetched, Hop, Request
from .decoding import ACCEPT_ENCODING, CappedDecoder, Undecodable
from .failures import FetchFailed, failure_of
from .guard import GuardedSockets, refusals
from .pace import HostPace
from .policy import FetchPolicy
from .robots import RobotsRules, rules_from_answer

REDIRECTS = frozenset({301, 302, 303, 307, 308})
T = TypeVar("T")
ACCEPT = "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.5"
# Names that exist as long as the DNS does (RFC 2606, IANA); only looked up, never visited.
CONTROL_NAMES = ("example.com", "www.iana.org")
PIECE = 64 * 1024


class _Response(aiohttp.ClientResponse):
    """Remembers who answered: a short answer's connection is given back before anyone can ask it."""

    peer = ""

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        peername = connection.transport.get_extra_info("peername") if connection.transport else None
        self.peer = str(peername[0]).partition("%")[0] if peername else ""
        return await super().start(connection)


def fetch_all(
    requests: Sequence[Request],
    policy: FetchPolicy,
    robots: dict[str, RobotsRules],
    at: datetime,
    *,
    digest: Callable[[int, Fetched], T],
) -> dict[int, T]:
    """Visit every page, hosts at the same time and each host's pages one after the other. Never raises for a page.

    `robots` holds the rules known per origin; rules that had to be read are put into it. `digest` makes of each
    answer what is to be kept of it, in a thread and as soon as it is there, so that bodies do not pile up in memory.
    """
    return asyncio.run(_fetch_all(requests, policy, robots, at, digest))


async def _fetch_all(
    requests: Sequence[Request],
    policy: FetchPolicy,
    robots: dict[str, RobotsRules],
    at: datetime,
    digest: Callable[[int, Fetched], T],
) -> dict[int, T]:
    by_host: dict[str, list[Request]] = {}
    for request in requests:
        by_host.setdefault(host_of(request.url), []).append(request)
    answers: dict[int, T] = {}
    # Not the connector's limit: waiting there would eat into a page's own time.
    slots = asyncio.Semaphore(policy.connections)
    async with _session(policy) as session:
        visitor = Visitor(policy, robots, at, session)

        async def visit_host(queue: Sequence[Request]) -> None:
            for request in queue:
                async with slots:
                    fetched = await visitor.visit(request)
                    answers[request.key] = await asyncio.to_thread(digest, request.key, fetched)

        await asyncio.gather(*(visit_host(queue) for queue in by_host.values()))
    return answers


def _session(policy: FetchPolicy) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0, ssl=_trusted(), socket_factory=GuardedSockets(policy), use_dns_cache=False
        ),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        max_field_size=policy.max_header_line,
        max_headers=policy.max_headers,
        max_line_size=policy.max_header_line,
        response_class=_Response,
        trust_env=False,
    )


@cache
def _trusted() -> ssl.SSLContext:
    """The system's certificate authorities and Mozilla's; reading them takes longer than many a page."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class Visitor:
    """Visits pages within one event loop, keeping each host's pace."""

    def __init__(
        self,
        policy: FetchPolicy,
        robots: dict[str, RobotsRules],
        at: datetime,
        session: aiohttp.ClientSession,
    ) -> None:
        self.policy, self.robots, self.at, self.session = policy, robots, at, session
        self.pace = HostPace(policy.host_delay)
        self._lookup = asyncio.Lock()
        self._resolver_works: bool | None = None

    async def visit(self, request: Request) -> Fetched:
        """Fetch one page: redirects by hand, robots.txt asked and addresses checked at every one of them."""
        fetched = Fetched(request.url, final_url=request.url)
        refused: list[str] = []
        refusals.set(refused)
        try:
            await self._follow(request, fetched)
        except Exception as error:  # whatever a stranger's server makes the client raise is about that page alone
            fetched.failure, fetched.error = failure_of(error)
            if refused:
                fetched.failure, fetched.error = Outcome.POLICY_DENIED, f"refused by our rules: {refused[0]}"
            if fetched.failure == Outcome.DNS_NXDOMAIN and not await self._names_resolve():
                fetched.failure, fetched.error = Outcome.DNS_TEMPORARY, "no name can be looked up from here just now"
        return fetched

    async def _names_resolve(self) -> bool:
        """Whether look-ups work at all: many a resolver without internet says "no such domain" to everything."""
        async with self._lookup:
            if self._resolver_works is None:
                self._resolver_works = False
                for name in CONTROL_NAMES:
                    with contextlib.suppress(OSError):
                        await asyncio.get_running_loop().getaddrinfo(name, 443)
                        self._resolver_works = True
                        break
            return self._resolver_works

    async def _follow(self, request: Request, fetched: Fetched) -> None:
        url = validate_url(request.url)
        seen = {url}
        while True:
            fetched.final_url = url
            await self._ask_robots(url)
            # Validators belong to the address they came from; they are not carried to another.
            location = await self._get(
                url, fetched, {} if fetched.hops else _conditions(request), self.policy.max_received
            )
            if location is None:
                return
            fetched.hops.append(Hop(url, fetched.status or 0))
            try:
                url = resolve_redirect(url, location)
            except UnusableURL as error:
                raise FetchFailed(Outcome.BAD_CONTENT, str(error)) from error
            if url in seen or len(fetched.hops) > self.policy.max_redirects:
                why = "the redirects come back to where they were" if url in seen else "too many redirects"
                raise FetchFailed(Outcome.REDIRECT_LOOP, f"{why}: {url[:200]}")
            seen.add(url)

    async def _ask_robots(self, url: str) -> None:
        origin = origin_of(url)
        rules = self.robots.get(origin)
        if rules is None or not rules.is_fresh(self.at):
            rules = await self._read_robots(origin, rules)
            self.robots[origin] = rules
        answer = rules.answer(url, self.policy.robots_token, self.at)
        if answer == "disallowed":
            raise FetchFailed(Outcome.ROBOTS_DISALLOWED, f"{origin}/robots.txt asks us not to visit {url[:300]}")
        if answer == "postponed":
            raise FetchFailed(
                Outcome.RATE_LIMITED,
                f"{origin}/robots.txt cannot be read (status {rules.status}); visit postponed",
            )

    async def _read_robots(self, origin: str, known: RobotsRules | None) -> RobotsRules:
        """Read robots.txt. A host that cannot be reached at all raises, as the page itself would."""
        url, fetched = f"{origin}/robots.txt", Fetched(origin)
        for _ in range(self.policy.max_redirects + 1):
            try:
                location = await self._get(url, fetched, {}, self.policy.max_robots)
            except (Undecodable, aiohttp.ClientPayloadError):
                return rules_from_answer(origin, 0, b"", self.at, known=known)
            if location is None:
                return rules_from_answer(origin, fetched.status or 0, fetched.content, self.at, known=known)
            try:
                url = resolve_redirect(url, location)
            except UnusableURL:
                break
        return rules_from_answer(origin, 404, b"", self.at)  # RFC 9309, 2.3.1.2: too many redirects, as if absent

    async def _get(self, url: str, fetched: Fetched, conditions: Mapping[str, str], cap: int) -> str | None:
        """One request; fills `fetched`. Returns the Location to follow, or None when this is the answer."""
        if port_of(url) not in self.policy.ports | self.policy.exemptions.ports():
            raise FetchFailed(Outcome.POLICY_DENIED, f"port {port_of(url)} is not a web port we visit")
        headers = {
            "User-Agent": self.policy.user_agent, "Accept": ACCEPT, "Accept-Encoding": ACCEPT_ENCODING, **conditions
        }  # fmt: skip
        async with (
            self.pace.turn(host_of(url)),
            self._timed(fetched) as timeout,
            self.session.get(
                URL(url, encoded=True), headers=headers, allow_redirects=False, timeout=timeout
            ) as response,
        ):
            assert isinstance(response, _Response)
            fetched.status, fetched.reason = response.status, response.reason or ""
            fetched.request_headers = list(response.request_info.headers.items())
            fetched.response_headers = [
                (name, value) for name, value in response.headers.items() if name.lower() not in NOT_ARCHIVED
            ]
            fetched.headers = {
                name: value[:1000] for name in KEPT_HEADERS if (value := response.headers.get(name)) is not None
            }
            fetched.peer = response.peer
            location = response.headers.get("location")
            if response.status in REDIRECTS and location:
                response.close()  # nothing in a redirect's body is wanted
                return location
            if response.status != 304:
                await self._read(response, fetched, cap)
            return None

    @asynccontextmanager
    async def _timed(self, fetched: Fetched) -> AsyncIterator[aiohttp.ClientTimeout]:
        """What is left of the visit's time, redirects and all."""
        started = time.monotonic()
        try:
            yield aiohttp.ClientTimeout(
                total=max(0.01, self.policy.total_time - fetched.spent),
                sock_connect=self.policy.connect_time,
                sock_read=self.policy.read_time,
            )
        finally:
            fetched.spent += time.monotonic() - started

    async def _read(self, response: aiohttp.ClientResponse, fetched: Fetched, cap: int) -> None:
        decoder = CappedDecoder(fetched.headers.get("content-encoding", ""), self.policy.max_decoded)
        body = bytearray()
        async for piece in response.content.iter_chunked(PIECE):
            body += piece
            cut = len(body) > cap
            if cut:
                piece = piece[: len(piece) - (len(body) - cap)]
                del body[cap:]
            decoder.feed(piece)
            if cut or decoder.full:
                fetched.truncated = True
                response.close()
                break
        else:
            decoder.finish()
        fetched.body, fetched.content = bytes(body), bytes(decoder.decoded)


def _conditions(request: Request) -> dict[str, str]:
    conditions = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value for name, value in conditions.items() if value}
