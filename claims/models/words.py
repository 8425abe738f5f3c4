"""What claims and claimants are found by on the desk: public or not, by words of their own.

Their words are in rows of their own, so that nothing that reads a claim carries them along. A trigger empties them and
makes them due whenever the texts they are from change, whoever writes: no row is found by words that are gone. Services
write them anew at once, and a beat task what came another way; see services/words.py.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from claims.models.claimants import Claimant
from claims.models.claims import Claim
from claims.models.searching import Searchable
from claims.querysets import ClaimantWordsQuerySet, ClaimWordsQuerySet


class ClaimWords(Searchable):
    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, primary_key=True, related_name="words")
    is_due = models.BooleanField(default=True, db_default=True)

    objects = ClaimWordsQuerySet.as_manager()

    class Meta(Searchable.Meta):
        indexes = [
            *Searchable.Meta.indexes,
            # The beat task's question: whose words are to be written?
            models.Index(fields=["claim"], name="claims_claim_words_due", condition=Q(is_due=True)),
        ]

    def __str__(self) -> str:
        return self.search_text[:90]


class ClaimantWords(Searchable):
    """Words of the name, the aliases, the accounts' handles and addresses."""

    claimant = models.OneToOneField(Claimant, on_delete=models.CASCADE, primary_key=True, related_name="words")
    is_due = models.BooleanField(default=True, db_default=True)

    objects = ClaimantWordsQuerySet.as_manager()

    class Meta(Searchable.Meta):
        indexes = [
            *Searchable.Meta.indexes,
            # The beat task's question: whose words are to be written?
            models.Index(fields=["claimant"], name="claims_claimant_words_due", condition=Q(is_due=True)),
        ]

    def __str__(self) -> str:
        return self.search_text[:90]
