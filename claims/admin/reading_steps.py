"""Steps around a draft: reading it as the second person, dropping it, taking a retracted verdict up again."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from claims import services
from claims.admin.action import Action, Cleaned, Words
from claims.admin.places import draft_of, verdict_of
from claims.admin.step_forms import StepForm, words
from claims.choices import DraftState, VerdictStatus
from claims.errors import NotAllowed
from claims.models import Claim, Draft, User
from claims.services.publishing import require_approver
from claims.services.reading import is_read_by_another


class DropForm(StepForm):
    reason = words(_("Why"), _("For your colleagues, on the record. What was written stays there too."))


class RemoveForm(StepForm):
    reason = words(_("Why"), _("Stays on the record, with who removed it and what it said."))


class ReopenForm(StepForm):
    reason = words(
        _("Reason"), _("Becomes public, word for word, once a second person publishes the verdict taken up again.")
    )


def _draft(claim: Claim) -> Draft:
    draft = draft_of(claim)
    if draft is None:
        raise NotAllowed(str(_("There is no draft on this claim any more: it was published meanwhile, or dropped.")))
    return draft


def _may_read(claim: Claim, user: User) -> bool:
    draft = draft_of(claim)
    if draft is None or draft.state != DraftState.IN_REVIEW or draft.reader_id == user.pk:
        return False
    try:
        require_approver(draft, user, second_review=settings.CLAIMTRACK_REQUIRE_SECOND_REVIEWER)
    except NotAllowed:
        return False
    return not is_read_by_another(draft, user)


def _reads(claim: Claim, user: User) -> bool:
    draft = draft_of(claim)
    return draft is not None and draft.state == DraftState.IN_REVIEW and draft.reader_id == user.pk


def _is_read(claim: Claim) -> bool:
    draft = draft_of(claim)
    return draft is not None and draft.state == DraftState.IN_REVIEW


def _may_be_dropped(claim: Claim) -> bool:
    draft = draft_of(claim)
    return draft is not None and draft.state != DraftState.IN_REVIEW


def _may_be_reopened(claim: Claim) -> bool:
    verdict = verdict_of(claim)
    return verdict is not None and verdict.status == VerdictStatus.RETRACTED and draft_of(claim) is None


def _read(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.begin_reading(_draft(claim), by=user)
    return _("Your colleagues see that you are reading it.")


def _leave(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.stop_reading(_draft(claim), by=user)
    return _("Left to another reader.")


def _drop(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.drop_draft(_draft(claim), by=user, reason=cleaned["reason"])
    return _("Dropped. What was written is on the record.")


def _reopen(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.reopen_verdict(claim, by=user, reason=cleaned["reason"])
    return _("Taken up again: change the draft, then hand it in. It stays retracted until it is published.")


def _remove(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.remove_claim(claim, by=user, reason=cleaned["reason"])
    return _("Removed. It was never public; what was done with it is on the record.")


READING_STEPS = (
    Action(
        "read",
        _("I am reading this"),
        _("Tells the other reviewers that you read this draft, so that no second one begins. Changes nothing else."),
        lambda user: user.may_approve,
        _may_read,
        _read,
        one_click=True,
    ),
    Action(
        "stop-reading",
        _("Leave it to another reader"),
        _("Tells the other reviewers that you do not read it any more."),
        lambda user: user.may_approve,
        _reads,
        _leave,
        one_click=True,
    ),
    Action(
        "drop",
        _("Drop the draft"),
        _("Gives up what is being written. The claim is where it was before: logged, or published as it stands."),
        lambda user: user.may_check,
        lambda claim, user: _may_be_dropped(claim),
        _drop,
        form=DropForm,
        tone="danger",
    ),
    Action(
        "remove",
        _("Remove the claim"),
        _("For what should not be here and never was public. What was public is corrected, retracted or withheld."),
        lambda user: user.is_editor_in_chief,
        lambda claim, user: not claim.is_public and not _is_read(claim),
        _remove,
        form=RemoveForm,
        tone="danger",
    ),
    Action(
        "reopen",
        _("Take it up again"),
        _("Begins a new version of the retracted verdict. It stays retracted until a second person publishes that."),
        lambda user: user.may_check,
        lambda claim, user: _may_be_reopened(claim),
        _reopen,
        form=ReopenForm,
    ),
)
