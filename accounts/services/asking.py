"""A link to choose a new password is asked for; the same happens for addresses that nobody has."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.callers import Caller
from accounts.choices import LetterKind, Step
from accounts.errors import Paused
from accounts.models import Letter
from accounts.services.guessing import begin_attempt, note_pause


def ask_for_reset(email: str, *, caller: Caller, at: datetime | None = None) -> bool:
    """Write the letter; whether anybody has this address is found out when it is sent, out of sight of the asker.

    Asked too often, for one address or from one network, writes none and returns False; the asker is told the same.
    """
    at = at or timezone.now()
    try:
        with transaction.atomic():
            # Stays a mistake, as every further one makes the pause longer.
            begin_attempt(email, step=Step.RESET, caller=caller, at=at)
            Letter.objects.create(kind=LetterKind.RESET, to=email, due_at=at)
    except Paused as pause:
        note_pause(pause)
        return False
    return True
