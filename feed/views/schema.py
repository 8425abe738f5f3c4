"""The API's description: for machines (OpenAPI 3.1) and for people."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from claims.services.documents import publisher
from feed.describing.answers import parsed_answer_of
from feed.describing.examples import known
from feed.describing.openapi import openapi
from feed.describing.operations import answering
from feed.describing.programs import CLIENTS
from feed.describing.reference import reference
from feed.serving.parameters import Asked
from feed.serving.state import public_state
from feed.views.base import AnyAccept, PublicView

FEED = Path(__file__).resolve().parent.parent
DESCRIBING = {".py", ".html", ".css", ".js", ".mjs", ".sh"}


class Description(PublicView):
    """Made once and kept until something public, a setting or the software changes: each takes dozens of queries."""

    content_negotiation_class = AnyAccept

    def state(self, **kwargs: Any) -> str:
        return f"{public_state()} {fingerprint()} {settings.SITE_NAME} {publisher()}"


class Schema(Description):
    """`GET /api/schema/`. Its examples are of this site: they answer."""

    def body(self, asked: Asked, **kwargs: Any) -> str:
        names = known()
        answers = {operation.name: parsed_answer_of(operation, names) for operation in answering()}
        return json.dumps(openapi(names, answers), ensure_ascii=False)


class Docs(Description):
    """`GET /api/docs/`: one page that works without script; nothing from elsewhere."""

    content_type = "text/html; charset=utf-8"

    def body(self, asked: Asked, **kwargs: Any) -> str:
        context = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        return render_to_string("feed/docs.html", context | reference(known()))


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Moves with every change of what describes, so that no ETag outlives an upgrade; the same in every process."""
    digest = hashlib.sha256()
    for path in sorted([*FEED.rglob("*"), *CLIENTS.iterdir()]):
        if path.suffix in DESCRIBING:
            digest.update(path.read_bytes())
    return digest.hexdigest()
