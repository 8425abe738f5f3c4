"""A person says which of our claims somebody else's review is about."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from claims.models import Claim, ExternalReview, User
from claims.services.documents import next_change
from claims.services.guards import lock_claim, require_checker
from claims.services.record import record


@transaction.atomic
def link_review(review: ExternalReview, claim: Claim, *, by: User, at: datetime | None = None) -> ExternalReview:
    """Link the review to the claim, in place of any other. Raises NotAllowed."""
    require_checker(by)
    lock_claim(claim.pk)
    at = at or timezone.now()
    review.linked_claim, review.linked_by, review.linked_at = claim, by, at
    _save(review)
    record(claim, "linked a review by others", by=by, detail=review.url, about=review, at=at)
    return review


@transaction.atomic
def unlink_review(review: ExternalReview, *, by: User, at: datetime | None = None) -> ExternalReview:
    """Take the link away; nothing when there is none. Raises NotAllowed."""
    require_checker(by)
    claim = ExternalReview.objects.select_related("linked_claim").get(pk=review.pk).linked_claim
    if claim is not None:
        lock_claim(claim.pk)
    review.linked_claim = review.linked_by = review.linked_at = None
    _save(review)
    if claim is not None:
        record(claim, "unlinked a review by others", by=by, detail=review.url, about=review, at=at)
    return review


def _save(review: ExternalReview) -> None:
    review.full_clean()
    review.save(update_fields=["linked_claim", "linked_by", "linked_at"])
    next_change()
