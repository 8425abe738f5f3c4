"""Which addresses may be dialled. Asked for every connection with the address actually dialled.

An explicit table, because `ipaddress.is_global` and `is_private` let special ranges through and differ between
Python patch levels. Sources: the IANA special-purpose address registries (RFC 6890 and its successors).
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Every IPv4 range that is no place on the public internet.
DENIED_IPV4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), why)
    for network, why in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud platform service (Azure)"),
        ("169.254.0.0/16", "link-local, cloud metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments, cloud metadata"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved, broadcast"),
    )
)
# IPv6 the other way round: only what IANA has given out as global unicast …
ALLOWED_IPV6 = IPv6Network("2000::/3")
# … without the parts of it that are special or that wrap an IPv4 address.
DENIED_IPV6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), why)
    for network, why in (
        ("2001::/23", "protocol assignments, Teredo"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
    )
)


@dataclass(frozen=True)
class Exemptions:
    """The places a deployment allows although the rules forbid them; each is for one port."""

    networks: tuple[tuple[Network, int], ...] = ()

    @classmethod
    def parse(cls, entries: tuple[str, ...]) -> Exemptions:
        """From `host:port` or `CIDR:port` entries, IPv6 in brackets; names are looked up when read.

        Raises ValueError naming the entry that cannot be read.
        """
        networks: list[tuple[Network, int]] = []
        for entry in entries:
            host, _, port = entry.rpartition(":")
            host = host.replace("[", "").replace("]", "")
            try:
                number = int(port)
                networks.extend((network, number) for network in _networks(host))
            except ValueError as error:
                raise ValueError(f"“{entry}” is not host:port or CIDR:port.") from error
        return cls(tuple(networks))

    def cover(self, address: Address, port: int) -> bool:
        """Whether the address and port are exempt."""
        return any(port == allowed and address in network for network, allowed in self.networks)

    def ports(self) -> frozenset[int]:
        """Every port some exemption is for."""
        return frozenset(port for _, port in self.networks)


@lru_cache(maxsize=256)
def _networks(host: str) -> tuple[Network, ...]:
    try:
        return (ip_network(host, strict=False),)
    except ValueError:
        if not host or "/" in host:
            raise
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except OSError:
        return ()  # unknown just now: nothing is exempt
    return tuple(ip_network(address) for address in sorted(found))


def refusal(address: str, port: int, *, ports: frozenset[int], exemptions: Exemptions) -> str | None:
    """Why a connection to this address and port is refused; None when it may be made."""
    try:
        parsed: Address = ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is not an address"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if exemptions.cover(parsed, port):
        return None
    if port not in ports:
        return f"port {port} is not a web port we visit"
    why = _denied(parsed)
    return f"{parsed} is not on the public internet ({why})" if why else None


def _denied(address: Address) -> str | None:
    if isinstance(address, IPv4Address):
        return next((why for network, why in DENIED_IPV4 if address in network), None)
    if address not in ALLOWED_IPV6:
        return "not global unicast"
    return next((why for network, why in DENIED_IPV6 if address in network), None)
