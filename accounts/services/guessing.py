"""Pauses on guessing. Mistakes add up per account and per address; a pause ends by itself, and always soon.

Whose mistakes add up, for one account:

- those on a device its owner has signed in on before, by that device;
- those from a network its owner has signed in from before, by that network;
- those of all the rest of the world, together.

So whoever guesses at a colleague's password makes strangers wait, never the colleague at their own desk, and for at
most LONGEST after the last try; what is tried during a pause is not looked at and does not prolong it. Nothing of this
differs for names that nobody has.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.callers import Caller
from accounts.choices import Outcome, Step
from accounts.errors import Paused
from accounts.models import KnownDevice, SignInAttempt
from accounts.querysets import AttemptQuerySet
from claims.models import User

# Mistakes that cost nothing, then the first pause, which doubles with each further mistake.
FREE = 5
FIRST = timedelta(seconds=30)
LONGEST = {
    Step.PASSWORD: timedelta(minutes=15),
    # Only whoever knows the password gets here, and six digits are few: 96 tries a day would be many.
    Step.TOKEN: timedelta(hours=1),
    Step.AGAIN: timedelta(minutes=15),
    # Each is a mail in somebody's box; the links that are there go on working.
    Step.RESET: timedelta(hours=6),
}
# A day without a mistake, and all are forgotten.
MEMORY = timedelta(days=1)
# One network may be a whole newsroom that mistypes; guessing at many names from there shows within the hour.
NETWORK_FREE = 20
NETWORK_MEMORY = timedelta(hours=1)
NETWORK_STEPS = 5


def one_spelling(name: str) -> str:
    """Mistakes for "Aigerim" and "aigerim" add up."""
    return unicodedata.normalize("NFKC", name).strip().casefold()[:254]


@transaction.atomic
def begin_attempt(name: str, *, step: Step, caller: Caller, at: datetime | None = None) -> SignInAttempt:
    """Count a try as a mistake before it is looked at, so that a hundred at once are counted too.

    Raises Paused, with how long to wait, when too many went wrong before.
    """
    at = at or timezone.now()
    name = one_spelling(name)
    known = _is_known_device(name, caller)
    bucket = bucket_of(name, step=step, caller=caller, device_known=known)
    _one_at_a_time(bucket, "" if known else caller.network)
    wait = _left(bucket, step, at)
    if not known and step != Step.TOKEN:
        wait = max(wait, _left_of_network(caller.network, at))
    attempt = SignInAttempt(
        at=at, step=step, name=name, address=caller.address or None, network=caller.network, device=caller.device,
        bucket=bucket, device_known=known,
    )  # fmt: skip
    if wait > timedelta(0):
        raise Paused(wait, attempt)
    attempt.save()
    return attempt


def note_pause(pause: Paused) -> None:
    """One row for each pause somebody ran into, however often they knock. Outside the transaction that was refused."""
    attempt = pause.attempt
    last = SignInAttempt.objects.filter(bucket=attempt.bucket).order_by("-at", "-pk").first()
    if last is None or last.outcome != Outcome.PAUSED:
        attempt.outcome = Outcome.PAUSED
        attempt.save()


def end_attempt(attempt: SignInAttempt, outcome: Outcome, *, user: User | None) -> None:
    """What was tried turned out right."""
    attempt.outcome, attempt.user = outcome, user
    attempt.save(update_fields=["outcome", "user"])


def bucket_of(name: str, *, step: Step, caller: Caller, device_known: bool) -> str:
    if device_known:
        where = f"device {caller.device_digest}"
    elif caller.network and _is_known_network(name, caller.network):
        where = f"network {caller.network}"
    else:
        where = "anywhere"
    return hashlib.sha256(f"{step}\n{name}\n{where}".encode("utf-8", "surrogatepass")).hexdigest()


def _is_known_device(name: str, caller: Caller) -> bool:
    return bool(caller.device_digest) and KnownDevice.objects.filter(
        digest=caller.device_digest, user__username__iexact=name
    ).exists()


def _is_known_network(name: str, network: str) -> bool:
    """Somebody of this name got in from there within CLAIMTRACK_KEEP_SIGN_INS, after which the rows go."""
    return SignInAttempt.objects.filter(
        user__username__iexact=name, network=network, outcome=Outcome.PASSED, step__in=[Step.PASSWORD, Step.TOKEN]
    ).exists()


def _one_at_a_time(*what: str) -> None:
    """Whoever tries the same waits for the others' rows to be written; in one order, so that nobody waits in a ring."""
    keys = sorted(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], signed=True) for text in what if text)
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _left(bucket: str, step: Step, at: datetime) -> timedelta:
    rows = SignInAttempt.objects.filter(bucket=bucket, at__gt=at - MEMORY)
    right = rows.right().order_by("-at", "-pk").first()
    failed = rows.failed()
    if right is not None:
        failed = failed.filter(pk__gt=right.pk)
    return _rest(_pause_after(failed.count(), FREE, LONGEST[step]), failed, at)


def _left_of_network(network: str, at: datetime) -> timedelta:
    if not network:
        return timedelta(0)
    failed = SignInAttempt.objects.filter(network=network, device_known=False, at__gt=at - NETWORK_MEMORY).failed()
    mistakes = NETWORK_FREE - 1 + (failed.count() - NETWORK_FREE + NETWORK_STEPS) // NETWORK_STEPS
    return _rest(_pause_after(mistakes, NETWORK_FREE, LONGEST[Step.PASSWORD]), failed, at)


def _pause_after(mistakes: int, free: int, longest: timedelta) -> timedelta:
    if mistakes < free:
        return timedelta(0)
    doublings: int = 2 ** min(mistakes - free, 20)
    return min(FIRST * doublings, longest)


def _rest(pause: timedelta, failed: AttemptQuerySet, at: datetime) -> timedelta:
    """What is left of a pause that began with the last mistake, which may be later than `at`: we waited for its row."""
    last = failed.order_by("-at").first() if pause else None
    return timedelta(0) if last is None else pause - (at - last.at)
