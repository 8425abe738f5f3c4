"""What signing in refuses with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import SignInAttempt


class Paused(Exception):
    """Too many went wrong before: nothing is looked at until `wait` has passed."""

    def __init__(self, wait: timedelta, attempt: SignInAttempt) -> None:
        super().__init__(str(wait))
        self.wait, self.attempt = wait, attempt


class WrongGuess(Exception):
    """What was typed is not right. Which part of it, and whether anybody has that name, is not said."""


class BadLink(Exception):
    """A link that opens nothing any more. The text says why, as far as its holder may know, and what to do."""
