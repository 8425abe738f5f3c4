"""Who may change what now: the checks that several services share."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.choices import VerdictStatus
from claims.errors import NotAllowed
from claims.models import Claim, Draft, User, Verdict


def lock_claim(pk: int) -> Claim:
    """The claim as it is now, held until commit: first, before its draft, verdict or evidence, so that nobody waits in
    a circle. Rows that point at it may be inserted meanwhile; who must keep those out too locks with FOR UPDATE.
    """
    return Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def lock_claims(pks: Iterable[int]) -> None:
    """lock_claim() for several, in one order."""
    list(Claim.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(pks)).order_by("pk").only("pk"))


def require_checker(by: User) -> None:
    if not by.may_check:
        raise NotAllowed(_("Observers read the desk. Ask an administrator for the role of fact-checker."))


def refuse_withheld(claim: Claim) -> None:
    """What the law took away is not written anew; triggers hold it in the database too."""
    if Verdict.objects.filter(claim=claim, status=VerdictStatus.WITHHELD).exists():
        raise NotAllowed(_("This verdict is withheld: nothing is written here any more. Log another claim instead."))


def refuse_while_in_review(claim: Claim) -> None:
    """What a second person is reading may not move under their eyes, and what is withheld not at all. Holds the claim,
    so that it stays as found.
    """
    lock_claim(claim.pk)
    refuse_withheld(claim)
    if Draft.objects.filter(claim=claim).waiting_for_review().exists():
        raise NotAllowed(_("This claim's draft is in review. Ask the reviewer to send it back before you change it."))


def note_editor(claim: Claim, by: User) -> None:
    """Whoever changes what the next version rests on counts as its author, also before anybody drafts it."""
    claim.evidence_editors.add(by)
    for draft in Draft.objects.filter(claim=claim):
        draft.editors.add(by)


def draft_to_write_in(claim: Claim) -> Draft:
    """The claim's draft; opened when there is none and nothing is published yet.

    Raises NotAllowed for a published verdict without a draft: it is changed by a correction, which says why.
    """
    refuse_withheld(claim)
    draft = Draft.objects.filter(claim=claim).first()
    if draft is None and Verdict.objects.filter(claim=claim).exists():
        raise NotAllowed(
            _("This verdict is published. Begin a correction: it asks for the reason, which becomes public.")
        )
    return draft or Draft.objects.create(claim=claim, language=claim.language)


def required(text: str, message: str) -> str:
    """The text without the blanks around it. Raises ValidationError with `message` when nothing is left."""
    if not text.strip():
        raise ValidationError(message)
    return text.strip()
