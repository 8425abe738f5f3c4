"""What is asked of a stranger's server and what came back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from sources.choices import Outcome

# The headers that explain an answer later; never cookies, nothing about us.
KEPT_HEADERS = (
    "age", "cache-control", "cf-mitigated", "content-encoding", "content-language", "content-length", "content-type",
    "date", "etag", "last-modified", "location", "memento-datetime", "retry-after", "server", "x-robots-tag",
)  # fmt: skip
# Cookies are nobody's business; the chunking is undone before the body is kept.
NOT_ARCHIVED = frozenset({"set-cookie", "set-cookie2", "transfer-encoding"})


@dataclass(frozen=True)
class Request:
    """One page to visit. `key` is handed back with the answer."""

    key: int
    url: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Hop:
    """A redirect that was followed: the URL that answered, and with which status."""

    url: str
    status: int


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
    # As received, for the archive; and as decoded, for reading.
    body: bytes = b""
    content: bytes = b""
    # One of the caps cut it off.
    truncated: bool = False
    peer: str = ""
    # Seconds spent in requests, not in waiting for a host's turn.
    spent: float = 0.0
    failure: Outcome | None = None
    error: str = ""

    @property
    def duration_ms(self) -> int:
        return round(self.spent * 1000)

    @property
    def raw_sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest() if self.body else ""

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()
