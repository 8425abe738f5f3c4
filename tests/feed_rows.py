"""Many stored documents at once, for tests of lists: rows as the renderer stores them, bodies cut short."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.test import Client

from claims.models import Claim, VerdictDocument
from claims.rendering.times import rfc3339
from claims.services.documents import next_change

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def store_documents(count: int, *, begin: datetime | None = None, **fields: Any) -> list[str]:
    """`count` documents, each a minute after the last there is; returns their public ids, oldest first."""
    begin = begin or BEGIN + timedelta(minutes=VerdictDocument.objects.count())
    claims = Claim.objects.bulk_create([Claim(text=f"Claim {number}", slug="claim") for number in range(count)])
    change = next_change()
    rows = []
    for number, claim in enumerate(claims):
        at = begin + timedelta(minutes=number)
        row = VerdictDocument(
            **(
                {
                    "claim": claim,
                    "public_id": claim.public_id,
                    "slug": "claim",
                    "status": "published",
                    "language": "en",
                    "rating_code": "false",
                    "headline": "Headline",
                    "search_text": claim.text,
                    "published_at": at,
                    "updated_at": at,
                    "change": change,
                }
                | fields
            )
        )
        row.body = json.dumps({"id": row.public_id, "status": row.status, "published_at": rfc3339(row.published_at)})
        rows.append(row)
    VerdictDocument.objects.bulk_create(rows)
    return [row.public_id for row in rows]


WITHHELD = {"status": "withheld", "legal_basis": "Court order 7 <A>", "version": 1, "is_demo": False}


def withhold(row: VerdictDocument) -> None:
    """The stub as the renderer leaves it, all that the feeds ever see of it."""
    document = json.loads(row.body)
    stub = {key: document[key] for key in ("id", "url", "slug", "published_at", "updated_at")} | WITHHELD
    VerdictDocument.objects.filter(pk=row.pk).update(
        body=json.dumps(stub), status="withheld", claimreview="", headline="", rating_code="", language="",
        topic_slugs=[], change=next_change(),
    )  # fmt: skip


def newest() -> datetime:
    latest: datetime = VerdictDocument.objects.aggregate(at=Max("published_at"))["at"]
    return latest


def get(client: Client, url: str, **query: Any) -> Any:
    """The parsed answer; fails unless it is 200."""
    response = client.get(url, query)
    assert response.status_code == 200, response.content
    return response.json()


def ids(page: Any) -> list[str]:
    return [row["id"] for row in page["results"]]


def walk(client: Client, page: Any, link: str = "next") -> list[Any]:
    """This page and every one that follows in that direction."""
    pages = [page]
    while pages[-1][link]:
        pages.append(get(client, pages[-1][link]))
        assert len(pages) < 1000, "the links go round in circles"
    return pages
