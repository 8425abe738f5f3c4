"""Who has a claim open just now, so that two people notice each other before they write the same sentence."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from claims.models import Claim, Presence, User
from claims.querysets import HERE_FOR


@transaction.atomic
def note_presence(claim: Claim, *, by: User, writing: bool, at: datetime | None = None) -> None:
    """This person has the claim open; `writing`: on the page where its verdict is written.

    Observers change nothing, so they warn nobody. No line in the record: looking is not an act.
    """
    if not by.may_check:
        return
    at = at or timezone.now()
    row, made = Presence.objects.select_for_update(of=("self",)).get_or_create(
        claim=claim, user=by, defaults={"writing": writing, "since": at, "seen_at": at}
    )
    if made:
        return
    if row.seen_at <= at - HERE_FOR or row.writing != writing:
        row.since = at
    row.writing, row.seen_at = writing, at
    row.save(update_fields=["writing", "since", "seen_at"])


@transaction.atomic
def leave(claim: Claim, *, by: User) -> None:
    """They closed the page."""
    Presence.objects.filter(claim=claim, user=by).delete()
