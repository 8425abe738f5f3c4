"""Every known way of making a fetcher visit what it must not, as one list; used by the tests and by benchmarks/ssrf.py.

In templates {port} is the port of a loopback service that nobody may reach.
"""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sources.choices import Outcome
from sources.fetching import Exemptions, Fetched, FetchPolicy, Request, RobotsRules, fetch_all

from .fetching import AT, QUICK
from .server import Canary, Server, http

# Loopback in every spelling.
SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "017700000001",
    "00177.0x0.00.1", "0.0.0.0", "0", "00", "0x0", "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]", "[::127.0.0.1]", "[::ffff:0.0.0.0]", "[::1%25lo]", "localhost",
    "localhost.", "LOCALHOST", "127.0.0.1.", "127.0.0.1..", "2130706433.", "127.9.9.9", "127.255.255.254",
    "①②⑦.⓪.⓪.①", "１２７.０.０.１", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "127.0.0.1%00",
    "127.0.0.1%2eexample.org", "%31%32%37.0.0.1", "user@127.0.0.1", "user:password@127.0.0.1", "example.org@127.0.0.1",
    "example.org:80@127.0.0.1", "example.org%40127.0.0.1",
)  # fmt: skip
# Addresses that two readers of URLs take for two hosts, other schemes, and line ends that would start a new request.
CONFUSIONS = (
    "http://example.org\\@127.0.0.1:{port}/", "http://127.0.0.1:{port}\\@example.org/",
    "http://127.0.0.1:{port}\\.example.org/", "http:\\\\127.0.0.1:{port}/", "http:/127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/", "http:127.0.0.1:{port}/", "http://127.0.0.1:{port}#@example.org/",
    "http://example.org#@127.0.0.1:{port}/", "http://example.org?@127.0.0.1:{port}/",
    "http://example.org /@127.0.0.1:{port}/", "http://[::1]@example.org:{port}/", "http://127.0.0.1:{port}:80/",
    "http://example.org:{port}@127.0.0.1:{port}/", "http://127.0.0.1:{port}/\r\nHost: example.org\r\n\r\n",
    "http://127.0.0.1:{port}/%0d%0aHost:%20example.org", "http://127.0.0.1:{port}/\tHTTP/1.1\thost:x",
    "http://example.org/\r\n\r\nGET http://127.0.0.1:{port}/", "http://127.0.0.1\n:{port}/", "http://127.0.0.1\t:{port}/",
    "http://127.0.0.1:{port}\u2028/", "http://\u202e127.0.0.1:{port}/", "HTTP://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/", "file:///etc/passwd", "file://127.0.0.1:{port}/x", "ftp://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/_x",
    "dict://127.0.0.1:{port}/d", "ldap://127.0.0.1:{port}/", "ws://127.0.0.1:{port}/", "jar:http://127.0.0.1:{port}!/",
    "javascript:alert(1)", "data:text/html,x", "view-source:http://127.0.0.1:{port}/", "unix:///run/x.sock",
)  # fmt: skip
# One address of every class that is no place on the public internet.
CLASSES = (
    "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "168.63.129.16", "169.254.0.1",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "100::1", "2001::1",
    "2001:0:7f00:1::", "2001:1ff::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::", "3fff::1", "5f00::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "febf::1", "fec0::1", "ff02::1", "4000::1", "1fff::1", "::ffff:169.254.169.254",
    "::ffff:10.0.0.1", "::ffff:192.168.0.1",
)  # fmt: skip
# 127.0.0.2 stands for a public address: it is exempt and a web server answers there, on the canary's port.
PUBLIC = "127.0.0.2"
# What a stranger's DNS says to one look-up after the other, the last for ever.
LOOKUPS: dict[str, list[list[str]]] = {
    "resolves to loopback": [["127.0.0.1"]],
    "resolves to another loopback address": [["127.1.2.3"]],
    "resolves to ::1": [["::1"]],
    "resolves to a mapped address": [["::ffff:127.0.0.1"]],
    "resolves to 0.0.0.0": [["0.0.0.0"]],
    "public and loopback": [[PUBLIC, "127.0.0.1"]],
    "loopback and public": [["127.0.0.1", PUBLIC]],
    "public and ::1": [[PUBLIC, "::1"]],
    "rebinds on the 2nd look-up": [[PUBLIC], ["127.0.0.1"]],
    "rebinds on the 3rd look-up": [[PUBLIC], [PUBLIC], ["127.0.0.1"]],
    "rebinds on the 4th look-up": [[PUBLIC], [PUBLIC], [PUBLIC], ["127.0.0.1"]],
    "rebinds to ::1 on the 2nd look-up": [[PUBLIC], ["::1"]],
}


