"""The steps of the workflow a person takes at the desk: who may, when it is offered, which service it calls.

One row of ACTIONS is one page at /admin/claims/claim/<pk>/<slug>/; nothing happens before its form is posted.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims import services
from claims.admin.action import Action, Cleaned, Words
from claims.admin.inside_steps import INSIDE_STEPS
from claims.admin.places import draft_of, verdict_of
from claims.admin.reading_steps import READING_STEPS
from claims.admin.step_forms import (
    ApproveForm,
    AssignForm,
    ConfirmForm,
    CorrectForm,
    LookAgainForm,
    RetractForm,
    SendBackForm,
)
from claims.admin.withholding import WITHHOLDING_STEPS
from claims.choices import DraftState, VerdictStatus
from claims.errors import NotAllowed
from claims.models import Claim, Draft, Review, User
from claims.services.publishing import require_approver


def may_check(user: User) -> bool:
    return user.may_check


def may_approve(user: User) -> bool:
    return user.may_approve or (user.may_check and not settings.CLAIMTRACK_REQUIRE_SECOND_REVIEWER)


def may_retract(user: User) -> bool:
    return user.may_approve


def _draft(claim: Claim) -> Draft:
    draft = draft_of(claim)
    if draft is None:
        raise NotAllowed(
            gettext("There is no draft on this claim any more: it was published meanwhile, or never begun.")
        )
    return draft


def _in_review(claim: Claim) -> bool:
    draft = draft_of(claim)
    return draft is not None and draft.state == DraftState.IN_REVIEW


def _open_for_writing(claim: Claim) -> bool:
    draft = draft_of(claim)
    return draft is not None and draft.state in {DraftState.DRAFTED, DraftState.SENT_BACK}


def _why_not_approved(claim: Claim, user: User) -> Words:
    """Empty when this person may publish the draft now."""
    try:
        require_approver(_draft(claim), user, second_review=settings.CLAIMTRACK_REQUIRE_SECOND_REVIEWER)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


def _may_be_sent_back_by(claim: Claim, user: User) -> bool:
    draft = draft_of(claim)
    return _in_review(claim) and draft is not None and (user.may_approve or draft.submitted_by_id == user.pk)


def _standing(claim: Claim) -> bool:
    verdict = verdict_of(claim)
    return verdict is not None and verdict.stands


def _under_review(claim: Claim) -> bool:
    verdict = verdict_of(claim)
    return verdict is not None and verdict.status == VerdictStatus.UNDER_REVIEW


def _unassigned_to(claim: Claim, user: User) -> bool:
    draft = draft_of(claim)
    return draft.assigned_to_id != user.pk if draft else not claim.is_public


def _assign(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    to = cleaned.get("to") or user
    services.assign(claim, to=to, by=user)
    return _("Assigned to %(name)s.") % {"name": to}


def _submit(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.submit_for_review(_draft(claim), by=user)
    return _("Handed in. A second person reads it now.")


def _send_back(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.send_back(_draft(claim), by=user, because=cleaned["because"])
    return _("Sent back.")


def _approve(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    if draft_of(claim) is None and claim.is_public:
        return _("This had been published already.")
    version = services.approve_and_publish(_draft(claim), by=user)
    return _("Published as version %(number)s.") % {"number": version.number}


def _look_again(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.look_again(claim, by=user, reason=cleaned["reason"])
    return _("A review is open. Readers see that the verdict is being looked at again.")


def _confirm(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.confirm_verdict(claim, by=user, note=cleaned["note"])
    return _("The verdict stands; the review is closed.")


def _correct(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.correct_verdict(claim, by=user, kind=cleaned["kind"], reason=cleaned["reason"])
    return _("A correction is begun: change the draft, then hand it in.")


def _retract(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.retract_verdict(claim, by=user, reason=cleaned["reason"])
    return _("Retracted.")


ACTIONS = {
    action.slug: action
    for action in (
        Action(
            "assign",
            _("Assign"),
            _("Says who works on this claim."),
            may_check,
            _unassigned_to,
            _assign,
            form=AssignForm,
            one_click=True,
        ),
        Action(
            "submit",
            _("Submit for review"),
            _("Hands the draft to a second person. Until they answer, nothing on it can be changed."),
            may_check,
            lambda claim, user: _open_for_writing(claim),
            _submit,
            tone="primary",
            one_click=True,
            shows_draft=True,
        ),
        Action(
            "send-back",
            _("Send back"),
            _("Gives the draft back to its author with your comment."),
            may_check,
            _may_be_sent_back_by,
            _send_back,
            form=SendBackForm,
            shows_draft=True,
        ),
        Action(
            "approve",
            _("Approve & publish"),
            _("Publishes what you see below: at once on the page and in the feeds, for good in the history."),
            may_approve,
            lambda claim, user: not _why_not_approved(claim, user),
            _approve,
            why_not=_why_not_approved,
            form=ApproveForm,
            tone="primary",
            shows_draft=True,
        ),
        Action(
            "confirm",
            _("Confirm the verdict"),
            _("Closes the open review: you looked again and the verdict stands as it is."),
            may_check,
            lambda claim, user: _under_review(claim),
            _confirm,
            form=ConfirmForm,
            tone="primary",
        ),
        Action(
            "correct",
            _("Correct"),
            _("Begins a new version from the published one. A second person publishes it too."),
            may_check,
            lambda claim, user: _standing(claim) and draft_of(claim) is None,
            _correct,
            form=CorrectForm,
        ),
        Action(
            "look-again",
            _("Look again"),
            _("Opens a review. The rating stands meanwhile; readers see that somebody is looking."),
            may_check,
            lambda claim, user: _standing(claim) and not _under_review(claim),
            _look_again,
            form=LookAgainForm,
        ),
        Action(
            "retract",
            _("Retract"),
            _("Takes the verdict back. It leaves lists and markup and stays readable with your reason."),
            may_retract,
            lambda claim, user: _standing(claim),
            _retract,
            form=RetractForm,
            tone="danger",
        ),
        *READING_STEPS,
        *INSIDE_STEPS,
        *WITHHOLDING_STEPS,
    )
}


def offered(claim: Claim, user: User) -> list[Action]:
    """The steps this person can take with this claim now, in the order of the workflow."""
    return [action for action in ACTIONS.values() if action.who(user) and action.when(claim, user)]


def open_review_of(claim: Claim) -> Review | None:
    verdict = verdict_of(claim)
    if verdict is None:
        return None
    return verdict.reviews.open().prefetch_related("evidence__source").select_related("opened_by").first()
