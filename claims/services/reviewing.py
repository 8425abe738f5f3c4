"""A published verdict is looked at again: opened by a machine or a person, settled by a person alone."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.choices import CorrectionKind, DraftState, EventType, ReviewOutcome, VerdictStatus
from claims.errors import NotAllowed
from claims.models import Claim, Draft, Evidence, Review, User, Verdict
from claims.rendering.content import Content
from claims.services.guards import require_checker, required
from claims.services.history import NewEvent
from claims.services.public_changes import current_number, lock_verdicts, publish_changes
from claims.services.record import record
from claims.services.telling import tell_of_review_by_person


def open_review(
    verdict: Verdict, *, reason: str, evidence: list[Evidence], by: User | None, at: datetime
) -> Review | None:
    """Open a review of a locked, standing verdict; None when one is open already, which then covers this evidence too.

    The caller publishes the change (see drift.py, look_again).
    """
    running = verdict.reviews.open().first()
    if running is not None:
        running.evidence.add(*evidence)
        return None
    review = Review(verdict=verdict, opened_at=at, opened_by=by, reason=reason)
    review.full_clean()
    review.save()
    review.evidence.set(evidence)
    verdict.status, verdict.status_since = VerdictStatus.UNDER_REVIEW, at
    verdict.save(update_fields=["status", "status_since"])
    record(verdict.claim, "opened a review", by=by, detail=reason, at=at)
    return review


def review_opened(review: Review) -> dict[str, object]:
    """The data of its verdict.review_opened event."""
    return {
        "review": review.public_id,
        "opened_by": review.opened_by_kind,
        "evidence": {row.public_id: row.quote_status for row in review.evidence.all()},
    }


@transaction.atomic
def look_again(claim: Claim, *, by: User, reason: str, at: datetime | None = None) -> Review:
    """A person opens a review. Raises NotAllowed when the verdict does not stand or one is open already."""
    require_checker(by)
    verdict = _locked_standing(claim)
    if verdict.reviews.open().exists():
        raise NotAllowed(_("This verdict is being looked at already."))
    at = at or timezone.now()
    review = open_review(
        verdict,
        reason=required(reason, _("Say why it is looked at again: it becomes public.")),
        evidence=[],
        by=by,
        at=at,
    )
    assert review is not None
    tell_of_review_by_person(review, by=by, at=at)
    publish_changes([(verdict, EventType.REVIEW_OPENED, review_opened(review))], at=at)
    return review


def close_review(verdict: Verdict, *, by: User, outcome: str, note: str, at: datetime) -> list[NewEvent]:
    """Close the open review, if any, and return its event for the caller to append after its own."""
    review = verdict.reviews.open().select_for_update().first()
    if review is None:
        return []
    review.closed_at, review.closed_by, review.outcome, review.note = at, by, outcome, note
    review.full_clean()
    review.save()
    data = {"review": review.public_id, "outcome": str(outcome)}
    return [NewEvent(claim=verdict.claim, type=EventType.REVIEW_CLOSED, version=current_number(verdict), data=data)]


@transaction.atomic
def confirm_verdict(claim: Claim, *, by: User, note: str, at: datetime | None = None) -> Verdict:
    """A person looked again and the verdict stands. `note` becomes public."""
    require_checker(by)
    verdict = _locked_standing(claim)
    note = required(note, _("Write what you found: it becomes public."))
    at = at or timezone.now()
    closing = close_review(verdict, by=by, outcome=ReviewOutcome.CONFIRMED, note=note, at=at)
    if not closing:
        raise NotAllowed(_("No review of this verdict is open, so there is nothing to confirm."))
    _set_status(verdict, VerdictStatus.PUBLISHED, "", at)
    record(claim, "confirmed the verdict", by=by, detail=note, at=at)
    publish_changes([(verdict, event.type, event.data) for event in closing], at=at)
    return verdict


@transaction.atomic
def correct_verdict(claim: Claim, *, by: User, kind: str, reason: str, at: datetime | None = None) -> Draft:
    """Begin a correction: a draft filled with the current version. It is published like any draft."""
    require_checker(by)
    verdict = next(iter(lock_verdicts([claim.pk])), None)
    if verdict is None:
        raise NotAllowed(_("This claim has no published verdict yet: write the draft."))
    if verdict.status == VerdictStatus.WITHHELD:
        raise NotAllowed(_("A withheld verdict has no text left to correct."))
    if Draft.objects.filter(claim=claim).exists():
        raise NotAllowed(_("A draft on this claim is open already: correct the verdict there."))
    version = verdict.current_version
    assert version is not None
    draft = Draft(
        claim=claim,
        state=DraftState.DRAFTED,
        assigned_to=by,
        rating=version.rating,
        correction_kind=kind,
        correction_reason=required(reason, _("Write the reason for the correction: it becomes public.")),
        updated_at=at or timezone.now(),
        **_written(version.content),
    )
    draft.full_clean()
    draft.save()
    draft.editors.add(by)
    record(claim, "began a correction", by=by, detail=reason, at=at)
    return draft


@transaction.atomic
def reopen_verdict(claim: Claim, *, by: User, reason: str, at: datetime | None = None) -> Draft:
    """Take a retracted verdict up again: a correction, whose reason becomes public when a second person publishes it.

    Until then it stays retracted: nothing comes back into public by one person's word.
    """
    require_checker(by)
    if not Verdict.objects.filter(claim=claim, status=VerdictStatus.RETRACTED).exists():
        raise NotAllowed(_("Only a retracted verdict is taken up again; one that stands is corrected."))
    record(claim, "took the verdict up again", by=by, detail=reason, at=at)
    return correct_verdict(claim, by=by, kind=CorrectionKind.SUBSTANTIVE, reason=reason, at=at)


def _written(content: str) -> Content:
    frozen = json.loads(content)
    return {
        "headline": frozen["headline"],
        "summary": frozen["summary"],
        "explanation": frozen["explanation_markdown"],
        "language": frozen["language"],
    }


@transaction.atomic
def retract_verdict(claim: Claim, *, by: User, reason: str, at: datetime | None = None) -> Verdict:
    """Take the verdict back. It stays readable with the reason, and leaves the lists and the markup."""
    if not by.may_approve:
        raise NotAllowed(_("Only a reviewer or an administrator may retract a verdict."))
    verdict = _locked_standing(claim)
    reason = required(reason, _("Write the reason for the retraction: it becomes public."))
    at = at or timezone.now()
    closing = close_review(verdict, by=by, outcome=ReviewOutcome.RETRACTED, note=reason, at=at)
    _set_status(verdict, VerdictStatus.RETRACTED, reason, at)
    record(claim, "retracted the verdict", by=by, detail=reason, at=at)
    assert verdict.current_version is not None
    data = {
        "rating": verdict.current_version.rating.code,
        "content_digest": verdict.current_version.content_digest,
    }
    publish_changes(
        [(verdict, EventType.RETRACTED, data), *((verdict, event.type, event.data) for event in closing)],
        at=at,
    )
    return verdict


def _locked_standing(claim: Claim) -> Verdict:
    verdict = next(iter(lock_verdicts([claim.pk])), None)
    if verdict is None:
        raise NotAllowed(_("This claim has no published verdict yet."))
    if not verdict.stands:
        raise NotAllowed(_("This verdict is: %(state)s.") % {"state": verdict.get_status_display().lower()})
    return verdict


def _set_status(verdict: Verdict, status: str, reason: str, at: datetime) -> None:
    verdict.status, verdict.status_reason, verdict.status_since = status, reason, at
    verdict.full_clean()
    verdict.save(update_fields=["status", "status_reason", "status_since"])
