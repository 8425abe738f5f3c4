"""A test ping: signed like everything else, sent at once, and what came back is shown to whoever asked."""

from __future__ import annotations

import json
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from claims.rendering.times import rfc3339
from feed.models import Endpoint
from feed.services.endpoints import SecretLost, signing_keys, try_now
from feed.webhooks.retrying import Meaning, meaning_of
from feed.webhooks.signing import signed_headers
from sources.fetching import FetchPolicy, Posted, post_once
from sources.identity import new_public_id

PING = "webhook.ping"


def ping(endpoint: Endpoint, *, at: datetime | None = None) -> Posted:
    """Send one `webhook.ping`, whatever the endpoint's state; it is no event and nothing follows from a failure.

    When it is taken, what waits for a next attempt is tried at once: the receiver is back.
    """
    at = at or timezone.now()
    message = {"id": f"ping_{new_public_id()}", "type": PING, "at": rfc3339(at), "data": {"site": settings.SITE_URL}}
    body = json.dumps(message, separators=(",", ":")).encode()
    try:
        keys = signing_keys(endpoint, at=at)
    except SecretLost as error:
        return Posted(error=str(error))
    headers = {"Content-Type": "application/json; charset=utf-8"} | signed_headers(keys, message["id"], body, at=at)  # type: ignore[arg-type]
    posted = post_once(endpoint.url, body, headers, FetchPolicy.from_settings())
    if meaning_of(posted) is Meaning.TAKEN:
        try_now(endpoint, at=at)
    return posted
