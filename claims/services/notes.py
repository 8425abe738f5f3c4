"""Notes among colleagues on a claim: written, never edited, struck out by their author."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.errors import NotAllowed
from claims.models import Claim, Note, User
from claims.services.guards import lock_claim, refuse_withheld, require_checker, required
from claims.services.record import record
from claims.services.telling import tell_of_mention

# As Django allows names; a full stop or comma behind a name belongs to the sentence.
MENTION = re.compile(r"(?<![\w@.+-])@([\w.@+-]+)")


@transaction.atomic
def add_note(claim: Claim, *, by: User, text: str, at: datetime | None = None) -> Note:
    """Tell colleagues something about the claim; whoever is named with @ is told. Raises NotAllowed."""
    require_checker(by)
    # Whoever withholds the verdict holds it: what is asked next is then decided.
    lock_claim(claim.pk)
    refuse_withheld(claim)
    at = at or timezone.now()
    note = Note(claim=claim, author=by, at=at, text=required(text, _("Write the note.")))
    note.full_clean()
    note.save()
    record(claim, "wrote a note", by=by, at=at)
    tell_of_mention(mentioned(note.text), claim=claim, note=note.text, key=str(note.pk), by=by, at=at)
    return note


@transaction.atomic
def strike_note(note: Note, *, by: User, at: datetime | None = None) -> Note:
    """Take back what one wrote. It stays readable, struck out. Raises NotAllowed for anybody but its author."""
    require_checker(by)
    lock_claim(note.claim_id)
    note = Note.objects.select_for_update(of=("self",)).select_related("claim").get(pk=note.pk)
    if note.author_id != by.pk:
        raise NotAllowed(_("Only its author strikes a note out."))
    if note.struck_at is None:
        note.struck_at = max(at or timezone.now(), note.at)
        note.save(update_fields=["struck_at"])
        record(note.claim, "struck a note out", by=by, at=note.struck_at)
    return note


def mentioned(text: str) -> list[User]:
    """The active colleagues named with @ in it."""
    said = {name for found in MENTION.findall(text) for name in (found, found.rstrip(".@+-"))}
    return list(User.objects.filter(username__in=said, is_active=True).order_by("pk"))
