"""Which bytes a client holds, and in which encoding it takes new ones (RFC 9110, 8.8.3, 12.5.3 and 13.1)."""

from __future__ import annotations

from functools import lru_cache

from django.utils.http import parse_etags

# The compressed form has other bytes, so a strong ETag of its own: the same tag and this.
SUFFIX = "-gzip"


def encoded(etag: str) -> str:
    """The ETag of the compressed form."""
    return f'{etag[:-1]}{SUFFIX}"'


def held_etag(header: str | None, etag: str) -> str | None:
    """The ETag with which an If-None-Match or If-Match header names the answer `etag` in either encoding, or None.

    A 304 repeats that very one: without the body nobody knows whether it would have been long enough to compress, and
    the cache on the way knows its copy by it.
    """
    if not header:
        return None
    if header == etag:  # what nearly every client sends needs no parsing
        return etag
    known = {_opaque(each): each for each in (etag, encoded(etag))}
    for candidate in parse_etags(header):
        if candidate == "*":
            return etag
        # Weak comparison: a proxy that compressed our answer itself has made the ETag weak.
        if _opaque(candidate) in known:
            return known[_opaque(candidate)]
    return None


def _opaque(etag: str) -> str:
    return etag.removeprefix("W/")


# Clients of one kind send the same header for ever; long ones are not worth the memory.
@lru_cache(maxsize=256)
def _takes_gzip(header: str) -> bool:
    wanted = wanted_in(header)
    return wanted.get("gzip", wanted.get("x-gzip", wanted.get("*", False)))


def wanted_in(header: str) -> dict[str, bool]:
    """Each coding or media range that an Accept… header names, in lower case: wanted, or ruled out by a weight of 0."""
    wanted: dict[str, bool] = {}
    for part in header.lower().split(","):
        name, *options = (piece.strip() for piece in part.split(";"))
        wanted[name] = not any(_is_zero(option) for option in options)
    return wanted


def _is_zero(option: str) -> bool:
    name, _, weight = option.partition("=")
    return name.strip() == "q" and weight.strip().rstrip("0") in {"", "0."} and weight.strip() != ""


def takes_gzip(header: str | None) -> bool:
    """Does Accept-Encoding allow gzip? Without the header: no, as a client that says nothing may not know how."""
    return _takes_gzip(header) if header and len(header) < 500 else False
