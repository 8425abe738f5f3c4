"""Who signs in with a key: looked up once in a while, so that a request costs no query.

Every process keeps what it found, also that there was nothing, for FOR seconds: a key that was revoked, changed or
just made is known as such everywhere within that time.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from feed.admission.key_text import BadKey, KeyText, read_key_text
from feed.models import ApiKey

# Seconds. Short enough to tell a person "it is off now", long enough for hundreds of requests to share one query.
FOR = 15.0
# So many answers are kept at most; then all are forgotten, which costs each key in use one query.
MOST = 10_000

UNKNOWN = "This API key is not known here: it may belong to another site. Ask the newsroom for one."
REVOKED = "This API key has been revoked. Ask the newsroom for a new one."
EXPIRED = "This API key has expired. Ask the newsroom for a new one."


@dataclass(frozen=True)
class KnownKey:
    """What a request has to know of the key it came with."""

    pk: int
    prefix: str
    name: str
    digest: str = field(repr=False)
    scopes: frozenset[str]
    # Requests a minute; None: as for every key.
    rate: int | None
    # Seconds since 1970; None: never.
    expires_at: float | None
    revoked: bool


class KnownKeys:
    """`clock` counts seconds from anywhere; tests move it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._kept: dict[str, tuple[float, KnownKey | None]] = {}

    def holder(self, api_key: str) -> KnownKey:
        """Whose key this is. Raises BadKey when it opens nothing, django.db.Error when nobody can say."""
        given = read_key_text(api_key)
        key = self._look_up(given.prefix)
        # The one comparison that depends on the secret takes as long for a near miss as for a far one.
        if key is None or not hmac.compare_digest(key.digest, given.digest):
            raise BadKey(UNKNOWN)
        if key.revoked:
            raise BadKey(REVOKED)
        if key.expires_at is not None and key.expires_at <= time.time():
            raise BadKey(EXPIRED)
        return key

    def forget(self, prefix: str) -> None:
        """In this process; the others learn of it within FOR seconds."""
        self._kept.pop(prefix, None)

    def _look_up(self, prefix: str) -> KnownKey | None:
        now = self.clock()
        until, key = self._kept.get(prefix, (0.0, None))
        if until > now:
            return key
        key = _read(prefix)
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[prefix] = (now + FOR, key)
        return key


def _read(prefix: str) -> KnownKey | None:
    row = ApiKey.objects.filter(prefix=prefix).first()
    if row is None:
        return None
    return KnownKey(
        pk=row.pk,
        prefix=row.prefix,
        name=row.name,
        digest=row.digest,
        scopes=frozenset(row.scopes),
        rate=row.rate,
        expires_at=None if row.expires_at is None else row.expires_at.timestamp(),
        revoked=row.revoked_at is not None,
    )


known_keys = KnownKeys()

__all__ = ["FOR", "BadKey", "KeyText", "KnownKey", "KnownKeys", "known_keys"]
