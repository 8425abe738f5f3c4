"""Colleagues are invited by mail: sent, sent again, taken back, accepted; each step on record."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.choices import LetterKind
from accounts.errors import BadLink
from accounts.models import Invitation, Letter
from accounts.services.links import INVITED_FOR, invitation_of
from claims.choices import Role
from claims.errors import NotAllowed
from claims.models import User
from claims.services.record import record

# From what may least to what may most.
RANK = {role: rank for rank, role in enumerate((Role.OBSERVER, Role.FACT_CHECKER, Role.REVIEWER, Role.ADMIN))}


def may_give(by: User, role: str) -> bool:
    """Nobody gives a role above their own."""
    return by.is_superuser or RANK[Role(role)] <= RANK[Role(by.role)]


@transaction.atomic
def invite(email: str, *, username: str, role: str, by: User, at: datetime | None = None) -> Invitation:
    """Ask somebody to join; the link leaves by mail. Raises NotAllowed, ValidationError."""
    at = at or timezone.now()
    _check(by)
    invitation = Invitation(
        email=email.strip(), username=username.strip(), role=role, invited_by=by, invited_at=at,
        expires_at=at + INVITED_FOR,
    )  # fmt: skip
    check_free(invitation)
    if not may_give(by, role):
        raise NotAllowed(_("You cannot give a role above your own."))
    invitation.save()
    _send(invitation, at)
    record(None, "Invitation sent", by=by, detail=_about(invitation), at=at)
    return invitation


def check_free(invitation: Invitation) -> None:
    """Raises ValidationError by field: bad input, or a name or address that somebody has."""
    invitation.full_clean(exclude=["invited_by", "expires_at"], validate_unique=False, validate_constraints=False)
    errors = {}
    others = Invitation.objects.pending().exclude(pk=invitation.pk)
    if User.objects.filter(username__iexact=invitation.username).exists():
        errors["username"] = _("Somebody at the desk has this name. Choose another one.")
    elif others.filter(username__iexact=invitation.username).exists():
        errors["username"] = _("This name is invited already. Send that invitation again, or take it back.")
    if User.objects.filter(email__iexact=invitation.email).exists():
        errors["email"] = _("Somebody at the desk has this address. Their page is under People.")
    elif others.filter(email__iexact=invitation.email).exists():
        errors["email"] = _("This address is invited already. Send that invitation again, or take it back.")
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def send_again(invitation: Invitation, *, by: User, at: datetime | None = None) -> Invitation:
    """A new link, good for as long as the first; every earlier one opens nothing any more. Raises NotAllowed."""
    at = at or timezone.now()
    _check(by)
    row = _pending(invitation)
    row.serial += 1
    row.expires_at = at + INVITED_FOR
    row.save(update_fields=["serial", "expires_at"])
    _send(row, at)
    record(None, "Invitation sent again", by=by, detail=_about(row), at=at)
    return row


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User, at: datetime | None = None) -> Invitation:
    """Its link opens nothing any more. Raises NotAllowed."""
    at = at or timezone.now()
    _check(by)
    row = _pending(invitation)
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    Letter.objects.filter(invitation=row, due_at__isnull=False).update(due_at=None)
    record(None, "Invitation taken back", by=by, detail=_about(row), at=at)
    return row


@transaction.atomic
def accept(token: str, *, password: str, byline: str = "", at: datetime | None = None) -> User:
    """The invited person chose a password: from now on they are one of us. Raises BadLink, ValidationError.

    Whoever invited them must still be allowed to: an administrator who left brings nobody in.
    """
    at = at or timezone.now()
    invitation = invitation_of(token)
    # A second request with the same link waits here, and finds it used.
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    invitation_of(token)
    inviter = row.invited_by
    if not (inviter.is_active and inviter.is_editor_in_chief and may_give(inviter, row.role)):
        raise BadLink(_("Whoever invited you may not do so any more. Ask an administrator for a new invitation."))
    if User.objects.filter(username__iexact=row.username).exists():
        raise BadLink(_("Somebody has taken this name since. Ask whoever invited you for a new invitation."))
    user = User(username=row.username, email=row.email, role=row.role, byline=byline.strip(), is_staff=True)
    user.set_password(password)
    user.full_clean()
    user.save()
    row.accepted_at, row.accepted_by = at, user
    row.save(update_fields=["accepted_at", "accepted_by"])
    record(None, "Invitation accepted", by=user, detail=_about(row), at=at)
    return user


def _check(by: User) -> None:
    if not (by.is_active and by.is_editor_in_chief):
        raise NotAllowed(_("Only an administrator may do this. Ask one of them."))


def _pending(invitation: Invitation) -> Invitation:
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not row.is_pending:
        raise NotAllowed(_("This invitation was used or taken back already. Invite the person anew if need be."))
    return row


def _send(invitation: Invitation, at: datetime) -> None:
    Letter.objects.filter(invitation=invitation, due_at__isnull=False).update(due_at=None)
    Letter.objects.create(kind=LetterKind.INVITATION, to=invitation.email, invitation=invitation, due_at=at)


def _about(invitation: Invitation) -> str:
    with translation.override("en"):  # as all of the record
        return f"{invitation.username}, {Role(invitation.role).label}"
