"""Claims like a text, public or not, as the desk shows them to whoever is about to log one."""

from __future__ import annotations

from dataclasses import dataclass, field

from claims.choices import Confidence
from claims.matching import terms
from claims.matching.confidence import BOUNDS
from claims.matching.finding import Found, find
from claims.matching.numbers import OtherNumber, other_number
from claims.models import Claim
from claims.quantities import guess_language
from claims.searching import SearchTakesTooLong

LONGEST_TEXT = terms.LONGEST_TEXT
MOST = 10


@dataclass(frozen=True)
class Hit:
    """`words`: those of the text that the claim has too, the rarest first; `other_number`: where only that differs."""

    claim: Claim
    words: list[str]
    confidence: Confidence
    other_number: OtherNumber | None = None

    @property
    def is_much_alike(self) -> bool:
        """To be asked about before another is logged."""
        return self.confidence != Confidence.RELATED


@dataclass(frozen=True)
class Similar:
    """Best first. `gave_up`: the database was too busy to tell."""

    hits: list[Hit] = field(default_factory=list)
    gave_up: bool = False


def similar_claims(text: str, *, language: str = "", most: int = MOST) -> Similar:
    """At most `most` claims like the text; none for a text without words that say something."""
    text = text[:LONGEST_TEXT]
    try:
        found = find(text, public=False, language=language, limit=most)
    except SearchTakesTooLong:
        return Similar(gave_up=True)
    return Similar(_read(found, text, language or guess_language(text)))


def _read(found: list[Found], text: str, language: str) -> list[Hit]:
    rows = Claim.objects.for_desk().select_related("verdict__current_version__rating").defer(*BULKY)
    claims = rows.in_bulk([each.claim_id for each in found])
    hits = []
    for each in found:
        claim = claims.get(each.claim_id)
        confidence = BOUNDS.word_for(each.score, len(each.words))
        if claim is not None and confidence is not None:
            other = other_number(text, language, claim.text, claim.language)
            hits.append(Hit(claim, list(each.words), confidence, other))
    return hits


# What rendering needs of a verdict, and nobody here.
BULKY = (
    "document__body", "document__claimreview", "document__search_text", "document__search_vector",
    "verdict__current_version__content",
)  # fmt: skip
