"""Every known way of making a fetcher visit what it must not, each against a loopback canary."""

from __future__ import annotations

import asyncio
import dataclasses
import ipaddress
import socket
from typing import Any

import pytest

from sources.choices import Outcome
from sources.fetching import Exemptions, FetchPolicy, Request, fetch_all, refusal
from sources.fetching.addresses import DENIED_IPV4, DENIED_IPV6
from tests.sources_support.fetching import AT, QUICK, allowing, fetch
from tests.sources_support.server import Canary, Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]
WEB = frozenset({80, 443})
NONE = Exemptions()


# One address of every class that must be refused.
REFUSED = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.1.2.3 127.255.255.255
168.63.129.16 169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1
192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:169.254.169.254 ::ffff:10.0.0.1 64:ff9b::7f00:1
64:ff9b:1::7f00:1 100::1 2001::1 2001:0:7f00:1:: 2001:1ff::1 2001:db8::1 2002:7f00:1:: 2002:a00:1:: 3fff::1
3fff:fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 febf::1 fec0::1 ff02::1 4000::1 1fff::1
""".split()  # noqa: SIM905
ALLOWED = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 168.63.129.15
168.63.129.17 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.167.255.255 192.169.0.0
198.17.255.255 198.20.0.0 223.255.255.255 ::ffff:8.8.8.8 2001:200::1 2001:4860:4860::8888 2003::1 2606:4700::1111
2a00:1450::1 3ffe::1 3fff:1000::1
""".split()  # noqa: SIM905


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_on_the_public_internet_is_refused(address: str) -> None:
    assert refusal(address, 80, ports=WEB, exemptions=NONE)


@pytest.mark.parametrize("address", ALLOWED)
def test_a_public_address_is_allowed(address: str) -> None:
    assert refusal(address, 443, ports=WEB, exemptions=NONE) is None


@pytest.mark.parametrize("network", [str(network) for network, _ in (*DENIED_IPV4, *DENIED_IPV6)])
def test_every_row_of_the_table_refuses_its_first_and_last_address(network: str) -> None:
    parsed = ipaddress.ip_network(network)
    assert refusal(str(parsed[0]), 80, ports=WEB, exemptions=NONE)
    assert refusal(str(parsed[-1]), 80, ports=WEB, exemptions=NONE)


@pytest.mark.parametrize("port", [0, 22, 25, 6379, 5432, 8080, 8443, 65535])
def test_a_port_that_is_no_web_port_is_refused(port: int) -> None:
    assert refusal("1.1.1.1", port, ports=WEB, exemptions=NONE)


def test_an_exemption_holds_for_its_network_and_port_and_nothing_else() -> None:
    exempt = Exemptions.parse(("127.0.0.0/8:8001", "[::1]:9000"))
    assert refusal("127.9.9.9", 8001, ports=WEB, exemptions=exempt) is None
    assert refusal("::ffff:127.0.0.1", 8001, ports=WEB, exemptions=exempt) is None
    assert refusal("::1", 9000, ports=WEB, exemptions=exempt) is None
    assert refusal("127.0.0.1", 8002, ports=WEB, exemptions=exempt)
    assert refusal("10.0.0.1", 8001, ports=WEB, exemptions=exempt)


def test_an_exemption_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        Exemptions.parse(("nonsense",))


# Spellings of loopback, {port} being the canary's.
SPELLINGS = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0.0.0.0", "0",
    "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "localhost", "localhost.", "LOCALHOST",
    "127.0.0.1.", "127.9.9.9", "①②⑦.⓪.⓪.①", "127。0。0。1", "user@127.0.0.1", "example.org@127.0.0.1",
]  # fmt: skip


@pytest.fixture
def open_ports(canary: Canary) -> FetchPolicy:
    """Port rules out of the way, so that only the address rules protect the canary."""
    return dataclasses.replace(QUICK, ports=frozenset({canary.port}))


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_loopback_reaches_it(host: str, canary: Canary, open_ports: FetchPolicy) -> None:
    fetched = fetch_all(
        [Request(1, f"http://{host}:{canary.port}/secret")], open_ports, {}, AT, digest=lambda _, answer: answer
    )[1]
    assert fetched.failure == Outcome.POLICY_DENIED
    assert (canary.connections, canary.bytes) == (0, 0)


