"""Where a person is signed in: begun, seen, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.callers import Caller, digest_of, new_device_token
from accounts.choices import Outcome, Step
from accounts.models import DeskSession, KnownDevice, SignInAttempt
from accounts.services.telling import tell
from claims.models import User
from claims.said import say

SEEN_EVERY = timedelta(minutes=1)
# Browsers one person may be known on; a program that keeps no cookies would fill the table.
DEVICES = 50


@transaction.atomic
def begin_session(user: User, *, session_key: str, caller: Caller, at: datetime | None = None) -> str:
    """Note that the person got in there; returns the token for the device's cookie, empty when it has one that fits.

    A device that is not known is news to its owner, unless it is their first at all.
    """
    at = at or timezone.now()
    note_session(user, session_key=session_key, caller=caller, at=at)
    device = KnownDevice.objects.filter(user=user, digest=caller.device_digest).first()
    if device is not None:
        device.last_used_at, device.device = at, caller.device
        device.save(update_fields=["last_used_at", "device"])
        return ""
    if _is_news(user, caller):
        tell(
            user,
            key=f"sign-in-{user.pk}-{at.timestamp()}",
            title=say(gettext_noop("New sign-in: %(device)s"), device=caller.device),
            text=say(
                gettext_noop(
                    "%(at)s UTC, from address %(address)s.\n"
                    "If it was not you, end that session under “My account” and choose another password."
                ),
                at=f"{at:%Y-%m-%d %H:%M}",
                address=caller.address or "?",
            ),
            at=at,
        )
    return remember_device(user, caller=caller, at=at)


def _is_news(user: User, caller: Caller) -> bool:
    """A browser of the same make, from where the person has signed in before, has merely lost its cookie."""
    if not KnownDevice.objects.filter(user=user).exists():
        return False
    before = SignInAttempt.objects.filter(
        user=user, network=caller.network, device=caller.device, outcome=Outcome.PASSED,
        step__in=[Step.PASSWORD, Step.TOKEN],
    )  # fmt: skip
    # The attempt that led here is one of them.
    return before.count() < 2


def remember_device(user: User, *, caller: Caller, at: datetime | None = None) -> str:
    """From now on this browser is known, and the one used longest ago may not be; returns the token of its cookie."""
    at = at or timezone.now()
    token = new_device_token()
    KnownDevice.objects.create(user=user, digest=digest_of(token), device=caller.device, made_at=at, last_used_at=at)
    newest = KnownDevice.objects.filter(user=user).order_by("-last_used_at", "-pk").values_list("pk", flat=True)
    KnownDevice.objects.filter(user=user).exclude(pk__in=list(newest[:DEVICES])).delete()
    return token


def note_session(user: User, *, session_key: str, caller: Caller, at: datetime | None = None) -> None:
    """Seen there now. Also for sessions that began before there was a list of them."""
    at = at or timezone.now()
    shown = {"seen_at": at, "address": caller.address or None, "device": caller.device}
    if not DeskSession.objects.filter(session_key=session_key, user=user).update(**shown):
        began = {"user": user, "began_at": at, **shown}
        DeskSession.objects.update_or_create(session_key=session_key, defaults=began)


def move_session(user: User, *, old_key: str, new_key: str) -> None:
    """The same session under another key."""
    DeskSession.objects.filter(user=user, session_key=old_key).update(session_key=new_key)


def sessions_of(user: User, *, at: datetime | None = None) -> QuerySet[DeskSession]:
    """Those that still stand."""
    standing = Session.objects.filter(expire_date__gt=at or timezone.now()).values("session_key")
    return DeskSession.objects.filter(user=user, session_key__in=standing)


@transaction.atomic
def end_session(user: User, pk: int) -> bool:
    """End one of the person's own; False when they have no such session."""
    session = DeskSession.objects.filter(user=user, pk=pk).first()
    if session is None:
        return False
    _end([session.session_key])
    return True


@transaction.atomic
def end_sessions(user: User, *, keep: str | None = None, forget_devices: bool = False) -> int:
    """Sign the person out everywhere but in the session `keep`; returns where they were signed in."""
    rows = DeskSession.objects.filter(user=user).exclude(session_key=keep or "")
    keys = list(rows.values_list("session_key", flat=True))
    _end(keys)
    if forget_devices:
        KnownDevice.objects.filter(user=user).delete()
    return len(keys)


def _end(keys: Sequence[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    DeskSession.objects.filter(session_key__in=keys).delete()
