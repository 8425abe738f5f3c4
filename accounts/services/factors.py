"""The second factor: set up, used, replaced, given up; recovery codes for a lost phone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import RecoveryCode, SecondFactor
from accounts.services.sessions import end_sessions
from accounts.services.telling import tell
from claims.errors import NotAllowed
from claims.models import User
from claims.said import say
from claims.services.record import record

STEP_SECONDS = 30
# Clocks of phones differ: the step before and the one after are taken too.
NEIGHBOURS = (0, -1, 1)
CODES = 10
SET_UP = gettext_noop("Your second factor was set up")
REPLACED = gettext_noop("Your second factor was replaced")
# No letter or digit that could be taken for another.
CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 16  # 80 bits


def has_second_factor(user: User) -> bool:
    return SecondFactor.objects.filter(user=user).exists()


def new_secret() -> str:
    return pyotp.random_base32(32)


def address_for_app(user: User, secret: str) -> str:
    """What the QR code says: otpauth://totp/…"""
    issuer = settings.SITE_NAME.replace(":", "")
    return pyotp.TOTP(secret).provisioning_uri(name=user.get_username(), issuer_name=issuer)


def matching_step(secret: str, token: str, *, at: datetime) -> int | None:
    """Which 30-second step this token belongs to; None when to none near `at`. Always compares all of them."""
    token = "".join(token.split())
    now, found = int(at.timestamp()) // STEP_SECONDS, None
    for offset in NEIGHBOURS:
        right = pyotp.TOTP(secret).at((now + offset) * STEP_SECONDS)
        if hmac.compare_digest(right.encode(), token.encode("utf-8", "surrogatepass")) and found is None:
            found = now + offset
    return found


@transaction.atomic
def take_token(user: User, token: str, *, at: datetime) -> bool:
    """Whether this lets the person in: what their app shows, once, or an unused recovery code, once."""
    return _take_totp(user, token, at=at) or _take_code(user, token, at=at)


def _take_totp(user: User, token: str, *, at: datetime) -> bool:
    factor = SecondFactor.objects.filter(user=user).first()
    step = matching_step(factor.secret, token, at=at) if factor else None
    if factor is None or step is None:
        return False
    # Of two requests with the same token one moves the step forward, and the other finds it moved.
    newer = SecondFactor.objects.filter(pk=factor.pk, secret=factor.secret, last_step__lt=step)
    return newer.update(last_step=step, last_used_at=at) == 1


def _take_code(user: User, code: str, *, at: datetime) -> bool:
    unused = RecoveryCode.objects.unused().filter(user=user, digest=digest_of_code(code))
    if unused.update(used_at=at) != 1:
        return False
    left = codes_left(user)
    tell(
        user,
        key=f"code-{user.pk}-{at.timestamp()}",
        title=say(gettext_noop("A recovery code was used to sign in")),
        text=say(
            gettext_noop("%(left)s of your recovery codes are left. If it was not you, choose another password now."),
            left=left,
        ),
        at=at,
    )
    return True


