"""Claims like the text, as the log page shows them."""

from __future__ import annotations

from typing import Any

from claims.admin.places import places_of, rating_of, verdict_of
from claims.admin.steps import page_of
from claims.models import Claim
from claims.similar import Similar


def listed(similar: Similar) -> dict[str, Any]:
    """For the template: a row per claim, the ids of all of them, and whether the search was given up."""
    return {
        "rows": [_row(hit.claim, hit.words) for hit in similar.hits],
        "ids": " ".join(str(hit.claim.pk) for hit in similar.hits),
        "gave_up": similar.gave_up,
    }


def _row(claim: Claim, words: list[str]) -> dict[str, Any]:
    verdict = verdict_of(claim)
    return {
        "claim": claim,
        "url": page_of(claim, "change"),
        "places": places_of(claim),
        "rating": rating_of(claim),
        "on": (verdict.published_at if verdict else claim.created_at).date(),
        "words": words,
    }
