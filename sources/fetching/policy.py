"""How we visit strangers: who we say we are, what may be dialled, and every cap. One table."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address

from django.conf import settings

from sources.urls import host_of, port_of

from .addresses import Exemptions

MIB = 1024 * 1024


@dataclass(frozen=True)
class FetchPolicy:
    """All limits of one visit. Sizes in bytes, times in seconds."""

    user_agent: str = "claimtrack"
    ports: frozenset[int] = frozenset({80, 443})
    exemptions: Exemptions = field(default_factory=Exemptions)
    # At least this long between the end of one request and the start of the next to the same host.
    host_delay: float = 1.0
    max_redirects: int = 5
    # One visit, redirects and all; a page dripping in slower than this is a time-out.
    total_time: float = 45.0
    connect_time: float = 10.0
    # Between two pieces of an answer.
    read_time: float = 20.0
    max_received: int = 10 * MIB
    # After decompression: 1 MiB of gzip can hold 1 GiB.
    max_decoded: int = 20 * MIB
    # RFC 9309, 2.5: at least 500 KiB of a robots.txt must be read.
    max_robots: int = MIB // 2
    max_header_line: int = 8190
    max_headers: int = 128
    # Visits in flight at once, over all hosts. A visit to a far-away page takes a third of a second, one to a dead host
    # ten: this many are needed for hundreds of visits a second.
    connections: int = 256
    # Bodies larger than this are read few at a time, so that they do not pile up in memory.
    large: int = MIB // 2
    large_at_once: int = 6
    # How long a large body waits for its place before the visit is given up as our own fault.
    large_wait: float = 10.0

    def exempts(self, url: str) -> bool:
        """Whether the URL's host is written as an address that is exempt from the rules."""
        try:
            return self.exemptions.cover(ip_address(host_of(url)), port_of(url))
        except ValueError:
            return False

    @cached_property
    def dialled_ports(self) -> frozenset[int]:
        """Ports that may be asked for at all; whether the address may be dialled is decided for each connection."""
        return self.ports | self.exemptions.ports()

    @cached_property
    def robots_token(self) -> str:
        """The name robots.txt rules are looked up by: the user agent's first word without its version."""
        return self.user_agent.split("/")[0].split()[0]

    @classmethod
    def from_settings(cls) -> FetchPolicy:
        """As the deployment set it."""
        contact = settings.CLAIMTRACK_CONTACT
        agent = settings.CLAIMTRACK_USER_AGENT or "claimtrack"
        return cls(
            user_agent=f"{agent} (+{contact})" if contact else agent,
            ports=frozenset({80, 443, *getattr(settings, "FETCH_EXTRA_PORTS", ())}),
            exemptions=Exemptions.parse(tuple(settings.CLAIMTRACK_FETCH_ALLOW)),
            host_delay=settings.RECHECK_HOST_DELAY.total_seconds(),
        )
