"""Who may ask, and how much: the one door that every public address of the feed goes through.

    admission = admit(request)                      # API, feeds, search
    admission = admit(request, needs=Scope.EXPORT)  # one answer that holds the whole corpus
    admission = admit(request, key=key_named_in(request.GET.get("key", "")))   # a key that came another way

Put `admission.headers` on the answer, whatever it is. What admit() raises has `headers` too; they go on the error.
Rules for people: docs/keys.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.db import Error
from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied, Throttled

from feed.admission.known_keys import BadKey, KnownKey, known_keys
from feed.admission.limits import WINDOW, limiter
from feed.choices import Scope
from feed.services.keys import note_use

# A dump is work like so many pages of a list.
COST = {Scope.READ: 1, Scope.EXPORT: 100}
Headers = dict[str, str]


@dataclass(frozen=True)
class Admission:
    """`headers` tell the client its limits; `key` is whose request it is, None: anybody's."""

    headers: Headers
    key: KnownKey | None


class KeyRefused(AuthenticationFailed):
    """401: the key that was sent opens nothing. Never taken for a request without one."""

    def __init__(self, sentence: str, headers: Headers) -> None:
        super().__init__(sentence)
        self.auth_header = 'Api-Key realm="api"'
        self.headers = {"WWW-Authenticate": self.auth_header, **headers}


class ScopeMissing(PermissionDenied):
    """403: a good key, made for something else."""

    def __init__(self, needs: Scope, headers: Headers) -> None:
        super().__init__(
            f"This API key was not made for this: it lacks the scope {needs.value}. Ask the newsroom to add it,"
            " or ask without a key, within the limits of an address."
        )
        self.headers = headers


class TooMany(Throttled):
    """429. `wait` is in seconds; a request after that many passes."""

    def __init__(self, wait: int, headers: Headers) -> None:
        super().__init__()
        self.wait = wait
        self.detail = f"Too many requests: ask again in {wait} s."  # type: ignore[assignment]
        self.headers = {"Retry-After": str(wait), **headers}


def admit(request: HttpRequest, *, needs: Scope = Scope.READ, key: KnownKey | None = None) -> Admission:
    """Let the request in, counted. Raises KeyRefused (401), ScopeMissing (403) or TooMany (429), each with `headers`.

    `request.META["REMOTE_ADDR"]` is the client, as TrustedProxiesMiddleware left it.
    """
    try:
        key = key or _key_sent_with(request)
    except BadKey as refusal:
        # Guessing is limited like everything else.
        raise KeyRefused(str(refusal), _count(request, None, COST[Scope.READ])) from None
    if key is not None and needs not in key.scopes:
        raise ScopeMissing(needs, _count(request, key, COST[Scope.READ]))
    headers = _count(request, key, COST[needs])
    if key is not None:
        _note_use(key)
    return Admission(headers, key)


def key_named_in(text: str) -> KnownKey | None:
    """The key this text is, None when it opens nothing: for protocols where anything counts as a key. Never raises."""
    try:
        return known_keys.holder(text)
    except (BadKey, Error):
        return None


def _key_sent_with(request: HttpRequest) -> KnownKey | None:
    authorization = request.META.get("HTTP_AUTHORIZATION")
    if authorization is None:
        return None
    scheme, _, api_key = authorization.strip().partition(" ")
    if scheme.lower() != "api-key":
        raise BadKey("Send your key as Authorization: Api-Key ctk_…, or no Authorization at all.")
    return known_keys.holder(api_key.strip())


def _count(request: HttpRequest, key: KnownKey | None, cost: int) -> Headers:
    """The RateLimit fields (draft-ietf-httpapi-ratelimit-headers). Raises TooMany."""
    if key is None:
        quota, client = settings.RATE_ANONYMOUS, f"address:{network_of(request.META.get('REMOTE_ADDR', ''))}"
    else:
        quota, client = key.rate or settings.RATE_KEY, f"key:{key.prefix}"
    if not quota:
        return {}
    headers = {"RateLimit-Policy": f'"default";q={quota};w={WINDOW}'}
    counted = limiter().count(client, quota, cost)
    if counted is None:
        return headers
    headers["RateLimit"] = f'"default";r={counted.left};t={counted.seconds}'
    if not counted.passes:
        raise TooMany(counted.seconds, headers)
    return headers


@lru_cache(maxsize=10_000)
def network_of(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 that one IPv6 customer has to himself (RFC 6177)."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"  # a Unix socket's peer, or a proxy that writes something else
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or f"{IPv6Address(int(parsed) >> 64 << 64)}/64")


def _note_use(key: KnownKey) -> None:
    try:
        note_use(key.pk)
    except Error:
        return  # a request never fails for our book-keeping
