"""Fetching one page: under every cap, redirects by hand, each connection checked at the moment it is made."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Any

import aiohttp
import certifi
from yarl import URL

from sources.choices import Outcome
from sources.urls import UnusableURL, host_of, origin_of, port_of, resolve_redirect, validate_url

from .answers import KEPT_HEADERS, NOT_ARCHIVED, Fetched, Hop, Refusal, Request
from .decoding import ACCEPT_ENCODING, CappedDecoder, Undecodable
from .failures import FetchFailed, failure_of
from .guard import GuardedSockets, refusals
from .pace import HostPace
from .policy import FetchPolicy
from .resolver import Resolver, look_up
from .robots import RobotsRules, rules_from_answer
from .stubs import leads_on

REDIRECTS = frozenset({301, 302, 303, 307, 308})
# With these a host asks everybody to come later.
COME_LATER = frozenset({429, 503})
ACCEPT = "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.5"
# Names that exist as long as the DNS does (RFC 2606, IANA); only looked up, never visited.
CONTROL_NAMES = ("example.com", "www.iana.org")
# Whether names can be looked up at all is asked again after this, in seconds.
LOOKUPS_KNOWN_FOR = 20.0
PIECE = 64 * 1024
# Waits until the present visit may ask a host; raises FetchFailed when it may not. None: nobody else asks hosts.
admission: ContextVar[Callable[[str], Awaitable[None]] | None] = ContextVar("admission", default=None)


class _Response(aiohttp.ClientResponse):
    """Remembers who answered: a short answer's connection is given back before anyone can ask it."""

    peer = ""

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        peername = connection.transport.get_extra_info("peername") if connection.transport else None
        self.peer = str(peername[0]).partition("%")[0] if peername else ""
        return await super().start(connection)


