"""Getting in: name and password, then, for those who have one, the second factor."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.callers import Caller
from accounts.choices import Outcome, Step
from accounts.errors import Paused, WrongGuess
from accounts.models import SignInAttempt
from accounts.services.factors import has_second_factor, take_token
from accounts.services.guessing import FREE, begin_attempt, end_attempt, note_pause
from accounts.services.telling import tell
from claims.models import User
from claims.said import say


def check_password(
    name: str, password: str, *, caller: Caller, request: HttpRequest | None = None, step: Step = Step.PASSWORD
) -> User:
    """Whose name and password these are; whoever has a second factor is not in yet.

    Raises Paused, WrongGuess. A name that nobody has costs as much time as a wrong password: Django hashes for it too.
    """
    attempt = _begin(name, step=step, caller=caller)
    user = authenticate(request, username=name, password=password)
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        raise WrongGuess
    half = step == Step.PASSWORD and has_second_factor(user)
    end_attempt(attempt, Outcome.HALF_WAY if half else Outcome.PASSED, user=user)
    return user


def check_token(user: User, token: str, *, caller: Caller, at: datetime | None = None) -> None:
    """The second step. `token` is what the app shows, or a recovery code. Raises Paused, WrongGuess.

    Whoever gets this far knows the password; when their guesses run into the pause, its owner is told.
    """
    at = at or timezone.now()
    attempt = _begin(user.get_username(), step=Step.TOKEN, caller=caller, at=at)
    if not take_token(user, token, at=at):
        if _mistakes(attempt) == FREE:
            tell_of_guessing(user, caller, at)
        raise WrongGuess
    end_attempt(attempt, Outcome.PASSED, user=user)


def _begin(name: str, *, step: Step, caller: Caller, at: datetime | None = None) -> SignInAttempt:
    try:
        return begin_attempt(name, step=step, caller=caller, at=at)
    except Paused as pause:
        note_pause(pause)
        raise


def _mistakes(attempt: SignInAttempt) -> int:
    rows = SignInAttempt.objects.filter(bucket=attempt.bucket)
    right = rows.right().order_by("-at", "-pk").first()
    return rows.failed().filter(pk__gt=right.pk if right else 0).count()


def tell_of_guessing(user: User, caller: Caller, at: datetime) -> None:
    tell(
        user,
        key=f"guessing-{user.pk}-{at:%Y%m%d%H%M}",
        title=say(gettext_noop("Somebody knows your password")),
        text=say(
            gettext_noop(
                "The right password was typed, then %(mistakes)s wrong second factors: %(device)s, %(address)s.\n"
                "Nobody was let in. If it was not you, choose another password now."
            ),
            mistakes=FREE,
            device=caller.device,
            address=caller.address,
        ),
        at=at,
    )
