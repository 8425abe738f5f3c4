"""The API described as OpenAPI 3.1, from the views' own parameters and from shapes.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from feed.shapes import SHAPES, TEXT, WHOLE, Schema, ref
from feed.views import events, lists, verdicts
from feed.views.base import PublicView


@dataclass(frozen=True)
class Operation:
    """One address: what it is called, what it answers (a name in SHAPES), and the view that does."""

    path: str
    name: str
    answers: str
    help: str
    view: type[PublicView]

    @property
    def in_path(self) -> list[Schema]:
        known = {"{id}": ("id", "Public id, case-sensitive.", TEXT), "{n}": ("n", "Number of the version.", WHOLE)}
        return [
            {"name": name, "in": "path", "required": True, "description": help, "schema": schema}
            for part, (name, help, schema) in known.items()
            if part in self.path
        ]

    @property
    def in_query(self) -> list[Schema]:
        return [
            {"name": each.name, "in": "query", "description": each.help, "schema": each.schema}
            for each in self.view.parameters
        ]


OPERATIONS = (
    Operation("/api/v1/verdicts/", "verdicts", "AnyVerdictPage", "Verdicts, newest first.", verdicts.VerdictList),
    Operation("/api/v1/verdicts/{id}/", "verdict", "AnyVerdict", "One verdict as it is now.", verdicts.VerdictDetail),
    Operation(
        "/api/v1/verdicts/{id}/versions/{n}/",
        "version",
        "Version",
        "One version as it was published, with the frozen text its digest was made of.",
        verdicts.VersionDetail,
    ),
    Operation("/api/v1/events/", "events", "Events", "The change log, oldest first, without a gap.", events.EventList),
    Operation("/api/v1/claims/", "claims", "ClaimPage", "Claims with a public verdict.", lists.ClaimList),
    Operation("/api/v1/claims/{id}/", "claim", "Claim", "One claim.", lists.ClaimDetail),
    Operation("/api/v1/claimants/", "claimants", "ClaimantPage", "Who made the claims.", lists.ClaimantList),
    Operation("/api/v1/topics/", "topics", "TopicPage", "What the claims are about.", lists.TopicList),
    Operation("/api/v1/ratings/", "ratings", "RatingPage", "The words verdicts rate with.", lists.RatingList),
    Operation("/api/v1/sources/", "sources", "SourcePage", "Pages that public verdicts rest on.", lists.SourceList),
    Operation(
        "/api/v1/sources/{id}/", "source", "SourceWithVisits", "One source and our last visit.", lists.SourceDetail
    ),
)


def openapi() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.SITE_NAME} API",
            "version": "1",
            "description": "Public and read-only. Keys may be added; none is removed or changes its meaning.",
            **({"license": {"name": "Data licence", "url": settings.FEED_LICENSE}} if settings.FEED_LICENSE else {}),
        },
        "servers": [{"url": settings.SITE_URL}],
        "paths": {operation.path: {"get": _described(operation)} for operation in OPERATIONS},
        "components": {"schemas": SHAPES},
    }


def _described(operation: Operation) -> dict[str, Any]:
    problem = {"content": {"application/problem+json": {"schema": ref("Problem")}}}
    answers: dict[str, Any] = {
        "200": {
            "description": "As described.",
            "headers": {"ETag": {"schema": TEXT}, "Cache-Control": {"schema": TEXT}},
            "content": {"application/json": {"schema": ref(operation.answers)}},
        },
        "304": {"description": "The client's copy, named by If-None-Match, is still the same."},
        "400": {"description": "A parameter cannot be used."} | problem,
    }
    if operation.in_path:
        answers["404"] = {"description": "Nothing public has this id."} | problem
    return {
        "operationId": operation.name,
        "summary": operation.help,
        "parameters": operation.in_path + operation.in_query,
        "responses": answers,
    }
