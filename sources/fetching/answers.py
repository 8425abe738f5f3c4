"""What is asked of a stranger's server and what came back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from sources.choices import Outcome

# The headers that explain an answer later; never cookies, nothing about us.
KEPT_HEADERS = frozenset((
    "age", "cache-control", "cf-mitigated", "content-encoding", "content-language", "content-length", "content-type",
    "date", "etag", "last-modified", "location", "memento-datetime", "retry-after", "server", "x-robots-tag",
))  # fmt: skip
# Cookies are nobody's business; the chunking is undone before the body is kept.
NOT_ARCHIVED = frozenset({"set-cookie", "set-cookie2", "transfer-encoding"})


@dataclass(frozen=True)
class Request:
    """One page to visit. `key` is handed back with the answer."""

    key: int
    url: str
    etag: str = ""
    last_modified: str = ""
    # Digest of the body we hold: an answer with the same body is not decoded. "": none is held.
    raw_sha256: str = ""


@dataclass(frozen=True)
class Hop:
    """A redirect that was followed: the URL that answered, and with which status (200: a page that only leads on)."""

    url: str
    status: int


@dataclass(frozen=True)
class Refusal:
    """A host asked us to come later (429, 503), and what it said about when: its Retry-After header, or ""."""

    host: str
    retry_after: str = ""


@dataclass
class Fetched:
    """What a visit brought. `failure` is None when an HTTP answer arrived whole (whatever its status)."""

    url: str
    final_url: str = ""
    hops: list[Hop] = field(default_factory=list)
    status: int | None = None
    reason: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    # For the archive: what was asked and answered, without cookies.
    request_headers: list[tuple[str, str]] = field(default_factory=list)
    response_headers: list[tuple[str, str]] = field(default_factory=list)
    # As received, for the archive; and as decoded, for reading (empty when the body is the one we hold).
    body: bytes = b""
    content: bytes = b""
    # Of the body as received; "" when there was none.
    raw_sha256: str = ""
    # One of the caps cut it off.
    truncated: bool = False
    peer: str = ""
    # Hosts that asked us to come later on the way here, robots.txt included.
    refusals: list[Refusal] = field(default_factory=list)
    # Seconds spent in requests, not in waiting for a host's turn.
    spent: float = 0.0
    failure: Outcome | None = None
    error: str = ""

    @property
    def duration_ms(self) -> int:
        return round(self.spent * 1000)

    def keep_body(self, body: bytes) -> None:
        """The body as received, with its digest."""
        self.body, self.raw_sha256 = body, hashlib.sha256(body).hexdigest() if body else ""

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def retry_after(value: str, at: datetime) -> timedelta | None:
    """How long a Retry-After header asks us to stay away: seconds or an HTTP date (RFC 9110, 10.2.3).

    None when it says neither, or names a time that is past.
    """
    value = value.strip()
    if value.isdecimal() and value.isascii():
        return timedelta(seconds=min(int(value[:12]), 10**8))
    try:
        until = parsedate_to_datetime(value)
        # HTTP dates are GMT; the obsolete forms do not say so.
        wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - at
    except (ValueError, OverflowError):  # no date at all, or one that no calendar has
        return None
    return wait if wait > timedelta(0) else None
