"""The one way in which law beats history: an administrator proposes, a second person confirms, texts are blanked.

What stays is that something was published and withheld, when, and on what legal basis: the event log, whose entries
hold no text, still verifies.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.choices import EventType, ReviewOutcome, VerdictStatus
from claims.errors import NotAllowed
from claims.models import Claim, User, Verdict, Withholding
from claims.services.blanking import blank
from claims.services.guards import lock_claim, required
from claims.services.public_changes import lock_verdicts, publish_changes
from claims.services.record import record
from claims.services.reviewing import close_review
from claims.services.telling import tell_of_withholding
from claims.services.withheld_rows import WithheldRows
from sources.services import delete_files


@transaction.atomic
def propose_withholding(
    claim: Claim, *, by: User, reason: str, legal_basis: str, at: datetime | None = None
) -> Withholding:
    """Ask a second person to blank this verdict. `legal_basis` becomes public; `reason` stays in the newsroom.

    Raises NotAllowed, and ValidationError for words that would repeat what has to go.
    """
    if not by.is_editor_in_chief:
        raise NotAllowed(_("Only an administrator may propose to withhold a verdict."))
    Claim.objects.select_for_update().get(pk=claim.pk)
    _withholdable(claim)
    if claim.withholdings.pending().exists():
        raise NotAllowed(_("It is proposed already to withhold this verdict: a second person has to confirm it."))
    at = at or timezone.now()
    proposal = Withholding(
        claim=claim,
        reason=required(reason, _("Say why: it stays in the newsroom's own record.")),
        legal_basis=required(legal_basis, _("Give the legal basis: readers see it in the place of the text.")),
        proposed_by=by,
        proposed_at=at,
    )
    proposal.full_clean()
    _refuse_repetition(proposal)
    proposal.save()
    record(claim, "proposed to withhold the verdict", by=by, detail=proposal.legal_basis, at=at)
    tell_of_withholding(proposal, at=at)
    return proposal


@transaction.atomic
def withdraw_withholding(claim: Claim, *, by: User, at: datetime | None = None) -> Withholding:
    """Take the proposal back before anybody confirmed it: nothing was blanked."""
    lock_claim(claim.pk)
    proposal = _pending(claim)
    if not (by.is_editor_in_chief or by == proposal.proposed_by):
        raise NotAllowed(_("Only an administrator may withdraw the proposal."))
    proposal.withdrawn_by, proposal.withdrawn_at = by, at or timezone.now()
    proposal.full_clean()
    proposal.save(update_fields=["withdrawn_by", "withdrawn_at"])
    record(claim, "withdrew the proposal to withhold the verdict", by=by, at=at)
    return proposal


@transaction.atomic
def confirm_withholding(claim: Claim, *, by: User, at: datetime | None = None) -> Withholding:
    """Blank the verdict for good: the second person's word. Cannot be undone.

    The texts go in this transaction, the archive's files once it is committed: see erase_withheld_files().
    """
    if not by.may_approve:
        raise NotAllowed(_("Only a reviewer or an administrator may confirm that a verdict is withheld."))
    Claim.objects.select_for_update().get(pk=claim.pk)
    proposal = _pending(claim)
    if by == proposal.proposed_by:
        raise NotAllowed(_("You proposed it, so a second person has to confirm it."))
    at = at or timezone.now()
    verdict = lock_verdicts([claim.pk])[0]
    closing = close_review(verdict, by=by, outcome=ReviewOutcome.WITHHELD, note="", at=at)
    counts, files = blank(claim, at=at)
    proposal.confirmed_by, proposal.confirmed_at, proposal.blanked, proposal.files = by, at, counts, files
    proposal.full_clean(exclude=["claim"])
    proposal.save()
    record(claim, "withheld the verdict", by=by, detail=proposal.legal_basis, at=at)
    verdict = lock_verdicts([claim.pk])[0]
    verdict.status, verdict.status_reason, verdict.status_since = VerdictStatus.WITHHELD, proposal.legal_basis, at
    verdict.full_clean()
    verdict.save(update_fields=["status", "status_reason", "status_since"])
    publish_changes(
        [(verdict, EventType.WITHHELD, {}), *((verdict, event.type, event.data) for event in closing)], at=at
    )
    transaction.on_commit(erase_withheld_files, robust=True)
    return proposal


def erase_withheld_files() -> int:
    """Delete the archive's files of what was withheld; returns how many. Repeated by beat until none is left.

    Raises OSError when the archive refuses: the names stay noted, and the next run tries again.
    """
    erased = 0
    for proposal in Withholding.objects.exclude(files=[]).order_by("pk"):
        delete_files(proposal.files)
        erased += len(proposal.files)
        Withholding.objects.filter(pk=proposal.pk).update(files=[])
    return erased


def _pending(claim: Claim) -> Withholding:
    proposal = claim.withholdings.pending().select_for_update(of=("self",)).first()
    if proposal is None:
        raise NotAllowed(_("Nobody proposes to withhold this verdict, or it was withdrawn or confirmed meanwhile."))
    return proposal


def _withholdable(claim: Claim) -> None:
    verdict = Verdict.objects.filter(claim=claim).first()
    if verdict is None:
        raise NotAllowed(_("This claim was never public: an administrator can remove it altogether."))
    if verdict.status == VerdictStatus.WITHHELD:
        raise NotAllowed(_("This verdict is withheld already."))


def _refuse_repetition(proposal: Withholding) -> None:
    """What is written here outlives the texts, so it must not hold them."""
    for name in ("reason", "legal_basis"):
        said = getattr(proposal, name).casefold()
        for needle in WithheldRows(proposal.claim).needles:
            if needle.casefold() in said:
                raise ValidationError(
                    {name: _("This repeats words that have to go (“%(words)s”): leave them out.") % {"words": needle}}
                )
