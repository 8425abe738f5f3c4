"""Write what claims and claimants are found by. A trigger makes rows due; see models/words.py."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from django.db import connection, transaction

from claims.models import Claim, Claimant, ClaimantWords, ClaimWords
from claims.rendering.search_words import searchable
from claims.services.matching import index_claims

BATCH = 1000


@transaction.atomic
def write_due_words(*, limit: int = BATCH) -> int:
    """The words of at most `limit` claims and as many claimants that changed; returns how many were written."""
    claims = ClaimWords.objects.due().select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    claimants = ClaimantWords.objects.due().select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    return write_claim_words(list(claims.values_list("pk", flat=True)[:limit])) + write_claimant_words(
        list(claimants.values_list("pk", flat=True)[:limit])
    )


def write_claim_words(claim_ids: Iterable[int]) -> int:
    """Within the caller's transaction."""
    ids = list(claim_ids)
    texts = Claim.objects.filter(pk__in=ids).values_list("pk", "text")
    index_claims(ids)
    return _write("claims_claimwords", "claim_id", {pk: searchable(text) for pk, text in texts})


def write_claimant_words(claimant_ids: Iterable[int]) -> int:
    """Within the caller's transaction."""
    rows = Claimant.objects.filter(pk__in=list(claimant_ids)).prefetch_related("accounts")
    words = {
        row.pk: searchable(
            row.name, *row.aliases, *(part for one in row.accounts.all() for part in (one.handle, _path(one.url)))
        )
        for row in rows
    }
    return _write("claims_claimantwords", "claimant_id", words)


def _path(url: str) -> str:
    """What of an account's address is its own: not the platform's host."""
    try:
        return unquote(urlsplit(url).path)
    except ValueError:
        return ""


def _write(table: str, key: str, words: dict[int, str]) -> int:
    """One statement for all of them."""
    if not words:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET search_text = words.text, is_due = false"
            f" FROM unnest(%s::bigint[], %s::text[]) AS words (id, text) WHERE {table}.{key} = words.id",
            [list(words), list(words.values())],
        )
    return len(words)
