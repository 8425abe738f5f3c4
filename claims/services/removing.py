"""What was never public can be removed; what was public cannot, except as the law demands (withholding.py)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from claims.errors import NotAllowed
from claims.models import Activity, Claim, Evidence, User
from claims.services.guards import refuse_while_in_review, required
from claims.services.logging_claims import RECORDED
from claims.services.record import record, values_of
from sources.services import erasure_allowed


@transaction.atomic
def remove_claim(claim: Claim, *, by: User, reason: str, at: datetime | None = None) -> None:
    """Remove a claim that was never public, with its evidence and draft. The record of it stays, and who removed it.

    Raises NotAllowed for what was public: it is corrected, retracted, or withheld where the law demands it.
    """
    if not by.is_editor_in_chief:
        raise NotAllowed(_("Only an administrator removes a claim."))
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if claim.is_public:
        raise NotAllowed(_("What was public is not removed: correct it, retract it, withhold it if the law demands."))
    refuse_while_in_review(claim)
    reason = required(reason, _("Say why it is removed: it stays on the record."))
    before = values_of(claim, RECORDED)
    record(None, "removed a claim that was never public", by=by, detail=reason, about=claim, before=before, at=at)
    lines = Activity.objects.filter(claim=claim)
    with erasure_allowed():
        # The words stay; only what would keep the claim from going is turned into its key.
        lines.filter(about_kind="").update(about_kind="claims.claim", about_id=str(claim.pk))
        lines.update(claim=None)
    Evidence.objects.filter(claim=claim).delete()
    claim.delete()
