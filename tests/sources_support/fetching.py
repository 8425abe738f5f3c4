"""Fetches of single URLs, without a database."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

from sources.fetching import Exemptions, Fetched, FetchPolicy, Request, RobotsRules, fetch_all
from sources.urls import origin_of

from .server import Server

AT = datetime(2026, 1, 1, tzinfo=UTC)
QUICK = FetchPolicy(
    host_delay=0, total_time=3, connect_time=1, read_time=0.5, max_received=200_000, max_decoded=400_000
)


def fetch(url: str, policy: FetchPolicy, *, robots: bool = False) -> Fetched:
    """Fetch one URL; robots.txt counts as read and empty unless `robots`."""
    known: dict[str, RobotsRules] = {}
    if not robots and url.startswith("http"):
        origin = origin_of(url)
        known[origin] = RobotsRules(origin, AT, 404)
    return fetch_all([Request(1, url)], policy, known, AT, digest=lambda _, fetched: fetched)[1]


def allowing(server: Server, policy: FetchPolicy = QUICK, **more: Any) -> FetchPolicy:
    exempt = Exemptions.parse((f"127.0.0.1:{server.port}",))
    return dataclasses.replace(policy, exemptions=exempt, **more)
