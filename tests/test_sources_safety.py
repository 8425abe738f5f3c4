"""Which addresses and ports may be dialled, row by row of the table."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from sources.fetching import Exemptions, FetchPolicy, refusal
from sources.fetching.addresses import DENIED_IPV4, DENIED_IPV6
from tests.sources_support.fetching import allowing, fetch
from tests.sources_support.server import Canary, Server, page

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


def test_a_deployment_may_open_the_two_other_web_ports(settings: Any) -> None:
    settings.FETCH_EXTRA_PORTS = [8080]
    ports = FetchPolicy.from_settings().ports
    assert ports == {80, 443, 8080}
    assert refusal("1.1.1.1", 8080, ports=ports, exemptions=NONE) is None
    assert refusal("127.0.0.1", 8080, ports=ports, exemptions=NONE)


def test_proxies_of_the_environment_are_not_used(
    server: Server, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    server["/page"] = page()
    assert fetch(f"{server.url}/page", allowing(server)).status == 200
    assert canary.connections == 0
