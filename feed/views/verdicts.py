"""Verdicts, from stored documents: what goes out is what was rendered when the verdict changed, byte for byte."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.http import http_date

from claims.choices import VerdictStatus
from claims.models import VerdictDocument, VerdictVersion
from claims.services import document_of_version
from feed.serving.filters import FILTERS
from feed.serving.parameters import Asked
from feed.serving.stored import read_stored
from feed.views.base import PublicView, public_state

NO_VERDICT = "No verdict has this id. Ids are case-sensitive; a claim is public once a verdict on it is published."


class VerdictList(PublicView):
    """`GET /api/v1/verdicts/`: newest first. One query, however many verdicts there are and the page holds."""

    parameters = FILTERS

    def state(self, **kwargs: Any) -> str:
        return public_state()

    def body(self, asked: Asked, **kwargs: Any) -> bytes:
        return self.read(asked)[1]

    def state_and_body(self, asked: Asked, **kwargs: Any) -> tuple[str | None, str | bytes]:
        if "q" in asked:
            # What matches is found before the page is read: the state must not be the newer one.
            return self.state(), self.body(asked)
        state, body = self.read(asked)
        # An empty page has no row to tell the state by: then the state is read first, and the page once more.
        return (state, body) if state is not None else (self.state(), self.body(asked))

    def read(self, asked: Asked) -> tuple[str | None, bytes]:
        state, documents, page = read_stored(asked, path=self.request.path, query=self.query())
        self.answer_headers = page.headers
        return state, page.envelope_of_bytes([self.entry(document) for document in documents])

    def entry(self, document: bytes) -> bytes:
        """What the list holds of a stored document."""
        return document


class VerdictDetail(PublicView):
    """`GET /api/v1/verdicts/<public_id>/`: retracted and withheld ones too. One query."""

    def body(self, asked: Asked, **kwargs: Any) -> str:
        body, updated_at = stored_body(kwargs["public_id"])
        self.answer_headers = {"Last-Modified": http_date(updated_at.timestamp())}
        return body


def stored_body(public_id: str) -> tuple[str, datetime]:
    """The verdict's document as stored, and when the verdict last changed. Raises Http404."""
    found = VerdictDocument.objects.filter(public_id=public_id).values_list("body", "updated_at").first()
    if found is None:
        raise Http404(NO_VERDICT)
    return found


class VersionDetail(PublicView):
    """`GET /api/v1/verdicts/<public_id>/versions/<n>/`: one version as it was published, and its frozen `content`.

    SHA-256 over `content_salt` + `content` is the `content_digest` that the event log recorded for it.
    """

    def body(self, asked: Asked, **kwargs: Any) -> str:
        versions = VerdictVersion.objects.filter(verdict__claim__public_id=kwargs["public_id"])
        version = versions.filter(number=kwargs["number"]).first()
        if version is None:
            last = versions.order_by("-number").values_list("number", flat=True).first()
            raise Http404(f"This verdict has the versions 1 to {last}." if last else NO_VERDICT)
        document = document_of_version(version)
        if document["status"] != VerdictStatus.WITHHELD:
            document["content"] = version.content
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
