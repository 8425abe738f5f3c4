"""What stands above and below the claim's form: where it is, what is missing, what can be done, what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from claims.admin.actions import offered, open_review_of
from claims.admin.base import person
from claims.admin.here import others_here
from claims.admin.inside_steps import contact_of
from claims.admin.places import draft_of, places_of, rating_of, verdict_of
from claims.admin.withholding import pending_withholding
from claims.admin.wording import changed_words, evidence_state, number_in, quote_state
from claims.choices import DraftState
from claims.models import Claim, Evidence, Review
from claims.services import what_is_missing
from sources.finding import is_id

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin

RECORD_LINES = 30


def overview(admin: ClaimAdmin, request: HttpRequest, object_id: str | None) -> dict[str, Any]:
    """Template context for a claim's page; empty for a new claim or one that is not there."""
    if object_id is None or not is_id(object_id):
        return {}
    claim = admin.get_queryset(request).filter(pk=int(object_id)).first()
    return {"show_save_and_continue": False, "desk": claim_state(claim, request)} if claim else {}


def claim_state(claim: Claim, request: HttpRequest) -> dict[str, Any]:
    user, draft = person(request), draft_of(claim)
    return {
        "claim": claim,
        "places": places_of(claim),
        "rating": rating_of(claim),
        "draft": draft,
        "verdict": verdict_of(claim),
        "actions": offered(claim, user),
        "may_write": user.may_check and not (claim.is_public and draft is None),
        "in_review": draft is not None and draft.state == DraftState.IN_REVIEW,
        "missing": list(what_is_missing(draft)) if draft and draft.state != DraftState.IN_REVIEW else [],
        "review": review_state(open_review_of(claim)),
        "withholding": pending_withholding(claim),
        "others": others_here(claim, user),
        "notes": list(claim.notes.select_related("author")),
        "contact": contact_of(claim) if user.may_check else None,
        "record": claim.activities.select_related("actor")[:RECORD_LINES],
    }


def review_state(review: Review | None) -> dict[str, Any] | None:
    if review is None:
        return None
    return {
        "review": review,
        "evidence": [
            {"row": row, "state": quote_state(row), "changed": changed_words(row)} for row in review.evidence.all()
        ],
    }


def evidence_states(claim: Claim) -> list[dict[str, Any]]:
    rows = Evidence.objects.attached().filter(claim=claim).select_related("source", "upload")
    return [{"row": row, "state": evidence_state(row), "quantity": number_in(row)} for row in rows]
