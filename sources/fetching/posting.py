"""Posting to strangers' addresses: small bodies out, a few bytes of the answer back, under the same guard as fetching.

No redirects, no cookies, no proxies. Plain http only to addresses that the deployment exempts from its rules.
"""

from __future__ import annotations

import asyncio
import dataclasses
import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
import uvloop
from yarl import URL

from sources.urls import UnusableURL, host_of, port_of, validate_url

from .addresses import refusal
from .client import open_session
from .failures import failure_of
from .guard import refusals
from .policy import FetchPolicy

# In seconds: a receiver should answer first and work afterwards.
CONNECT_TIME, WHOLE_TIME = 5.0, 15.0
# Of an answer, what is read at most, and what is handed back.
MAX_ANSWER, KEPT = 64 * 1024, 500
LOOKUPS = 32
PIECE = 8 * 1024


@dataclass(frozen=True)
class Posted:
    """What came back. `status` is None when no HTTP answer arrived; then `error` says why in plain words."""

    status: int | None = None
    # The beginning of the body, at most KEPT characters, fit to be stored and shown.
    answer: str = ""
    error: str = ""
    retry_after: str = ""
    milliseconds: int = 0


def usable_address(url: str, policy: FetchPolicy, *, exempt: Iterable[str] = ()) -> str:
    """The address as it will be dialled. Raises UnusableURL with words for whoever typed it.

    `exempt`: entries `host:port` that may be posted to in clear text and against the address rules. What a name
    resolves to is not asked here but whenever it is dialled.
    """
    url = validate_url(url.strip())
    host, port = host_of(url), port_of(url)
    if policy.exempts(url) or f"{host}:{port}" in {entry.lower() for entry in exempt}:
        return url
    if not url.startswith("https://"):
        raise UnusableURL(
            "Write an address that begins with https://, so that nobody reads or changes what is sent on its way."
        )
    if port not in policy.ports:
        allowed = ", ".join(str(one) for one in sorted(policy.ports))
        raise UnusableURL(f"Port {port} is not one we post to. Use one of these: {allowed}.")
    if _is_address(host) and (why := refusal(host, port, ports=policy.ports, exemptions=policy.exemptions)):
        raise UnusableURL(f"We post only to the public internet: {why}.")
    return url


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


class Poster:
    """A context manager around an event loop in a thread of its own. Leaving it breaks off what is under way."""

    def __init__(self, policy: FetchPolicy) -> None:
        self._policy = policy
        self._timeout = aiohttp.ClientTimeout(total=WHOLE_TIME, sock_connect=CONNECT_TIME)
        self._started = threading.Event()
        self._broken: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="posting", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        if self._broken is not None:
            raise RuntimeError("the posting thread could not start") from self._broken
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Future[Posted]:
        """Begin to send. Nothing the receiver does makes the future raise; it is cancelled when the poster ends."""
        return asyncio.run_coroutine_threadsafe(self._post(url, body, headers), self._loop)

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._serve())
        except BaseException as error:
            self._broken = error
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_default_executor(ThreadPoolExecutor(LOOKUPS, "lookup"))
        # Without any port, nothing but exempt addresses can be dialled: what a name resolves to is checked as well.
        exempt_only = dataclasses.replace(self._policy, ports=frozenset())
        async with open_session(self._policy) as self._secure, open_session(exempt_only) as self._plain:
            self._started.set()
            await self._closing.wait()
            mine = asyncio.current_task()
            others = [task for task in asyncio.all_tasks() if task is not mine]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        started = time.monotonic()
        refused: list[str] = []
        refusals.set(refused)
        try:
            posted = await self._ask(url, body, headers)
        except Exception as error:  # whatever a stranger's server makes the client raise is about this request alone
            why = f"refused by our rules: {refused[0]}" if refused else failure_of(error)[1]
            posted = Posted(error=_storable(why))
        return dataclasses.replace(posted, milliseconds=int((time.monotonic() - started) * 1000))

    async def _ask(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        session = self._secure if url.startswith("https://") else self._plain
        sent = {"User-Agent": self._policy.user_agent, "Accept": "*/*", "Accept-Encoding": "identity", **headers}
        async with session.post(
            URL(validate_url(url), encoded=True), data=body, headers=sent, allow_redirects=False, timeout=self._timeout
        ) as response:
            retry = response.headers.get("Retry-After", "")[:100]
            return Posted(response.status, await _beginning(response), retry_after=retry)


async def _beginning(response: aiohttp.ClientResponse) -> str:
    """The first KEPT characters. The status has said everything that counts: a body that breaks off breaks nothing."""
    read = bytearray()
    try:
        async for piece in response.content.iter_chunked(PIECE):
            read += piece
            if len(read) > MAX_ANSWER:
                response.close()
                break
    except (aiohttp.ClientError, TimeoutError, ValueError):
        response.close()
    return _storable(bytes(read[: 4 * KEPT]).decode("utf-8", "replace"))


def _storable(text: str) -> str:
    """Strangers' text without what cannot be seen or stored (NUL, lone surrogates), cut."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text[:KEPT])


def post_once(url: str, body: bytes, headers: Mapping[str, str], policy: FetchPolicy) -> Posted:
    """Send one request and wait for what comes back. Never raises for anything the receiver does."""
    with Poster(policy) as poster:
        return poster.post(url, body, headers).result()