@pytest.mark.parametrize(
    "location",
    [f"http://{host}:{{port}}/secret" for host in SPELLINGS]
    + [
        "//127.0.0.1:{port}/", "http://example.org\\@127.0.0.1:{port}/", "http://127.0.0.1:{port}\\.example.org/",
        "http:\\\\127.0.0.1:{port}/", "file:///etc/passwd", "gopher://127.0.0.1:{port}/", "ftp://127.0.0.1:{port}/",
        "http://127.0.0.1:{port}/#@example.org/", "javascript:alert(1)", "data:text/html,x",
    ],
)  # fmt: skip
def test_no_redirect_reaches_loopback(location: str, server: Server, canary: Canary) -> None:
    server["/page"] = http(302, location=location.format(port=canary.port))
    policy = allowing(server, ports=frozenset({canary.port}))
    fetched = fetch(f"{server.url}/page", policy)
    assert fetched.failure in (Outcome.POLICY_DENIED, Outcome.BAD_CONTENT)
    assert (canary.connections, canary.bytes) == (0, 0)


def test_a_redirect_s_header_cannot_smuggle_a_second_request(server: Server, canary: Canary) -> None:
    location = f"http://127.0.0.1:{canary.port}/\tHTTP/1.1\thost:x"
    server["/page"] = http(302, location=location)
    assert fetch(f"{server.url}/page", allowing(server)).failure
    assert canary.connections == 0


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """Names as a stranger's DNS answers them: one list of addresses per look-up, the last for ever."""
    answers: dict[str, list[list[str]]] = {}

    async def getaddrinfo(_: Any, host: Any, port: Any, **more: Any) -> list[Any]:
        queue = answers[str(host).rstrip(".")]
        addresses = queue.pop(0) if len(queue) > 1 else queue[0]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return answers


# 192.0.2.1 stands for a public address here: it is exempted, and nothing answers there.
@pytest.mark.parametrize(
    "lookups",
    [
        [["127.0.0.1"]],
        [["::1"]],
        [["::ffff:127.0.0.1"]],
        [["127.0.0.1", "192.0.2.1"]],
        [["192.0.2.1", "127.0.0.1"]],
        [["192.0.2.1"], ["127.0.0.1"]],
        [["192.0.2.1"], ["192.0.2.1"], ["127.0.0.1"]],
        [["192.0.2.1"], ["192.0.2.1"], ["192.0.2.1"], ["127.0.0.1"]],
    ],
)
def test_no_name_leads_to_loopback_whatever_its_lookups_say(
    lookups: list[list[str]], names: dict[str, list[list[str]]], canary: Canary
) -> None:
    names["looks-public.example"] = lookups
    policy = dataclasses.replace(
        QUICK, ports=frozenset({canary.port}), connect_time=0.2,
        exemptions=Exemptions.parse((f"192.0.2.1:{canary.port}",)),
    )  # fmt: skip
    for _ in range(4):
        assert fetch(f"http://looks-public.example:{canary.port}/", policy, robots=True).failure
    assert (canary.connections, canary.bytes) == (0, 0)


def test_the_name_rebound_after_a_redirect_is_checked_again(
    names: dict[str, list[list[str]]], server: Server, canary: Canary
) -> None:
    names["rebinds.example"] = [["127.0.0.1"]]
    server["/page"] = http(302, location=f"http://rebinds.example:{canary.port}/")
    fetched = fetch(f"{server.url}/page", allowing(server, ports=frozenset({canary.port})))
    assert fetched.failure == Outcome.POLICY_DENIED
    assert canary.connections == 0


def test_proxies_of_the_environment_are_not_used(
    server: Server, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    server["/page"] = page()
    assert fetch(f"{server.url}/page", allowing(server)).status == 200
    assert canary.connections == 0
