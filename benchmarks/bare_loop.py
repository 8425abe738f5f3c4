"""The limit: the same HTTP client in a loop that keeps nothing. Reads addresses, prints seconds taken.

    python -m benchmarks.bare_loop < addresses      # "URL<tab>ETag" a line; no ETag: asked without conditions

As many requests at once as our fetcher makes, one connection kept per host, each body read and hashed.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
import time

import aiohttp

# sources.fetching.policy.FetchPolicy.connections
AT_ONCE = 32


async def fetch_all(pages: list[tuple[str, str]]) -> float:
    """Seconds it took to visit all pages."""
    waiting = iter(pages)

    async def fetch_rest(session: aiohttp.ClientSession) -> None:
        for url, etag in waiting:
            async with session.get(url, headers={"If-None-Match": etag} if etag else {}) as response:
                if response.status != (304 if etag else 200):
                    sys.exit(f"{url} answered {response.status}")
                hashlib.sha256(await response.read()).hexdigest()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        started = time.perf_counter()
        await asyncio.gather(*(fetch_rest(session) for _ in range(AT_ONCE)))
        return time.perf_counter() - started


def run() -> None:
    lines = (line.rstrip("\n").partition("\t") for line in sys.stdin)
    pages = [(url, etag) for url, _, etag in lines]
    print(asyncio.run(fetch_all(pages)))


if __name__ == "__main__":
    run()
