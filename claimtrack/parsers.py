"""From the text of an environment variable to a value. Each raises ValueError for what is not allowed."""

import re
from collections.abc import Callable
from datetime import time, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import available_timezones

import idna

from claimtrack.email_urls import email_settings

ROOT = Path(__file__).resolve().parent.parent


def flag(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    try:
        return words[text.strip().lower()]
    except KeyError:
        raise ValueError from None


def number(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError
        return value

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in words:
            raise ValueError
        return text

    return parse


def words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
# Ten years: what is longer means "never", and a date that far ahead may be none.
LONGEST_DURATION = timedelta(days=3650)


def duration(text: str) -> timedelta:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd]?)", text.strip())
    if not match:
        raise ValueError
    seconds = float(match[1]) * _SECONDS[match[2]]
    if seconds > LONGEST_DURATION.total_seconds():
        raise ValueError
    return timedelta(seconds=seconds)


def at_least(least: timedelta) -> Callable[[str], timedelta]:
    def parse(text: str) -> timedelta:
        value = duration(text)
        if value < least:
            raise ValueError
        return value

    return parse


def durations(text: str) -> list[timedelta]:
    values = [duration(word) for word in words(text)]
    if not values or any(value <= timedelta(0) for value in values):
        raise ValueError
    return values


def web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    _ = parts.port  # raises ValueError when it is no number
    return text


def site_address(text: str) -> str:
    """`scheme://host[:port]`: pages live at the root, so a path would make every published URL wrong.

    The host as browsers send it (small letters, IDNA), because cookies, CSRF and ALLOWED_HOSTS compare it.
    """
    parts = urlsplit(web_address(text))
    if parts.path.rstrip("/") or parts.username is not None:
        raise ValueError
    host = ascii_host(parts.hostname or "")
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + ("" if parts.port is None else f":{parts.port}")


_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"


def ascii_host(text: str) -> str:
    """A host name in small letters and IDNA (`xn--…`), as browsers send it, or an IP address without brackets."""
    if ":" in text:
        return str(ip_address(text))
    try:
        host = text.lower() if text.isascii() else idna.encode(text, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise ValueError from None
    if not re.fullmatch(rf"{_LABEL}(?:\.{_LABEL})*", host):
        raise ValueError
    return host


def allowed_hosts(text: str) -> list[str]:
    """As Django's ALLOWED_HOSTS: names, `.example.org` for all below it, `[IPv6]`, `*`; never empty."""
    hosts = [_allowed_host(word) for word in words(text)]
    if not hosts:
        raise ValueError
    return hosts


def _allowed_host(word: str) -> str:
    if word == "*":
        return word
    if word.startswith("[") and word.endswith("]"):
        return f"[{ip_address(word[1:-1])}]"
    if ":" in word:  # a port or a scheme, which no request's host name carries
        raise ValueError
    return word[: word.startswith(".")] + ascii_host(word.removeprefix("."))


def optional_web_address(text: str) -> str:
    return web_address(text) if text else ""


def networks(text: str) -> list[str]:
    return [str(ip_network(word, strict=False)) for word in words(text)]


def exemptions(text: str) -> list[str]:
    """`host:port` or `CIDR:port`; IPv6 in brackets. The port is never optional: an exemption is for one service."""
    for word in words(text):
        host, _, port = word.rpartition(":")
        number(1, 65535)(port)
        if "/" in host:
            ip_network(host.replace("[", "").replace("]", ""), strict=False)
        elif host.startswith("["):
            ip_address(host.strip("[]"))
        elif not re.fullmatch(r"[A-Za-z0-9.-]+", host):
            raise ValueError
    return words(text)


def ports_among(*allowed: int) -> Callable[[str], list[int]]:
    def parse(text: str) -> list[int]:
        ports = sorted({int(word) for word in words(text)})
        if not set(ports) <= set(allowed):
            raise ValueError
        return ports

    return parse


def directory(text: str) -> Path:
    """Relative paths start at the project's folder, so that every command finds the same one from anywhere."""
    if not text or "\0" in text:
        raise ValueError
    return (ROOT / Path(text).expanduser()).absolute()


def service_url(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        parts = urlsplit(text)
        if text and parts.scheme not in schemes:
            raise ValueError
        _ = parts.port  # raises ValueError when it is no port
        return text

    return parse


def email_url(text: str) -> str:
    """See email_urls."""
    email_settings(text, "http://localhost")
    return text


def database_url(text: str) -> str:
    """`postgres://[user[:password]@]host[:port]/name`; without a host, PostgreSQL's socket on this machine."""
    service_url("postgres", "postgresql")(text)
    parts = urlsplit(text)
    if text and (not parts.path.strip("/") or (parts.netloc and not parts.hostname and "host" not in _query(text))):
        raise ValueError
    return text


def redis_url(text: str) -> str:
    """`redis[s]://host[:port][/number]` or `unix:///path[?db=number]`."""
    service_url("redis", "rediss", "unix")(text)
    parts = urlsplit(text)
    if parts.scheme == "unix":
        place, database = parts.path.strip("/"), _query(text).get("db", ["0"])[0]
    else:
        place, database = parts.hostname or "", parts.path.strip("/") or "0"
    if text and not (place and re.fullmatch(r"[0-9]+", database)):
        raise ValueError
    return text


def _query(text: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(text).query)


def sentry_dsn(text: str) -> str:
    """`https://key@host/project`."""
    parts = urlsplit(optional_web_address(text))
    if text and not (parts.username and parts.path.rpartition("/")[2].isdecimal()):
        raise ValueError
    return text


def time_zone(text: str) -> str:
    return one_of(*available_timezones())(text)


def clock(text: str) -> time:
    """A time of day."""
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    if not match:
        raise ValueError
    return time(int(match[1]), int(match[2]))


def line(text: str) -> str:
    """One line: it ends up in HTTP headers and feeds."""
    if any(ord(character) < 32 for character in text):
        raise ValueError
    return text.strip()


def key(text: str) -> str:
    if text and len(text) < 32:
        raise ValueError
    return text