# Who turned an attack away.
AS_WRITTEN, AS_DIALLED, NOBODY = (
    "the address as written",
    "the address as dialled",
    "nobody: the harmless site answered",
)


@dataclass(frozen=True)
class Attack:
    """One attempt: an address, what names say meanwhile, and whether a harmless page's redirect leads to it."""

    name: str
    url: str
    lookups: list[list[str]] | None = None
    by_redirect: bool = False


def _literal(address: str) -> str:
    return f"[{address}]" if ":" in address else address


DIRECT = (
    *(Attack(host, f"http://{host}:{{port}}/secret") for host in SPELLINGS),
    *(Attack(repr(url)[1:-1], url) for url in CONFUSIONS),
    *(Attack(f"address {address}", f"http://{_literal(address)}:{{port}}/") for address in CLASSES),
)
REDIRECTED = tuple(Attack(f"redirect to {a.name}", a.url, by_redirect=True) for a in DIRECT if "\n" not in a.url)
# Four look-ups in one visit: robots.txt, the page, and two redirects to the same name.
NAMED = tuple(
    Attack(f"name {name}", "http://looks-public.example:{port}/redirect/2", lookups)
    for name, lookups in LOOKUPS.items()
) + tuple(Attack(f"name for {a}", "http://looks-public.example:{port}/", [[a]]) for a in CLASSES)
ATTACKS = DIRECT + REDIRECTED + NAMED


@dataclass
class Range:
    """The ground: a canary on every loopback address, and a harmless web server on 127.0.0.2, the same port."""

    public: Server
    canary: Canary

    @classmethod
    def open(cls) -> Range:
        canary = Canary(everywhere=True)
        return cls(Server(PUBLIC, beside=canary.port), canary)

    def close(self) -> None:
        self.public.close()
        self.canary.close()

    @property
    def policy(self) -> FetchPolicy:
        """Port rules out of the way, so that nothing but the address rules protects the canary."""
        exempt = Exemptions.parse((f"{PUBLIC}:{self.public.port}",))
        return dataclasses.replace(QUICK, ports=frozenset({self.public.port}), exemptions=exempt)

    def address(self, attack: Attack) -> str:
        """What is typed in: the attack's URL, or the harmless page that redirects to it."""
        target = attack.url.format(port=self.public.port)
        if not attack.by_redirect:
            return target
        path = f"/r/{REDIRECTED.index(attack)}"
        self.public[path] = http(302, location=target)
        return self.public.url + path

    def attempt(self, attack: Attack) -> Fetched:
        """Fetch it, with nothing known beforehand of anybody's robots.txt but the harmless server's."""
        known = {self.public.url: RobotsRules(self.public.url, AT, 404)}
        with resolving(attack.lookups):
            return fetch_all([Request(1, self.address(attack))], self.policy, known, AT, digest=lambda _, got: got)[1]


def refused_by(fetched: Fetched) -> str:
    """Which of the two checks turned it away; "" when something else ended the visit, which no attack should need."""
    if fetched.failure is None:
        return NOBODY if fetched.peer == PUBLIC else ""
    if fetched.failure is Outcome.POLICY_DENIED:
        return AS_DIALLED if fetched.error.startswith("refused by our rules") else AS_WRITTEN
    return AS_WRITTEN if fetched.failure is Outcome.BAD_CONTENT and fetched.hops else ""


@contextmanager
def resolving(lookups: list[list[str]] | None) -> Iterator[None]:
    """Names as a stranger's DNS answers them; any other look-up says 192.0.2.1, which nobody may dial."""
    queue = list(lookups or [["192.0.2.1"]])
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *more: Any, **named: Any) -> list[Any]:
        name = str(host).rstrip(".")
        if not name.endswith(".example") and name != "example.org":
            return list(real(host, port, *more, **named))
        addresses = queue.pop(0) if len(queue) > 1 else queue[0]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    socket.getaddrinfo = getaddrinfo
    try:
        yield
    finally:
        socket.getaddrinfo = real
