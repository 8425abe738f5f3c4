"""Verdicts, from stored documents: what goes out is what was rendered when the verdict changed, byte for byte."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404

from claims.choices import VerdictStatus
from claims.models import VerdictDocument, VerdictVersion
from claims.services import document_of_version
from feed.filters import FILTERS, filtered, keyset_of
from feed.paging import Page, read_page
from feed.parameters import Asked
from feed.views.base import PublicView, public_state

NO_VERDICT = "No verdict has this id. Ids are case-sensitive; a claim is public once a verdict on it is published."


class VerdictList(PublicView):
    """`GET /api/v1/verdicts/`: newest first. Two queries, however many verdicts there are and the page holds."""

    parameters = FILTERS

    def state(self, **kwargs: Any) -> str:
        return public_state()

    def body(self, asked: Asked, **kwargs: Any) -> str:
        page = self.page(asked)
        return page.envelope([row["body"] for row in page.rows])

    def page(self, asked: Asked) -> Page:
        keyset = keyset_of(asked)
        columns = {"body", *(column.name for column in keyset.columns)}
        rows = filtered(asked).values(*columns)
        return read_page(rows, keyset, asked, path=self.request.path, query=self.query())


class VerdictDetail(PublicView):
    """`GET /api/v1/verdicts/<public_id>/`: retracted and withheld ones too. One query."""

    def body(self, asked: Asked, **kwargs: Any) -> str:
        return stored_body(kwargs["public_id"])


def stored_body(public_id: str) -> str:
    """The verdict's document as stored. Raises Http404."""
    body = VerdictDocument.objects.filter(public_id=public_id).values_list("body", flat=True).first()
    if body is None:
        raise Http404(NO_VERDICT)
    return body


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
