"""A person says when a verdict is to be looked at again, and later that they looked and it stands."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.choices import EventType, ReviewOutcome
from claims.errors import NotAllowed
from claims.models import Claim, Review, User, Verdict
from claims.services.guards import require_checker, required
from claims.services.public_changes import lock_verdicts, publish_changes
from claims.services.record import record
from claims.services.reviewing import review_opened
from claims.services.telling import tell_of_look_again

# Public, in the language the verdict is written in.
PLANNED = gettext_noop("Looked at again as planned.")
# Told in one run; the next run goes on.
BATCH = 200


@transaction.atomic
def set_look_again(claim: Claim, *, by: User, on: date | None, why: str = "", at: datetime | None = None) -> Verdict:
    """On this day the desk asks somebody to look again; None takes the day away. Changes nothing in public."""
    require_checker(by)
    verdict = _standing(claim)
    _plan(verdict, on, why, by=by, at=at or timezone.now())
    return verdict


@transaction.atomic
def confirm_again(
    claim: Claim, *, by: User, note: str, next_on: date | None = None, at: datetime | None = None
) -> Review:
    """A person looked again without anything having changed, and the verdict stands. `note` becomes public.

    In public it is a review that was opened and closed in the same moment. Raises NotAllowed while a review is open:
    that one is settled with confirm_verdict().
    """
    require_checker(by)
    verdict = _standing(claim)
    if verdict.reviews.open().exists():
        raise NotAllowed(_("A review of this verdict is open: confirm the verdict there."))
    at = at or timezone.now()
    assert verdict.current_version is not None
    with translation.override(_language_of(verdict)):
        reason = _(PLANNED)
    review = Review(
        verdict=verdict, opened_at=at, opened_by=by, reason=reason, closed_at=at, closed_by=by,
        outcome=ReviewOutcome.CONFIRMED, note=required(note, _("Write what you found: it becomes public.")),
    )  # fmt: skip
    review.full_clean()
    review.save()
    record(claim, "looked again: it stands", by=by, detail=review.note, at=at)
    _plan(verdict, next_on, "", by=by, at=at)
    closing = {"review": review.public_id, "outcome": str(review.outcome)}
    publish_changes(
        [(verdict, EventType.REVIEW_OPENED, review_opened(review)), (verdict, EventType.REVIEW_CLOSED, closing)], at=at
    )
    return review


@transaction.atomic
def tell_of_due_looks(*, at: datetime | None = None) -> int:
    """Tell of verdicts whose day has come, each once; returns how many. Safe to run at any time and in parallel."""
    at = at or timezone.now()
    due = Verdict.objects.due_to_look(timezone.localdate(at)).filter(look_again_told_at=None)
    # With their claims, as the notices need them: who is busy with one finishes first.
    free = due.select_for_update(skip_locked=True, of=("self", "claim"), no_key=True)
    rows = free.select_related("claim", "current_version")
    told = list(rows.order_by("pk")[:BATCH])
    for verdict in told:
        tell_of_look_again(verdict, why=verdict.look_again_why, at=at)
    Verdict.objects.filter(pk__in=[verdict.pk for verdict in told]).update(look_again_told_at=at)
    return len(told)


def _plan(verdict: Verdict, on: date | None, why: str, *, by: User, at: datetime) -> None:
    if on is not None and on <= timezone.localdate(at):
        raise ValidationError({"on": _("Choose a day that is still to come.")})
    before = _planned(verdict)
    verdict.look_again_on, verdict.look_again_why, verdict.look_again_told_at = on, why.strip() if on else "", None
    verdict.full_clean()
    verdict.save(update_fields=["look_again_on", "look_again_why", "look_again_told_at"])
    if before != _planned(verdict):
        record(verdict.claim, "set the day to look again", by=by, before=before, after=_planned(verdict), at=at)


def _planned(verdict: Verdict) -> dict[str, object]:
    on = verdict.look_again_on
    return {"look_again_on": on.isoformat() if on else None, "look_again_why": verdict.look_again_why}


def _standing(claim: Claim) -> Verdict:
    verdict = next(iter(lock_verdicts([claim.pk])), None)
    if verdict is None or not verdict.stands:
        raise NotAllowed(_("Only a verdict that stands is looked at again."))
    return verdict


def _language_of(verdict: Verdict) -> str:
    document = verdict.claim.document if hasattr(verdict.claim, "document") else None
    language = document.language.partition("-")[0] if document else "en"
    return language if translation.check_for_language(language) else "en"
