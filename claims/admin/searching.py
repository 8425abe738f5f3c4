"""How the desk's long lists find what somebody typed: each way asked for by itself, from an index."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from claims.models import Claim, Claimant
from claims.models.claims import CLAIM_WORDS
from sources.finding import first_keys, holding

# Claimants whose name holds what was typed.
NAMESAKES = 20
NEWEST = ("-created_at", "-pk")


def claims_found(text: str) -> list[QuerySet[Claim]]:
    """By their words or place, by the id of their public page, by who said it."""
    named = Claimant.objects.filter(name__icontains=text).order_by().values("pk")[:NAMESAKES]
    return [
        holding(Claim.objects.all(), CLAIM_WORDS, text),
        Claim.objects.filter(public_id=text),
        Claim.objects.filter(claimant__in=list(named.values_list("pk", flat=True))),
    ]


def claim_keys(text: str) -> list[Any]:
    """Keys of the claims found, for lists of what hangs on claims."""
    words, public_id, _ = claims_found(text)
    return list(dict.fromkeys([*first_keys(words, NEWEST), *first_keys(public_id, NEWEST)]))
