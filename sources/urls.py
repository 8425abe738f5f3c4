"""What counts as the same page: validating and normalising URLs. Pure."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit

import idna
from django.utils.translation import gettext as _

MAX_LENGTH = 2048
DEFAULT_PORTS = {"http": 80, "https": 443}
# Parameters that say where a reader came from, never which page: dropped, so that one page is one source.
TRACKING = re.compile(r"(?:utm_[^=]*|fbclid|gclid)\Z", re.IGNORECASE)
# C0 and C1 controls, every kind of blank, and invisible or direction-changing characters.
FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
# Everything RFC 3986 lets stand in a path or query, and the percent sign of escapes already made.
PATH_SAFE = "/%:@!$&'()*+,;=~-._"
QUERY_SAFE = PATH_SAFE + "?[]|"


class UnusableURL(ValueError):
    """The address cannot be a source; the text says how to mend it."""


def normalise_url(url: str) -> str:
    """The canonical spelling of a web address: what `Source.canonical_url` holds.

    Host in lower-case ASCII (IDNA), default port, fragment and tracking parameters gone, everything else kept.
    Raises UnusableURL with words for whoever typed it.
    """
    checked = validate_url(url.strip())
    head, mark, query = checked.partition("?")
    kept = "&".join(part for part in query.split("&") if not TRACKING.match(part.partition("=")[0]))
    return f"{head}?{kept}" if mark and kept else head


def validate_url(url: str) -> str:
    """The address in ASCII as it may be requested, nothing dropped but the fragment. Raises UnusableURL."""
    if not url:
        raise UnusableURL(_("There is no address. Write the full address, beginning with https://."))
    if FORBIDDEN.search(url):
        raise UnusableURL(_("The address contains a space or an invisible character. Copy it again from the browser."))
    if "\\" in url:
        raise UnusableURL(_("The address contains a backslash. Web addresses use forward slashes: /."))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnusableURL(
            _("The address cannot be read (%(error)s). Copy it again from the browser.") % {"error": error}
        ) from error
    if parts.scheme not in DEFAULT_PORTS or not url[len(parts.scheme) :].startswith("://"):
        raise UnusableURL(_("Write the full address, beginning with https:// (or http://)."))
    if "@" in parts.netloc:
        raise UnusableURL(_("The address contains a user name or “@” before the host. Leave that part out."))
    if port == 0:
        raise UnusableURL(_("Port 0 does not exist. Leave the port out or write the right one."))
    host = _ascii_host(parts.hostname or "")
    suffix = "" if port in (None, DEFAULT_PORTS[parts.scheme]) else f":{port}"
    result = f"{parts.scheme}://{host}{suffix}{_ascii_path(parts.path)}"
    if parts.query:
        result += "?" + _escaped(parts.query, QUERY_SAFE)
    if len(result) > MAX_LENGTH:
        raise UnusableURL(
            _("The address is longer than %(max_length)s characters. Use the page's shorter address.")
            % {"max_length": MAX_LENGTH}
        )
    return result


def resolve_redirect(url: str, location: str) -> str:
    """The absolute address a `Location` header sends a visitor of `url` to. Raises UnusableURL."""
    if FORBIDDEN.search(location.strip(" \t")) or "\\" in location:
        raise UnusableURL(_("The redirect's address contains a control character, blank or backslash."))
    try:
        return validate_url(urljoin(url, location.strip(" \t")))
    except ValueError as error:
        raise UnusableURL(_("The redirect's address cannot be used: %(error)s") % {"error": error}) from error


def host_of(url: str) -> str:
    """Lower-case host without port; "" where there is none that can be read (never in a validated URL)."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # which addresses are refused outright depends on Python's patch level
        return ""


def origin_of(url: str) -> str:
    """scheme://host[:port] of a validated URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def port_of(url: str) -> int:
    """The port a validated URL is dialled on."""
    parts = urlsplit(url)
    return parts.port or DEFAULT_PORTS[parts.scheme]


def is_root(url: str) -> bool:
    """Whether a validated URL is its host's home page."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


# Hosts come back visit after visit; IDNA's tables cost more than the rest of the address together.
@lru_cache(maxsize=4096)
def _ascii_host(host: str) -> str:
    if ":" in host:
        try:
            return f"[{ipaddress.IPv6Address(host)}]"
        except ValueError as error:
            raise UnusableURL(_("The host is not a valid IPv6 address.")) from error
    try:
        # UTS 46 turns ideographic full stops, circled digits and capitals into what a browser would dial.
        ascii_host = idna.encode(host, uts46=True).decode("ascii") if host else ""
    except idna.IDNAError:
        ascii_host = _plain_host(host)
    ascii_host = ascii_host.removesuffix(".").lower()
    if not ascii_host:
        raise UnusableURL(_("The address has no host. Write it like https://example.org/page."))
    last = ascii_host.rpartition(".")[2]
    if last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last):
        # Browsers read 127.1, 2130706433 and 0x7f.1 as addresses: only the plain spelling is taken.
        try:
            return str(ipaddress.IPv4Address(ascii_host))
        except ValueError as error:
            raise UnusableURL(
                _("The host is not a valid IPv4 address. Write four numbers, or the host's name.")
            ) from error
    return ascii_host


def _plain_host(host: str) -> str:
    """Names IDNA refuses but DNS knows (a_b.example.org); anything else is unusable."""
    lowered = host.lower()
    if len(lowered) <= 253 and re.fullmatch(
        r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_-]{1,63}\.?", lowered
    ):
        return lowered
    raise UnusableURL(_("“%(host)s” is not a valid host name. Check its spelling.") % {"host": host})


def _ascii_path(path: str) -> str:
    """The path escaped and without dot segments (RFC 3986, 5.2.4); "/" when empty."""
    kept: list[str] = []
    segments = _escaped(path, PATH_SAFE).split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _escaped(text: str, safe: str) -> str:
    """UTF-8 percent-escapes for what may not stand; escapes already there keep standing, in capitals."""
    escaped = quote(text, safe=safe)
    escaped = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", escaped)
    return re.sub(r"%[0-9a-f]{2}", lambda match: match.group().upper(), escaped, flags=re.IGNORECASE)
