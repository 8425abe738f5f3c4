"""The public part of claims, claimants, topics, ratings and sources. Each list is one query beside its validator's."""

from __future__ import annotations

import json
from abc import abstractmethod
from typing import Any, ClassVar
from urllib.parse import quote

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from claims.models import Claimant, Rating, Topic, VerdictDocument
from claims.rendering.times import rfc3339
from feed.serving.paging import Column, Keyset, Row, read_page
from feed.serving.parameters import PAGING, Asked
from feed.views.base import PublicView
from feed.views.verdicts import VerdictList, stored_body
from sources.models import Source

MOST_VERDICTS = 200

Shape = dict[str, Any]


def as_json(shape: Shape) -> str:
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


class ClaimList(VerdictList):
    """`GET /api/v1/claims/`: claims with a public verdict; filters, order and pages as for verdicts."""

    def entry(self, document: bytes) -> bytes:
        return as_json(claim_of(json.loads(document))).encode()


class ClaimDetail(PublicView):
    """`GET /api/v1/claims/<public_id>/`."""

    def body(self, asked: Asked, **kwargs: Any) -> str:
        return as_json(claim_of(json.loads(stored_body(kwargs["public_id"])[0])))


def claim_of(document: Shape) -> Shape:
    """The claim with its verdict in short. Of a withheld one only the address and the state are left."""
    keys = ("id", "url", "status", "version", "headline", "published_at", "updated_at")
    verdict = {key: document[key] for key in keys if key in document}
    if "rating" in document:
        verdict["rating"] = document["rating"]["code"]
    claim: Shape = document.get("claim", {"id": document["id"]})
    return claim | {"verdict": verdict}


class KeyedList(PublicView):
    """A list in the order of one unique text column, `key`, which is among the `columns` a row holds."""

    parameters = PAGING
    key = "slug"
    columns: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def rows(self) -> QuerySet[Any]:
        """What the list holds, unordered."""

    @abstractmethod
    def shape(self, row: Row) -> Shape:
        """One entry, from the columns of its row."""

    def body(self, asked: Asked, **kwargs: Any) -> str:
        keyset = Keyset(self.key, (Column(self.key, self.key),))
        rows = self.rows().values(*self.columns)
        page = read_page(rows, keyset, asked, path=self.request.path, query=self.query())
        self.answer_headers = page.headers
        return page.envelope([as_json(self.shape(row)) for row in page.rows])


class ClaimantList(KeyedList):
    """`GET /api/v1/claimants/`: those with a standing verdict, by slug."""

    columns = ("public_id", "slug", "name", "kind", "job_title", "aliases", "same_as", "is_demo")

    def rows(self) -> QuerySet[Any]:
        return Claimant.objects.filter(slug__in=VerdictDocument.objects.listed().values("claimant_slug"))

    def shape(self, row: Row) -> Shape:
        return {"id": row.pop("public_id"), **row, "url": _page("claimants", row["slug"])}


class TopicList(KeyedList):
    """`GET /api/v1/topics/`: those with a standing verdict, by slug."""

    columns = ("slug", "name")

    def rows(self) -> QuerySet[Any]:
        # One look for each topic, which the first of its verdicts ends; what the document shows are the claim's topics.
        return Topic.objects.filter(Exists(VerdictDocument.objects.listed().filter(claim__topics=OuterRef("pk"))))

    def shape(self, row: Row) -> Shape:
        return {**row, "url": _page("topics", row["slug"])}


class RatingList(KeyedList):
    """`GET /api/v1/ratings/`: every rating a verdict may carry or has carried, by code."""

    key = "code"
    columns = (
        *("code", "name", "name_translations", "meaning", "tone", "is_active", "value"),
        *("scale__code", "scale__best", "scale__worst"),
    )

    def rows(self) -> QuerySet[Any]:
        return Rating.objects.all()

    def shape(self, row: Row) -> Shape:
        shape = {key: row[key] for key in ("code", "name", "meaning", "tone", "is_active")}
        shape |= {"names": row["name_translations"], "scale": row["scale__code"]}
        if row["value"] is not None:
            shape |= {"value": row["value"], "best": row["scale__best"], "worst": row["scale__worst"]}
        return shape


SOURCE_COLUMNS = (
    *("public_id", "url", "canonical_url", "title", "publisher", "language", "is_demo"),
    *("availability", "availability_since"),
)


class SourceList(KeyedList):
    """`GET /api/v1/sources/`: pages that public verdicts rest on, by id."""

    key = "public_id"
    columns = SOURCE_COLUMNS

    def rows(self) -> QuerySet[Any]:
        # One look into the index for each source of the page: all that are cited would be gathered for every page.
        return Source.objects.filter(Exists(VerdictDocument.objects.readable().citing(OuterRef("public_id"))))

    def shape(self, row: Row) -> Shape:
        return source_of(row)


class SourceDetail(PublicView):
    """`GET /api/v1/sources/<id>/`: with what every visit changes, and the newest verdicts that rest on it."""

    def body(self, asked: Asked, **kwargs: Any) -> str:
        public_id = kwargs["public_id"]
        citing = VerdictDocument.objects.readable().citing(public_id)
        verdicts = list(citing.order_by("-published_at", "-pk").values_list("public_id", flat=True)[:MOST_VERDICTS])
        visited = ("last_checked_at", "last_ok_at")
        rows = Source.objects.filter(public_id=public_id).values(*SOURCE_COLUMNS, *visited)
        row: Row | None = rows.first() if verdicts else None
        if row is None:
            raise Http404("No public verdict rests on a source with this id. Ids are case-sensitive.")
        visits = {key: rfc3339(row[key]) if row[key] else None for key in visited}
        return as_json(source_of(row) | visits | {"verdicts": verdicts})


def source_of(row: Row) -> Shape:
    """`status` is the page's availability in our words; `page` is our page about it."""
    return {
        "id": row["public_id"],
        **{key: row[key] for key in ("url", "canonical_url", "title", "publisher", "language", "is_demo")},
        "status": row["availability"],
        "status_since": rfc3339(row["availability_since"]),
        "page": _page("sources", row["public_id"]),
    }


def _page(kind: str, name: str) -> str:
    return f"{settings.SITE_URL}/{kind}/{quote(name)}/"
