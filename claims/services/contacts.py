"""How a claim reached us: noted for the newsroom alone, and forgotten in time."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims.models import Claim, ClaimContact, ReaderMessage, User
from claims.services.guards import lock_claim, refuse_withheld, require_checker
from claims.services.record import record

BATCH = 500


@transaction.atomic
def note_contact(
    claim: Claim, *, by: User, reported_by: str = "", reach: str = "", via: str = "", at: datetime | None = None
) -> ClaimContact | None:
    """Note who told us of the claim, in place of what was noted; with nothing in it, forget it. Never public.

    The record says that it was noted, never what.
    """
    require_checker(by)
    lock_claim(claim.pk)
    refuse_withheld(claim)
    at = at or timezone.now()
    said = {"reported_by": reported_by.strip(), "reach": reach.strip(), "via": via.strip()}
    if not any(said.values()):
        if ClaimContact.objects.filter(claim=claim).delete()[0]:
            record(claim, "took out how the claim reached us", by=by, at=at)
        return None
    contact = ClaimContact(claim=claim, noted_at=at, **said)
    contact.full_clean(validate_unique=False)
    ClaimContact.objects.update_or_create(claim=claim, defaults=said | {"noted_at": at})
    record(claim, "noted how the claim reached us", by=by, at=at)
    return contact


@transaction.atomic
def forget_contacts(*, at: datetime | None = None) -> int:
    """Delete what was noted longer than CLAIMTRACK_KEEP_CONTACTS ago; returns how many. Safe to repeat."""
    at = at or timezone.now()
    old = ClaimContact.objects.filter(noted_at__lt=at - settings.CLAIMTRACK_KEEP_CONTACTS)
    # With their claims, as the record needs them: who is busy with one finishes first, and the next run comes back.
    free = old.select_for_update(skip_locked=True, of=("self", "claim"), no_key=True)
    rows = list(free.select_related("claim").order_by("pk")[:BATCH])
    for row in rows:
        record(row.claim, "forgot how the claim reached us", by=None, at=at)
        row.delete()
    return len(rows) + _forget_senders(at)


def _forget_senders(at: datetime) -> int:
    """How to reach those who wrote to us through a public form; what they wrote stays on the desk."""
    old = ReaderMessage.objects.filter(received_at__lt=at - settings.CLAIMTRACK_KEEP_CONTACTS).exclude(contact="")
    rows = list(old.select_for_update(skip_locked=True, of=("self",)).select_related("claim").order_by("pk")[:BATCH])
    for row in rows:
        record(row.claim, "forgot how to reach a reader", by=None, about=row, at=at)
    ReaderMessage.objects.filter(pk__in=[row.pk for row in rows]).update(contact="")
    return len(rows)
