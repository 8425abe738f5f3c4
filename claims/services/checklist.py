"""The methodology's checklist on a draft: who ticked what, and what of it goes on record with the version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.errors import NotAllowed
from claims.models import ChecklistItem, ChecklistTick, Claim, Draft, User, VerdictVersion
from claims.services.guards import lock_claim, require_checker
from claims.services.record import record


@transaction.atomic
def tick_checklist(claim: Claim, *, by: User, ticks: Mapping[int, bool], at: datetime | None = None) -> list[str]:
    """Tick (True) or untick (False) points of the claim's draft, by primary key. Returns the texts that changed.

    Points that are not in use, and points that already are as wanted, are left alone. Whoever ticks counts as an
    author: they say what was done. Raises NotAllowed without a draft, and while a second person reads it.
    """
    require_checker(by)
    lock_claim(claim.pk)
    draft = Draft.objects.select_for_update(of=("self",)).filter(claim=claim).first()
    if draft is None:
        raise NotAllowed(_("There is no draft on this claim to tick anything for: write it first."))
    ticked = dict(draft.ticks.values_list("item_id", "pk"))
    items = [
        item
        for item in ChecklistItem.objects.in_use().filter(pk__in=list(ticks))
        if ticks[item.pk] != (item.pk in ticked)
    ]
    if not items:
        return []
    if not draft.is_open_for_writing:
        raise NotAllowed(_("This draft is in review. Ask the reviewer to send it back before you change it."))
    for item in items:
        if ticks[item.pk]:
            ChecklistTick.objects.create(draft=draft, item=item, text=item.text, by=by, at=at or timezone.now())
        else:
            draft.ticks.filter(item=item).delete()
    draft.editors.add(by)
    changed = [("✓ " if ticks[item.pk] else "✗ ") + item.text for item in items]
    record(claim, "ticked the checklist", by=by, detail="; ".join(changed), at=at)
    return changed


def unticked(draft: Draft) -> list[ChecklistItem]:
    """Required points nobody has ticked."""
    required = ChecklistItem.objects.in_use().filter(required=True)
    return list(required.exclude(ticks__draft=draft) if draft.pk else required)


def freeze_ticks(draft: Draft, version: VerdictVersion) -> None:
    """Hand the draft's ticks to the version it became. Call before the draft is deleted."""
    draft.ticks.update(draft=None, version=version)
