"""What Google's address is asked in tests, and other fact-checkers' reviews to find there."""

from __future__ import annotations

from typing import Any

from django.test import Client

from claims.choices import TakenFrom
from claims.models import ExternalReview, ImportRun
from claims.rendering.search_words import searchable

SEARCH = "/v1alpha1/claims:search"


def search(client: Client, **asked: Any) -> Any:
    """The parsed answer; fails unless it is 200."""
    response = client.get(SEARCH, asked)
    assert response.status_code == 200, response.content
    return response.json()


def texts(answer: Any) -> list[str]:
    return [claim["text"] for claim in answer.get("claims", [])]


def refused(response: Any, code: int = 400, status: str = "INVALID_ARGUMENT") -> Any:
    """The `error` of an answer in Google's shape."""
    assert response.status_code == code, response.content
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    error = response.json()["error"]
    assert (error["code"], error["status"]) == (code, status) and error["message"]
    return error


def make_external(text: str, *, site: str = "facts.example", **fields: Any) -> ExternalReview:
    run = ImportRun.objects.get_or_create(source="a file")[0]
    number = ExternalReview.objects.count()
    defaults: dict[str, Any] = {
        "key": f"key {number}",
        "page_key": f"page {number}",
        "fingerprint": "f",
        "url": f"https://www.{site}/checks/{number}",
        "publisher_site": site,
        "publisher_name": "Facts",
        "claim_text": text,
        "rating_label": "Mostly wrong",
        "taken_from": TakenFrom.values[0],
        "search_text": searchable(text, fields.get("headline", "")),
        "run": run,
    }
    return ExternalReview.objects.create(**(defaults | fields))
