"""What a person decides about a file; the work itself is in working.py."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.choices import ClaimFileState
from claims.errors import NotAllowed
from claims.importing.tables import MAX_BYTES
from claims.models import ClaimFile, User
from claims.services.guards import require_checker
from claims.services.record import record


@transaction.atomic
def bring_claim_file(content: bytes, *, name: str, by: User, make_missing: bool = False) -> ClaimFile:
    """Keep a file to be looked through. Raises ValidationError when it is empty or too large, NotAllowed."""
    require_checker(by)
    if not content.strip():
        raise ValidationError({"file": _("The file is empty.")})
    if len(content) > MAX_BYTES:
        raise ValidationError({"file": _("The file is larger than 20 MB. Split it into several.")})
    file = ClaimFile(name=name[:200] or "claims.csv", content=content, brought_by=by, make_missing=make_missing)
    file.full_clean()
    file.save()
    return file


@transaction.atomic
def log_claim_file(file: ClaimFile, *, by: User, leave_out_wrong: bool = False) -> ClaimFile:
    """Have its claims logged, by who brought it.

    Raises ValidationError while rows are wrong, unless they are left out, and when there is nothing to log; NotAllowed.
    """
    require_checker(by)
    locked = _locked(file, by)
    if locked.state != ClaimFileState.CHECKED:
        raise ValidationError(_("This file is not waiting for a decision (any more): look at what became of it."))
    if locked.wrong and not leave_out_wrong:
        raise ValidationError(_("Rows of this file are wrong. Mend them and bring it again, or leave them out."))
    if not locked.to_log:
        raise ValidationError(_("There is nothing to log: every row is already here or wrong."))
    locked.state, locked.leave_out_wrong, locked.looked_at = ClaimFileState.TO_LOG, leave_out_wrong, 0
    locked.save(update_fields=["state", "leave_out_wrong", "looked_at"])
    return locked


@transaction.atomic
def give_up_claim_file(file: ClaimFile, *, by: User) -> ClaimFile:
    """Log nothing of it. Raises ValidationError unless it waits for a decision, NotAllowed."""
    locked = _locked(file, by)
    if locked.state != ClaimFileState.CHECKED:
        raise ValidationError(_("This file is not waiting for a decision (any more): look at what became of it."))
    locked.state, locked.content, locked.finished_at = ClaimFileState.GIVEN_UP, b"", timezone.now()
    locked.save(update_fields=["state", "content", "finished_at"])
    record(None, "gave up a file of claims", by=by, detail=locked.name)
    return locked


def _locked(file: ClaimFile, by: User) -> ClaimFile:
    locked = ClaimFile.objects.select_for_update().get(pk=file.pk)
    if locked.brought_by_id != by.pk and not by.is_superuser:
        raise NotAllowed(_("Who brought the file decides about it."))
    return locked
