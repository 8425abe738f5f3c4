"""The same message, logged by several people at once, is one claim that was seen in several places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction

from claims.choices import VerdictStatus
from claims.models import Appearance, Claim, Claimant, MatchText, User
from claims.services.guards import require_checker
from claims.services.intake import add_appearances
from claims.services.matching import same_digest
from claims.services.record import record
from sources.finding import is_id


@transaction.atomic
def join_twin(
    text: str, *, by: User, claimant: Claimant | None, rows: Iterable[Mapping[str, Any]], besides: Iterable[str] = ()
) -> tuple[Claim, list[Appearance]] | None:
    """The claim that says exactly this, with these appearances added; None when none does, or another person
    said it. `besides`: keys of claims it is not.

    Exactly: but for capitals, marks, addresses and ways to write digits. Whoever logs the same text waits until the
    caller's transaction ends: call it in the one that logs the claim. Raises ValidationError, UnusableURL, NotAllowed.
    """
    require_checker(by)
    digest = same_digest(text)
    if not digest:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [digest])
    claims = Claim.objects.filter(pk__in=MatchText.objects.filter(same=digest, is_public=False).values("claim"))
    claims = claims.exclude(verdict__status=VerdictStatus.WITHHELD)
    claims = claims.exclude(pk__in=[key for key in besides if is_id(key)])
    if claimant is not None:
        claims = claims.filter(claimant=claimant)
    claim = claims.order_by("pk").first()
    if claim is None:
        return None
    added = add_appearances(claim, by=by, rows=rows)
    record(claim, "joined the same words to the claim", by=by, detail=text[:200])
    return claim, added
