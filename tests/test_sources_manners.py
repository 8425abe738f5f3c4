"""What a visit tells a host about us, and how it waits its turn there."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from sources.fetching import Exemptions, Fetched, Request, RobotsRules, fetch_all
from sources.urls import origin_of
from tests.sources_support.fetching import AT, QUICK, allowing, fetch
from tests.sources_support.server import Server, hang, http, page

pytest_plugins = ["tests.sources_support.fixtures"]


def test_cookies_are_neither_kept_nor_sent(server: Server) -> None:
    server["/page"] = http(302, location="/next", set_cookie="id=1; Path=/")
    server["/next"] = page(set_cookie="id=2")
    fetched = fetch(f"{server.url}/page", allowing(server))
    assert all("cookie" not in asked.headers for asked in server.asked)
    assert "id=" not in repr((fetched.headers, fetched.response_headers))


def test_validators_are_not_carried_along_a_redirect(server: Server) -> None:
    server["/page"], server["/next"] = http(302, location="/next"), page()
    known = {origin_of(server.url): RobotsRules(origin_of(server.url), AT, 404)}
    request = Request(1, f"{server.url}/page", etag='"secret"')
    fetch_all([request], allowing(server), known, AT, digest=lambda _, fetched: fetched)
    assert [asked.headers.get("if-none-match") for asked in server.asked] == ['"secret"', None]


def test_we_say_who_we_are(server: Server) -> None:
    server["/page"] = page()
    fetch(f"{server.url}/page", allowing(server, user_agent="claimtrack/1 (+https://desk.example/about/)"))
    assert server.asked[0].headers["user-agent"] == "claimtrack/1 (+https://desk.example/about/)"


@pytest.fixture
def two_pages(server: Server) -> Iterator[Server]:
    server["/a"], server["/b"] = page("a"), page("b")
    yield server


def test_one_host_is_asked_one_page_at_a_time_with_a_pause(two_pages: Server) -> None:
    origin = origin_of(two_pages.url)
    requests = [Request(1, f"{two_pages.url}/a"), Request(2, f"{two_pages.url}/b")]
    policy = allowing(two_pages, host_delay=0.3)
    fetch_all(requests, policy, {origin: RobotsRules(origin, AT, 404)}, AT, digest=lambda _, fetched: fetched)
    first, second = two_pages.asked
    assert second.at - first.at >= 0.3


def test_a_slow_host_does_not_hold_up_others(server: Server) -> None:
    server["/slow"], server["/quick"] = hang(seconds=1), page()
    order: list[int] = []

    def digest(key: int, fetched: Fetched) -> None:
        order.append(key)

    exempt = Exemptions.parse((f"127.0.0.1:{server.port}",))
    known = {f"http://{host}:{server.port}": RobotsRules("", AT, 404) for host in ("127.0.0.1", "localhost")}
    requests = [Request(1, f"http://127.0.0.1:{server.port}/slow"), Request(2, f"http://localhost:{server.port}/quick")]
    fetch_all(requests, dataclasses.replace(QUICK, exemptions=exempt), known, AT, digest=digest)
    assert order == [2, 1]
