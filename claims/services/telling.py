"""What colleagues do that others should know: given, handed in, sent back, published, mentioned, due again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_noop

from claims.choices import NoticeKind
from claims.models import Claim, Draft, Notice, Review, User, Verdict, VerdictVersion, Withholding
from claims.said import say
from claims.services.notices import approvers, notify, one_line, people_of

# Of what somebody wrote, as much as a notice carries; the page it leads to has all of it.
LONGEST = 2000


def tell_of_assignment(draft: Draft, *, by: User, at: datetime) -> None:
    """Somebody gave the claim to whoever has it now."""
    if draft.assigned_to is None:
        return
    notify(
        [draft.assigned_to],
        kind=NoticeKind.ASSIGNED,
        key=f"assigned-{draft.claim_id}-{at.timestamp()}",
        title=say(gettext_noop("Given to you: %(claim)s"), claim=_named(draft.claim)),
        text=[say(gettext_noop("%(person)s gave you this claim."), person=by.get_username())],
        path=_page(draft.claim),
        by=by,
        at=at,
    )


def tell_of_draft_waiting(draft: Draft, *, by: User, at: datetime) -> None:
    """A draft was handed in: everybody who may approve it, which nobody does who wrote in it."""
    wrote = set(draft.editors.values_list("pk", flat=True)) | {draft.submitted_by_id}
    notify(
        [person for person in approvers() if person.pk not in wrote],
        kind=NoticeKind.DRAFT_WAITING,
        key=f"waiting-{draft.claim_id}-{at.timestamp()}",
        title=say(gettext_noop("Waits for your review: %(claim)s"), claim=_named(draft.claim)),
        text=[
            say(
                gettext_noop("%(person)s handed it in: %(headline)s"),
                person=by.get_username(),
                headline=one_line(draft.headline),
            )
        ],
        path=_page(draft.claim, "approve"),
        by=by,
        at=at,
    )


def waits_no_more(claim: Claim, *, at: datetime) -> None:
    """Its draft was published or sent back: what asked people to read it is ticked off and not mailed any more."""
    asked = Notice.objects.unread().filter(kind=NoticeKind.DRAFT_WAITING, key__startswith=f"waiting-{claim.pk}-")
    asked.update(read_at=at, mail_due_at=None, in_digest=False)


def tell_of_sent_back(draft: Draft, *, by: User, because: str, at: datetime) -> None:
    """The second person wants something changed: whoever handed it in and whoever has it, with the comment."""
    waits_no_more(draft.claim, at=at)
    people = {person.pk: person for person in (draft.submitted_by, draft.assigned_to) if person and person.is_active}
    notify(
        people.values(),
        kind=NoticeKind.SENT_BACK,
        key=f"sent-back-{draft.claim_id}-{at.timestamp()}",
        title=say(gettext_noop("Sent back: %(claim)s"), claim=_named(draft.claim)),
        text=[say(gettext_noop("%(person)s sent it back:"), person=by.get_username()), because[:LONGEST]],
        path=_page(draft.claim, "draft"),
        by=by,
        at=at,
    )


def tell_of_published(version: VerdictVersion, *, by: User, at: datetime) -> None:
    """A second person published it: everybody who wrote in it."""
    wrote = {person.pk: person for person in [version.author, *version.editors.all()] if person.is_active}
    claim = version.verdict.claim
    waits_no_more(claim, at=at)
    notify(
        wrote.values(),
        kind=NoticeKind.PUBLISHED,
        key=f"published-{version.pk}",
        title=say(gettext_noop("Published: %(claim)s"), claim=_named(claim)),
        text=[
            say(
                gettext_noop("%(person)s published version %(number)s with the rating %(rating)s."),
                person=by.get_username(),
                number=version.number,
                rating=version.rating.name,
            )
        ],
        path=_page(claim),
        by=by,
        at=at,
    )


def tell_of_review_by_person(review: Review, *, by: User, at: datetime) -> None:
    """A colleague wants a published verdict looked at again: the same people as when the machine does."""
    claim = review.verdict.claim
    notify(
        people_of(review.verdict),
        kind=NoticeKind.REVIEW_OPENED,
        key=f"review-{review.public_id}",
        title=say(gettext_noop("Review opened: %(claim)s"), claim=_named(claim)),
        text=[say(gettext_noop("%(person)s opened it:"), person=by.get_username()), review.reason[:LONGEST]],
        path=_page(claim),
        by=by,
        at=at,
    )


def tell_of_mention(people: Iterable[User], *, claim: Claim, note: str, key: str, by: User, at: datetime) -> None:
    """A colleague named them in a note on the claim. `key` names the note, and each person is told once of it."""
    notify(
        [person for person in people if person.is_active],
        kind=NoticeKind.MENTIONED,
        key=f"note-{key}",
        title=say(gettext_noop("%(person)s mentions you: %(claim)s"), person=by.get_username(), claim=_named(claim)),
        text=[note[:LONGEST]],
        path=_page(claim),
        by=by,
        at=at,
    )


def tell_of_look_again(verdict: Verdict, *, why: str = "", at: datetime) -> None:
    """The day has come on which the verdict is to be looked at again. Told once a day at most."""
    notify(
        people_of(verdict),
        kind=NoticeKind.LOOK_AGAIN_DUE,
        key=f"again-{verdict.pk}-{at:%Y-%m-%d}",
        title=say(gettext_noop("Look again: %(claim)s"), claim=_named(verdict.claim)),
        text=[say(gettext_noop("Today is the day on which this verdict is to be looked at again.")), why[:LONGEST]],
        path=_page(verdict.claim),
        at=at,
    )


def tell_of_withholding(proposal: Withholding, *, at: datetime) -> None:
    """A verdict is to be withheld: whoever may be the second person. Holds none of the words that are to go."""
    notify(
        approvers(),
        kind=NoticeKind.WITHHOLDING,
        key=f"withholding-{proposal.pk}",
        title=say(gettext_noop("A verdict is to be withheld: %(basis)s"), basis=one_line(proposal.legal_basis)),
        text=[say(gettext_noop("A second person has to confirm it, or an administrator withdraws it."))],
        path=_page(proposal.claim),
        by=proposal.proposed_by,
        at=at,
    )


def _named(claim: Claim) -> str:
    return one_line(str(claim))


def _page(claim: Claim, page: str = "change") -> str:
    return reverse(f"admin:claims_claim_{page}", args=[claim.pk])
