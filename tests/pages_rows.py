"""A published verdict and its public page, for tests of pages."""

from __future__ import annotations

from django.test import Client

from claims.models import Claim, User, VerdictDocument
from tests.make import make_published_verdict


def published(checker: User, editor: User, text: str = "", **fields: object) -> Claim:
    claim = make_published_verdict(checker, editor, text, **fields).verdict.claim
    claim.refresh_from_db()
    return claim


def path_of(claim: Claim) -> str:
    document = VerdictDocument.objects.get(claim=claim)
    return f"/claims/{document.public_id}/{document.slug}/"


def read(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content[:500]
    return response.content.decode()
