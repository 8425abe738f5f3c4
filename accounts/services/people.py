"""What changes about somebody's account, by themselves or by an administrator."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.choices import LetterKind
from accounts.models import Letter
from accounts.services.inviting import may_give
from accounts.services.sessions import end_sessions
from accounts.services.telling import tell
from claims.choices import Role
from claims.errors import NotAllowed
from claims.models import User
from claims.said import Said, say
from claims.services.notices import administrators
from claims.services.record import record, values_of

# What decides whether and as what somebody gets in.
ACCESS = ("role", "is_active", "is_staff", "is_superuser")
# As the record tells it, from what to what.
RECORDED = (*ACCESS, "username", "byline", "first_name", "last_name", "email")


@transaction.atomic
def save_person(person: User, *, by: User, at: datetime | None = None) -> User:
    """Write what an administrator entered about `person`, new or known.

    Who may get in, and as what, goes on record from what to what; whoever it changes for is signed out everywhere, so
    that no open page acts with the rights of before. Raises NotAllowed.
    """
    at = at or timezone.now()
    if not (by.is_active and by.is_editor_in_chief):
        raise NotAllowed(_("Only an administrator may do this. Ask one of them."))
    before = User.objects.select_for_update().filter(pk=person.pk).first()
    _refuse_too_much(person, before, by)
    person.save()
    if before is None:
        told, after = f"{person.get_username()}, {_shown(person, 'role')}", values_of(person, RECORDED)
        record(None, "Person added", by=by, detail=told, about=person, after=after, at=at)
        return person
    changed = [name for name in ACCESS if getattr(before, name) != getattr(person, name)]
    for name in changed:
        action = "Role changed" if name == "role" else "Access changed"
        what = f"{_shown(before, name)} → {_shown(person, name)}"
        record(None, action, by=by, detail=f"{person.get_username()}: {what}", at=at)
    was, after = values_of(before, RECORDED), values_of(person, RECORDED)
    if was != after:
        name = person.get_username()
        record(None, "Person changed", by=by, detail=name, about=person, before=was, after=after, at=at)
    if changed:
        end_sessions(person)
    if "role" in changed:
        _tell_of_role(person, before, by, at)
    if before.email and before.email != person.email:
        _tell_of_address(person, before.email, at)
    return person


def check_person(person: User, *, by: User) -> None:
    """Whether `by` may save `person` as it is now. Raises NotAllowed."""
    _refuse_too_much(person, User.objects.filter(pk=person.pk).first(), by)


def _refuse_too_much(person: User, before: User | None, by: User) -> None:
    if not by.is_superuser and (person.is_superuser or before and before.is_superuser):
        raise NotAllowed(_("A superuser is made and changed by a superuser alone."))
    if (before is None or before.role != person.role) and not may_give(by, person.role):
        raise NotAllowed(_("You cannot give a role above your own."))
    runs = person.is_active and person.is_staff and person.is_editor_in_chief
    if before is not None and not runs and [one.pk for one in administrators() if one.is_staff] == [person.pk]:
        raise NotAllowed(_("This is the last administrator. Make somebody else one first."))


def _shown(person: User, name: str) -> str:
    value = getattr(person, name)
    # The record speaks English, whatever the desk of who changed it speaks.
    return _in_any_language(value).template if name == "role" else f"{name}={'yes' if value else 'no'}"


def _tell_of_role(person: User, before: User, by: User, at: datetime) -> None:
    tell(
        person,
        key=f"role-{person.pk}-{at.timestamp()}",
        title=say(gettext_noop("Your role is %(role)s now"), role=_in_any_language(person.role)),
        text=say(
            gettext_noop("It was %(before)s until now. Changed by %(by)s. You were signed out; sign in again."),
            before=_in_any_language(before.role),
            by=by.get_username(),
        ),
        at=at,
    )


def _in_any_language(role: str) -> Said:
    with translation.override("en"):
        return say(str(Role(role).label))


@transaction.atomic
def set_password(
    user: User, password: str, *, by: User | None, keep: str | None = None, at: datetime | None = None
) -> None:
    """A new password. `by` is None for a mailed link, `keep` the person's own session that goes on."""
    user.set_password(password)
    user.save(update_fields=["password"])
    password_was_set(user, by=by, keep=keep, at=at)


@transaction.atomic
def password_was_set(user: User, *, by: User | None, keep: str | None = None, at: datetime | None = None) -> None:
    """All other sessions end; without one to keep, the devices of before are strangers."""
    at = at or timezone.now()
    end_sessions(user, keep=keep, forget_devices=keep is None)
    own = by is not None and by.pk == user.pk
    detail = user.get_username() if not own else ""
    record(None, "Password changed" if by else "Password chosen by a mailed link", by=by or user, detail=detail, at=at)
    tell(
        user, key=f"password-{user.pk}-{at.timestamp()}", title=say(gettext_noop("Your password was changed")),
        text=say(gettext_noop("If it was neither you nor an administrator you asked, say so at once.")), at=at,
    )  # fmt: skip


@transaction.atomic
def change_byline(user: User, byline: str) -> None:
    """How the person signs in public. Raises ValidationError."""
    row = User.objects.select_for_update().get(pk=user.pk)
    before, row.byline = row.byline, byline.strip()
    row.full_clean()
    row.save(update_fields=["byline"])
    user.byline = row.byline
    if before != row.byline:
        record(None, "Byline changed", by=user, detail=f"{before or '–'} → {row.byline or '–'}")


def ask_for_address(user: User, new: str, *, at: datetime | None = None) -> None:
    """Send a link to the new address; nothing changes before it is opened. Raises ValidationError."""
    at = at or timezone.now()
    new = new.strip()
    validate_email(new)
    if new == user.email:
        raise ValidationError(_("This is your address already."))
    Letter.objects.filter(kind=LetterKind.ADDRESS, user=user, due_at__isnull=False).update(due_at=None)
    Letter.objects.create(kind=LetterKind.ADDRESS, to=new, user=user, due_at=at)


@transaction.atomic
def confirm_address(user: User, new: str, *, at: datetime | None = None) -> None:
    """The link was opened. The address of before is told. Raises ValidationError."""
    at = at or timezone.now()
    row = User.objects.select_for_update().get(pk=user.pk)
    before, row.email = row.email, new
    row.full_clean()
    row.save(update_fields=["email"])
    user.email = new
    record(None, "Mail address changed", by=user, at=at)
    _tell_of_address(row, before, at)


def _tell_of_address(person: User, before: str, at: datetime) -> None:
    tell(
        person, key=f"address-{person.pk}-{at.timestamp()}", to=before, at=at,
        title=say(gettext_noop("Your mail address was changed")),
        text=say(
            gettext_noop("Mails for you go elsewhere from now on. If you did not want that, tell an administrator.")
        ),
    )  # fmt: skip
