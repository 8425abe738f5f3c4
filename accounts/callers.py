"""Who calls, as far as a request says: address, network, browser in words, and the cookie of a known device."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

DEVICE_COOKIE_DAYS = 365
# What calls itself what, most particular first: every browser claims to be its older rivals, too.
BROWSERS = (
    (r"\bEdgA?/|\bEdgiOS/", "Edge"),
    (r"\bOPR/", "Opera"),
    (r"\bYaBrowser/", "Yandex Browser"),
    (r"\bSamsungBrowser/", "Samsung Internet"),
    (r"\bFirefox/|\bFxiOS/", "Firefox"),
    (r"\bHeadlessChrome/|\bChrome/|\bCriOS/|\bChromium/", "Chrome"),
    (r"\bSafari/", "Safari"),
    (r"^curl/", "curl"),
    (r"^python-", "Python"),
)
SYSTEMS = (
    (r"\biPhone\b", "iPhone"),
    (r"\biPad\b", "iPad"),
    (r"\bAndroid\b", "Android"),
    (r"\bWindows\b", "Windows"),
    (r"\bMac OS X\b|\bMacintosh\b", "Mac"),
    (r"\bCrOS\b", "ChromeOS"),
    (r"\bLinux\b", "Linux"),
)


@dataclass(frozen=True)
class Caller:
    """`address` and `network` are empty when unknown; `device_digest` is empty without the cookie."""

    address: str = ""
    network: str = ""
    device: str = ""
    device_digest: str = ""


def caller_of(request: HttpRequest) -> Caller:
    address = request.META.get("REMOTE_ADDR", "")
    token = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    return Caller(
        address=_plain_address(address),
        network=network_of(address),
        device=in_words(request.META.get("HTTP_USER_AGENT", "")),
        device_digest=digest_of(token) if 20 <= len(token) <= 100 else "",
    )


def _plain_address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def network_of(text: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one: within it, everybody has as many addresses as they like."""
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if address.version == 6 and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address) if address.version == 4 else str(ip_network(f"{address}/64", strict=False))


def in_words(user_agent: str) -> str:
    """"Firefox on Android"; what a browser says of itself proves nothing, and helps its owner to recognise it."""
    browser = next((name for pattern, name in BROWSERS if re.search(pattern, user_agent)), "")
    system = next((name for pattern, name in SYSTEMS if re.search(pattern, user_agent)), "")
    if browser and system:
        return f"{browser}, {system}"
    return browser or system or str(_("Unknown device"))


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_device_token() -> str:
    return secrets.token_urlsafe(32)


def set_device_cookie(response: HttpResponseBase, token: str) -> None:
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME, token, max_age=DEVICE_COOKIE_DAYS * 24 * 3600, path="/",
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