def open_session(policy: FetchPolicy) -> aiohttp.ClientSession:
    """The one session of a sweep: no cookies, no proxies, guarded sockets. To be opened inside its event loop."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0, ssl=_trusted(), resolver=Resolver(), socket_factory=GuardedSockets(policy), use_dns_cache=False
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
    """Visits pages within one event loop, keeping each host's pace.

    `robots` holds the rules known per origin; rules that had to be read are put into it. `clock`: the time of a visit.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        robots: MutableMapping[str, RobotsRules],
        clock: Callable[[], datetime],
        session: aiohttp.ClientSession,
    ) -> None:
        self.policy, self.robots, self.clock, self.session = policy, robots, clock, session
        self.pace = HostPace(policy.host_delay)
        self._large = asyncio.Semaphore(policy.large_at_once)
        self._lookup = asyncio.Lock()
        self._resolver_works: tuple[float, bool] | None = None

    async def visit(self, request: Request, *, last: bool = False) -> Fetched:
        """Fetch one page: redirects by hand, robots.txt asked and addresses checked at every one of them. A page that
        only leads on (see stubs) is a redirect.

        `last`: nothing else is wanted of the host, so the connection need not be kept. The body is not decoded yet
        (`decode`). Never raises for a page.
        """
        fetched = Fetched(request.url, final_url=request.url)
        refused: list[str] = []
        refusals.set(refused)
        try:
            await self._follow(request, fetched, last)
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
            if self._resolver_works is None or time.monotonic() - self._resolver_works[0] > LOOKUPS_KNOWN_FOR:
                works = False
                for name in CONTROL_NAMES:
                    with contextlib.suppress(OSError):
                        await look_up(name, 443)
                        works = True
                        break
                self._resolver_works = (time.monotonic(), works)
            return self._resolver_works[1]

    async def _follow(self, request: Request, fetched: Fetched, last: bool) -> None:
        url = validate_url(request.url)
        seen = {url}
        while True:
            fetched.final_url = url
            await self._ask_robots(url, fetched)
            # Validators belong to the address they came from; they are not carried to another.
            conditions = {} if fetched.hops else _conditions(request)
            more = dict(conditions)
            if last:
                more["Connection"] = "close"
            location = await self._get(url, fetched, more, self.policy.max_received)
            if location is None:
                if fetched.status == 304 and not conditions:
                    raise FetchFailed(Outcome.BAD_CONTENT, "the server says “not modified” though we did not ask that")
                location = leads_on(fetched, request.url, request.raw_sha256)
                if not location:
                    return
                fetched.keep_body(b"")  # nothing in it is wanted, as in a redirect's body
            fetched.hops.append(Hop(url, fetched.status or 0))
            try:
                url = resolve_redirect(url, location)
            except UnusableURL as error:
                raise FetchFailed(Outcome.BAD_CONTENT, str(error)) from error
            if url in seen or len(fetched.hops) > self.policy.max_redirects:
                why = "the redirects come back to where they were" if url in seen else "too many redirects"
                raise FetchFailed(Outcome.REDIRECT_LOOP, f"{why}: {url[:200]}")
            seen.add(url)

    async def _ask_robots(self, url: str, fetched: Fetched) -> None:
        origin, at = origin_of(url), self.clock()
        rules = self.robots.get(origin)
        if rules is None or not rules.is_fresh(at):
            rules = await self._read_robots(origin, rules, fetched)
            self.robots[origin] = rules
        if rules.body:
            self.pace.slow_down(host_of(url), rules.crawl_delay(self.policy.robots_token))
        answer = rules.answer(url, self.policy.robots_token, at)
        if answer == "disallowed":
            raise FetchFailed(Outcome.ROBOTS_DISALLOWED, f"{origin}/robots.txt asks us not to visit {url[:300]}")
        if answer == "postponed":
            raise FetchFailed(
                Outcome.RATE_LIMITED,
                f"{origin}/robots.txt cannot be read (status {rules.status}); visit postponed",
            )

    async def _read_robots(self, origin: str, known: RobotsRules | None, page: Fetched) -> RobotsRules:
        """Read robots.txt. A host that cannot be reached at all raises, as the page itself would."""
        url, fetched, at = f"{origin}/robots.txt", Fetched(origin, refusals=page.refusals), self.clock()
        for _ in range(self.policy.max_redirects + 1):
            try:
                location = await self._get(url, fetched, {}, self.policy.max_robots)
                decode(fetched, self.policy)
            except (Undecodable, aiohttp.ClientPayloadError):
                return rules_from_answer(origin, 0, b"", at, known=known)
            if location is None:
                return rules_from_answer(origin, fetched.status or 0, fetched.content, at, known=known)
            try:
                url = resolve_redirect(url, location)
            except UnusableURL:
                break
        return rules_from_answer(origin, 404, b"", at)  # RFC 9309, 2.3.1.2: too many redirects, as if absent

    async def _get(self, url: str, fetched: Fetched, more: Mapping[str, str], cap: int) -> str | None:
        """One request; fills `fetched`. Returns the Location to follow, or None when this is the answer."""
        if port_of(url) not in self.policy.dialled_ports:
            raise FetchFailed(Outcome.POLICY_DENIED, f"port {port_of(url)} is not a web port we visit")
        headers = {
            "User-Agent": self.policy.user_agent, "Accept": ACCEPT, "Accept-Encoding": ACCEPT_ENCODING, **more
        }  # fmt: skip
        if (admitted := admission.get()) is not None:
            await admitted(host_of(url))
        async with self.pace.turn(host_of(url)):
            started = time.monotonic()
            # What is left of the visit's time, redirects and all.
            timeout = aiohttp.ClientTimeout(
                total=max(0.01, self.policy.total_time - fetched.spent),
                sock_connect=self.policy.connect_time,
                sock_read=self.policy.read_time,
            )
            try:
                async with self.session.get(
                    URL(url, encoded=True), headers=headers, allow_redirects=False, timeout=timeout
                ) as response:
                    return await self._take(response, url, fetched, cap)
            finally:
                fetched.spent += time.monotonic() - started

    async def _take(self, response: aiohttp.ClientResponse, url: str, fetched: Fetched, cap: int) -> str | None:
        assert isinstance(response, _Response)
        # A reason is ASCII, or it could not stand in the archive's status line.
        fetched.status, fetched.reason = response.status, (response.reason or "").encode("ascii", "replace").decode()
        fetched.request_headers = list(response.request_info.headers.items())
        fetched.response_headers = [
            (_readable(name), _readable(value))
            for name, value in response.headers.items()
            if name.lower() not in NOT_ARCHIVED
        ]
        fetched.headers = {
            name.lower(): value[:1000]
            for name, value in reversed(fetched.response_headers)
            if name.lower() in KEPT_HEADERS
        }
        fetched.peer = response.peer
        if response.status in COME_LATER:
            fetched.refusals.append(Refusal(host_of(url), fetched.headers.get("retry-after", "")))
        location = response.headers.get("location")
        if response.status in REDIRECTS and location:
            response.close()  # nothing in a redirect's body is wanted
            return _readable(location)
        fetched.keep_body(b"" if response.status == 304 else await self._body(response, fetched, cap))
        return None

    async def _body(self, response: aiohttp.ClientResponse, fetched: Fetched, cap: int) -> bytes:
        body = bytearray()
        async with contextlib.AsyncExitStack() as places:
            async for piece in response.content.iter_chunked(PIECE):
                if len(body) <= self.policy.large < len(body) + len(piece):
                    await self._take_large_place(places)
                body += piece
                if len(body) > cap:
                    del body[cap:]
                    fetched.truncated = True
                    response.close()
                    break
        return bytes(body)

    async def _take_large_place(self, places: contextlib.AsyncExitStack) -> None:
        try:
            await asyncio.wait_for(self._large.acquire(), self.policy.large_wait)
        except TimeoutError as error:
            raise FetchFailed(Outcome.INTERNAL_ERROR, "too many large pages at once; tried again later") from error
        places.callback(self._large.release)


def _readable(text: str) -> str:
    """A header as text that can be written down: what is not UTF-8 is taken as Latin-1 (RFC 9110, 5.5)."""
    try:
        text.encode()
    except UnicodeEncodeError:  # the client hands such bytes on as lone surrogates
        return text.encode("utf-8", "surrogateescape").decode("latin-1")
    return text


def decode(fetched: Fetched, policy: FetchPolicy) -> None:
    """Undo the body's Content-Encoding under the cap: `content`. Raises Undecodable."""
    decoder = CappedDecoder(fetched.headers.get("content-encoding", "") if fetched.body else "", policy.max_decoded)
    for start in range(0, len(fetched.body), PIECE):
        decoder.feed(fetched.body[start : start + PIECE])
        if decoder.full:
            fetched.truncated = True
            break
    else:
        if not fetched.truncated:
            decoder.finish()
    fetched.content = bytes(decoder.decoded)


def _conditions(request: Request) -> dict[str, str]:
    conditions = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value for name, value in conditions.items() if value}