def digest_of_code(code: str) -> str:
    """Typed in any case, with or without dashes and blanks. 80 random bits need no slow hash."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def codes_left(user: User) -> int:
    return RecoveryCode.objects.unused().filter(user=user).count()


@transaction.atomic
def set_up(user: User, *, secret: str, token: str, session_key: str | None, at: datetime | None = None) -> list[str]:
    """Begin or replace the person's second factor; returns their recovery codes, shown once.

    `token` proves that the app has the secret. Wherever else they are signed in, they are signed out: nobody asked for
    a second factor there. Raises ValidationError.
    """
    at = at or timezone.now()
    step = matching_step(secret, token, at=at)
    if step is None:
        raise ValidationError(
            _("This is not what the app shows for this secret just now. Wait for the next six digits and type those.")
        )
    replaced = SecondFactor.objects.select_for_update().filter(user=user).first()
    factor = replaced or SecondFactor(user=user)
    factor.secret, factor.since, factor.last_step, factor.last_used_at = secret, at, step, at
    factor.full_clean()
    factor.save()
    end_sessions(user, keep=session_key)
    record(None, "Second factor replaced" if replaced else "Second factor set up", by=user, at=at)
    tell(
        user, key=f"factor-{user.pk}-{at.timestamp()}",
        title=say(REPLACED if replaced else SET_UP),
        text=say(gettext_noop("If it was not you, tell an administrator.")), at=at,
    )  # fmt: skip
    return _write_codes(user, at)


@transaction.atomic
def renew_codes(user: User, *, at: datetime | None = None) -> list[str]:
    """New recovery codes, shown once; the old ones open nothing any more. Raises NotAllowed without a factor."""
    at = at or timezone.now()
    if not has_second_factor(user):
        raise NotAllowed(_("Recovery codes belong to a second factor. Set one up first."))
    record(None, "Recovery codes renewed", by=user, at=at)
    tell(
        user, key=f"codes-{user.pk}-{at.timestamp()}", title=say(gettext_noop("New recovery codes were made")),
        text=say(gettext_noop("The old ones open nothing any more. If it was not you, tell an administrator.")), at=at,
    )  # fmt: skip
    return _write_codes(user, at)


def _write_codes(user: User, at: datetime) -> list[str]:
    codes = ["".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=digest_of_code(code), made_at=at) for code in codes)
    return ["-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4)) for code in codes]


@transaction.atomic
def give_up(user: User, *, at: datetime | None = None) -> None:
    """The person goes without their own second factor from now on. Raises NotAllowed where everybody needs one."""
    at = at or timezone.now()
    if settings.CLAIMTRACK_REQUIRE_SECOND_FACTOR:
        raise NotAllowed(_("Here everybody needs a second factor. You can replace yours by another one."))
    if _remove(user):
        record(None, "Second factor given up", by=user, at=at)
        tell(
            user, key=f"factor-{user.pk}-{at.timestamp()}", at=at,
            title=say(gettext_noop("Your second factor was switched off")),
            text=say(gettext_noop("Your password alone lets you in now. If it was not you, choose another password.")),
        )  # fmt: skip


@transaction.atomic
def reset_second_factor(user: User, *, by: User | None, reason: str = "", at: datetime | None = None) -> bool:
    """Take away a colleague's lost second factor, on record and told to them. False when they have none.

    `by` is None for the command line. They are signed out everywhere. Raises NotAllowed.
    """
    at = at or timezone.now()
    if by is not None and not by.is_editor_in_chief:
        raise NotAllowed(_("Only an administrator may do this. Ask one of them."))
    if by is not None and by.pk == user.pk:
        raise NotAllowed(_("Your own second factor is on the page My account, where your password is asked."))
    if by is not None and user.is_superuser and not by.is_superuser:
        raise NotAllowed(_("Ask a superuser, or whoever can run manage.py reset_second_factor on the server."))
    if not _remove(user):
        return False
    end_sessions(user)
    who = by.get_username() if by else "the command line"
    record(None, "Second factor reset", by=by, detail=f"{user.get_username()}. {reason}".strip(), at=at)
    tell(
        user,
        key=f"factor-{user.pk}-{at.timestamp()}",
        title=say(gettext_noop("Your second factor was reset")),
        text=say(
            gettext_noop(
                "By %(who)s. Sign in with your password and set up a new one.\n"
                "If you did not ask for it, say so at once."
            ),
            who=who,
        ),
        at=at,
    )
    return True


def _remove(user: User) -> bool:
    RecoveryCode.objects.filter(user=user).delete()
    return SecondFactor.objects.filter(user=user).delete()[0] > 0


def administrators_without() -> tuple[int, int]:
    """How many active administrators there are, and how many of them have a second factor."""
    those = User.objects.filter(Q(is_superuser=True) | Q(role="admin"), is_active=True, is_staff=True)
    return those.count(), those.filter(second_factor__isnull=False).count()
