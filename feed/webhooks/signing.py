"""Signatures of webhooks, as Standard Webhooks 1.0 has them (standardwebhooks.com). Pure.

A secret is not stored: it is derived from a random seed in the database and the site's SECRET_KEY, so that a stolen
database or backup signs nothing. Whoever changes SECRET_KEY changes every secret; the stored fingerprint tells.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
# Keeps keys derived here apart from whatever else is derived from SECRET_KEY.
PURPOSE = b"claimtrack webhook secret 1\x00"


def new_seed() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def derived_key(seed: str, *, master: str) -> bytes:
    """The signing key, 32 bytes (the specification asks for 24 to 64), from the seed and SECRET_KEY."""
    return hmac.new(master.encode(), PURPOSE + seed.encode(), hashlib.sha256).digest()


def fingerprint(key: bytes) -> str:
    """64 hex digits that tell whether a key is the same, and nothing else of it."""
    return hashlib.sha256(key).hexdigest()


def as_secret(key: bytes) -> str:
    """The key as receivers are given it: `whsec_` and base64."""
    return PREFIX + base64.b64encode(key).decode()


def sign(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 HMAC-SHA256 over id, timestamp (seconds) and body with dots between them."""
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def signed_headers(keys: Sequence[bytes], message_id: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """The three headers of one request. Several keys (while a rotation overlaps) give several signatures."""
    timestamp = int(at.timestamp())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(sign(key, message_id, timestamp, body) for key in keys),
    }
