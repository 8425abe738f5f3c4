"""From the text of an environment variable to a value. Each raises ValueError for what is not allowed."""

import re
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

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


_UNITS = {"": "seconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(text: str) -> timedelta:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd]?)", text.strip())
    if not match:
        raise ValueError
    return timedelta(**{_UNITS[match[2]]: float(match[1])})


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
    """`scheme://host[:port]`: pages live at the root, so a path would make every published URL wrong."""
    if urlsplit(text).path.rstrip("/") or urlsplit(text).username is not None:
        raise ValueError
    return web_address(text).rstrip("/")


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


def directory(text: str) -> Path:
    """Relative paths start at the project's folder, so that every command finds the same one from anywhere."""
    if not text or "\0" in text:
        raise ValueError
    return (ROOT / Path(text).expanduser()).absolute()


def service_url(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text and urlsplit(text).scheme not in schemes:
            raise ValueError
        return text

    return parse


def time_zone(text: str) -> str:
    return one_of(*available_timezones())(text)


def line(text: str) -> str:
    """One line: it ends up in HTTP headers and feeds."""
    if any(ord(character) < 32 for character in text):
        raise ValueError
    return text.strip()


def key(text: str) -> str:
    if text and len(text) < 32:
        raise ValueError
    return text
