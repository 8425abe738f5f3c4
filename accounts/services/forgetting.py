"""What is not needed any more goes: addresses people signed in from, sessions that ended, letters that left."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.callers import DEVICE_COOKIE_DAYS
from accounts.models import DeskSession, KnownDevice, Letter, SignInAttempt

LETTERS_FOR = timedelta(days=7)


def forget_old(*, at: datetime | None = None) -> int:
    """Delete what is past its time; returns how many rows went. May be repeated, late or killed without harm."""
    at = at or timezone.now()
    standing = Session.objects.filter(expire_date__gt=at).values("session_key")
    gone = (
        SignInAttempt.objects.filter(at__lt=at - settings.KEEP_SIGN_INS),
        Session.objects.filter(expire_date__lte=at),
        DeskSession.objects.exclude(session_key__in=standing).filter(seen_at__lt=at - timedelta(minutes=5)),
        KnownDevice.objects.filter(last_used_at__lt=at - timedelta(days=DEVICE_COOKIE_DAYS)),
        Letter.objects.filter(due_at__isnull=True, written_at__lt=at - LETTERS_FOR),
    )
    return sum(rows.delete()[0] for rows in gone)
