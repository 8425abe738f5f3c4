"""Claims like the text, as the log page shows them."""

from __future__ import annotations

from typing import Any

from claims.admin.places import places_of, rating_of, verdict_of
from claims.admin.steps import page_of
from claims.models import Claim
from claims.similar import Hit, Similar


def listed(similar: Similar) -> dict[str, Any]:
    """For the template: a row per claim, the ids of all of them, and whether the search was given up."""
    return {
        "rows": [_row(hit) for hit in similar.hits],
        "ids": " ".join(str(hit.claim.pk) for hit in similar.hits),
        "gave_up": similar.gave_up,
    }


def _row(hit: Hit) -> dict[str, Any]:
    claim: Claim = hit.claim
    verdict = verdict_of(claim)
    return {
        "claim": claim,
        "url": page_of(claim, "change"),
        "places": places_of(claim),
        "rating": rating_of(claim),
        "on": (verdict.published_at if verdict else claim.created_at).date(),
        "words": hit.words,
        "confidence": hit.confidence.label,
        "is_much_alike": hit.is_much_alike,
        "other_number": hit.other_number,
    }
