"""Where a claim is: derived from its draft and its verdict, never stored."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.choices import DraftState, VerdictStatus
from claims.models import Claim, Draft, Rating, Verdict

Words = str | Promise


@dataclass(frozen=True)
class Place:
    """One step of the workflow. `condition` finds its claims; `tone` is the label's look."""

    key: str
    label: Words
    tone: str
    condition: Q


# Asked this way, PostgreSQL walks along the newest claims instead of joining all of them.
LOGGED = Q(~Exists(Verdict.objects.filter(claim=OuterRef("pk"))), ~Exists(Draft.objects.filter(claim=OuterRef("pk"))))
PLACES = {
    place.key: place
    for place in (
        Place("logged", _("Logged"), "neutral", LOGGED),
        Place("assigned", _("Assigned"), "neutral", Q(draft__state=DraftState.ASSIGNED)),
        Place("drafted", _("Drafted"), "info", Q(draft__state=DraftState.DRAFTED)),
        Place("in_review", _("In review"), "attention", Q(draft__state=DraftState.IN_REVIEW)),
        Place("sent_back", _("Sent back"), "attention", Q(draft__state=DraftState.SENT_BACK)),
        Place("published", _("Published"), "good", Q(verdict__status=VerdictStatus.PUBLISHED)),
        Place("under_review", _("Under review"), "alarm", Q(verdict__status=VerdictStatus.UNDER_REVIEW)),
        Place("retracted", _("Retracted"), "neutral", Q(verdict__status=VerdictStatus.RETRACTED)),
        Place("withheld", _("Withheld"), "neutral", Q(verdict__status=VerdictStatus.WITHHELD)),
    )
}


def draft_of(claim: Claim) -> Draft | None:
    return getattr(claim, "draft", None)


def verdict_of(claim: Claim) -> Verdict | None:
    return getattr(claim, "verdict", None)


def places_of(claim: Claim) -> list[Place]:
    """The public place first, then the draft's: a published claim may have a correction in review."""
    verdict, draft = verdict_of(claim), draft_of(claim)
    keys = [str(verdict.status)] if verdict else []
    keys += [str(draft.state)] if draft else []
    return [PLACES[key] for key in keys or ["logged"]]


def rating_of(claim: Claim) -> Rating | None:
    """The public rating; before publication the draft's."""
    verdict, draft = verdict_of(claim), draft_of(claim)
    if verdict and verdict.current_version:
        return verdict.current_version.rating
    return draft.rating if draft else None
