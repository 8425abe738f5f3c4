"""From assignment to handing in: everything before publication."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.choices import DraftState
from claims.errors import EditConflict, NotAllowed
from claims.models import Claim, Draft, User
from claims.services.guards import draft_to_write_in, lock_claim, require_checker
from claims.services.readiness import check_ready
from claims.services.record import record, values_of
from claims.services.telling import tell_of_assignment, tell_of_draft_waiting, tell_of_sent_back

DRAFT_FIELDS = (
    "rating", "language", "headline", "summary", "explanation",
    "correction_kind", "correction_reason", "unchecked_acknowledged",
)  # fmt: skip


@transaction.atomic
def assign(claim: Claim, *, to: User, by: User, at: datetime | None = None) -> Draft:
    """Give the claim to somebody; opens its draft when there is none."""
    require_checker(by)
    require_checker(to)
    lock_claim(claim.pk)
    draft = draft_to_write_in(claim)
    had, before = draft.assigned_to, values_of(draft, ["assigned_to"])
    draft.assigned_to = to
    draft.save(update_fields=["assigned_to"])
    after = values_of(draft, ["assigned_to"])
    record(claim, "assigned", by=by, detail=to.get_username(), about=draft, before=before, after=after, at=at)
    if had != to:
        tell_of_assignment(draft, by=by, at=at or timezone.now())
    return draft


@transaction.atomic
def save_draft(
    claim: Claim, *, by: User, expected_revision: int | None = None, at: datetime | None = None, **fields: Any
) -> Draft:
    """Write the draft; makes it when there is none. `fields` are those of DRAFT_FIELDS.

    Raises NotAllowed while a second person reads it, and EditConflict when somebody saved since `expected_revision`.
    """
    require_checker(by)
    if "headline" in fields:
        fields["headline"] = " ".join(fields["headline"].split())  # one line, whatever was pasted
    lock_claim(claim.pk)
    draft = draft_to_write_in(claim)
    changed = [name for name, value in fields.items() if getattr(draft, name) != value]
    if not changed:
        return draft
    if not draft.is_open_for_writing:
        raise NotAllowed(_("This draft is in review. Ask the reviewer to send it back before you change it."))
    if expected_revision is not None and draft.revision != expected_revision:
        raise EditConflict(_conflict_text(draft, changed), changed=changed)
    before = values_of(draft, DRAFT_FIELDS)
    for name in changed:
        setattr(draft, name, fields[name])
    draft.state = DraftState.DRAFTED
    draft.revision += 1
    draft.updated_at = at or timezone.now()
    draft.full_clean()
    draft.save()
    draft.editors.add(by)
    after, names = values_of(draft, DRAFT_FIELDS), ", ".join(changed)
    record(claim, "changed the draft", by=by, detail=names, about=draft, before=before, after=after, at=at)
    return draft


def _conflict_text(draft: Draft, changed: list[str]) -> str:
    others = ", ".join(user.get_username() for user in draft.editors.all()) or _("Somebody else")
    return _(
        "This draft was saved (%(others)s) while you were editing. "
        "What differs from the saved one: %(changed)s. Yours is kept below."
    ) % {"others": others, "changed": ", ".join(changed)}


def locked(draft: Draft) -> Draft:
    """The draft as it is now, locked. Raises NotAllowed when it is gone: published, most likely by a double click."""
    lock_claim(draft.claim_id)
    row = Draft.objects.select_for_update(of=("self",)).select_related("claim", "rating__scale")
    found = row.filter(pk=draft.pk).first()
    if found is None:
        raise NotAllowed(_("This draft is gone: it has been published already. Open the claim again to see it."))
    return found


@transaction.atomic
def submit_for_review(draft: Draft, *, by: User, at: datetime | None = None) -> Draft:
    """Hand in to a second person. Raises ValidationError with everything that is still missing."""
    require_checker(by)
    draft = locked(draft)
    if draft.state == DraftState.IN_REVIEW:
        return draft  # A double click is no error.
    check_ready(draft)
    draft.state = DraftState.IN_REVIEW
    draft.submitted_by = by
    draft.sent_back_because = ""
    draft.updated_at = at or timezone.now()
    draft.save(update_fields=["state", "submitted_by", "sent_back_because", "updated_at"])
    record(draft.claim, "submitted for review", by=by, at=at)
    tell_of_draft_waiting(draft, by=by, at=draft.updated_at)
    return draft


@transaction.atomic
def send_back(draft: Draft, *, by: User, because: str, at: datetime | None = None) -> Draft:
    """The second person wants something changed. The author may also take it back this way.

    A draft that nobody has is from now on in the hands of whoever handed it in.
    """
    draft = locked(draft)
    if not by.may_approve and by != draft.submitted_by:
        raise NotAllowed(_("Only a reviewer, or whoever submitted it, may send a draft back."))
    if not because.strip():
        raise ValidationError(_("Say what should change, so that the author knows."))
    if draft.state != DraftState.IN_REVIEW:
        raise NotAllowed(_("This draft is not in review, so there is nothing to send back."))
    before = values_of(draft, ["assigned_to"])
    draft.state = DraftState.SENT_BACK
    draft.sent_back_because = because
    draft.assigned_to = draft.assigned_to or draft.submitted_by
    draft.reader = draft.reading_since = None
    draft.updated_at = at or timezone.now()
    draft.save(update_fields=["state", "sent_back_because", "assigned_to", "reader", "reading_since", "updated_at"])
    after = values_of(draft, ["assigned_to"])
    record(draft.claim, "sent back", by=by, detail=because, about=draft, before=before, after=after, at=at)
    tell_of_sent_back(draft, by=by, because=because, at=draft.updated_at)
    return draft
