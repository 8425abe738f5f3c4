"""The index of what texts are matched by. services/matching.py writes it, matching/finding.py reads it.

`claims_matchposting` (term, text_id) has no model: a trigger keeps it for every row of MatchText, whoever writes it.
Terms of public rows are told from the others by one exclusive or, so that neither search wades through the other's.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from claims.models.claims import Claim


class MatchText(models.Model):
    """One text of a claim as numbers (matching/terms.py): as logged, or as public in a language, with its headline."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="match_texts", db_index=False)
    is_public = models.BooleanField()
    language = models.CharField(max_length=12)
    words = ArrayField(models.IntegerField())
    beginnings = ArrayField(models.IntegerField())
    grams = ArrayField(models.IntegerField())
    # Of the claim's words alone, without capitals and marks: the same digest, the same claim.
    same = models.CharField(max_length=32)
    # Of everything the row was made from: a row whose text has not changed is not written again.
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [
            # A claim is logged in one text, and public in one for each language.
            models.UniqueConstraint(fields=["claim", "is_public", "language"], name="claims_match_text_once"),
        ]
        indexes = [
            # "Which claims say exactly this?"
            models.Index(fields=["same"], name="claims_match_same"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.language}"


class MatchShare(models.Model):
    """In which share of the texts a term is, as counted last. Row 0 holds the number of texts."""

    term = models.IntegerField(primary_key=True)
    share = models.FloatField()

    def __str__(self) -> str:
        return f"{self.term}: {self.share}"
