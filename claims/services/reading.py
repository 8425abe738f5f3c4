"""Around a draft: a second person says that they read it; a draft nobody wants is dropped."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.choices import DraftState
from claims.errors import NotAllowed
from claims.models import Claim, Draft, User
from claims.services.drafting import DRAFT_FIELDS, locked
from claims.services.guards import require_checker, required
from claims.services.publishing import require_approver
from claims.services.record import record, values_of

# After this nobody is taken to be reading still: a reviewer who was called away keeps no draft from the others.
READING_TIME = timedelta(hours=4)


def is_read_by_another(draft: Draft, by: User, *, at: datetime | None = None) -> bool:
    """A colleague said within READING_TIME that they are reading it."""
    if draft.reader_id is None or draft.reader_id == by.pk or draft.reading_since is None:
        return False
    return draft.reading_since > (at or timezone.now()) - READING_TIME


@transaction.atomic
def begin_reading(draft: Draft, *, by: User, at: datetime | None = None) -> Draft:
    """“I am reading this”: so that two reviewers do not read the same draft. Changes nothing else.

    Raises NotAllowed for whoever may not approve it, and while a colleague reads it.
    """
    draft = locked(draft)
    require_approver(draft, by, second_review=settings.CLAIMTRACK_REQUIRE_SECOND_REVIEWER)
    at = at or timezone.now()
    if is_read_by_another(draft, by, at=at):
        told = _("%(name)s is reading this draft. Talk to them, or read another one.")
        raise NotAllowed(told % {"name": draft.reader})
    draft.reader, draft.reading_since = by, at
    draft.save(update_fields=["reader", "reading_since"])
    record(draft.claim, "began to read the draft", by=by, at=at)
    return draft


@transaction.atomic
def stop_reading(draft: Draft, *, by: User, at: datetime | None = None) -> Draft:
    """Leave the draft to another reviewer."""
    draft = locked(draft)
    if draft.reader_id != by.pk:
        raise NotAllowed(_("You are not the one who reads this draft."))
    draft.reader = draft.reading_since = None
    draft.save(update_fields=["reader", "reading_since"])
    record(draft.claim, "left the draft to another reader", by=by, at=at)
    return draft


@transaction.atomic
def drop_draft(draft: Draft, *, by: User, reason: str, at: datetime | None = None) -> Claim:
    """Give up a draft, or a correction that was begun. The claim is where it was before: logged, or published.

    The reason stays in the newsroom. What was written stays on the record alone. Raises NotAllowed while a second
    person reads it.
    """
    require_checker(by)
    draft = locked(draft)
    if draft.state == DraftState.IN_REVIEW:
        raise NotAllowed(_("This draft is in review. Ask the reviewer to send it back before you drop it."))
    reason = required(reason, _("Say why the draft is dropped: colleagues read it on the record."))
    before = values_of(draft, DRAFT_FIELDS)
    record(draft.claim, "dropped the draft", by=by, detail=reason, about=draft, before=before, at=at)
    claim = draft.claim
    draft.delete()
    return claim
