"""How sure a suggestion is, in a word. Nothing is ever linked by it: a person decides.

The bounds are from 800 posts whose claims are known (the shared train split): of the best suggestions from `same` on
all were right, from `likely` on 96 of a hundred. They hold where the claim is known to be there at all; where most
texts are new, fewer are right.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.choices import Confidence

# Fewer shared words say too little to call a claim the same or likely so.
FEWEST_WORDS = 3


@dataclass(frozen=True)
class Bounds:
    """From which score on a suggestion is called so. Below `related` nothing is suggested."""

    same: float
    likely: float
    related: float

    def word_for(self, score: float, shared: int) -> Confidence | None:
        if score >= self.same and shared >= FEWEST_WORDS:
            return Confidence.SAME
        if score >= self.likely and shared >= FEWEST_WORDS:
            return Confidence.LIKELY
        return Confidence.RELATED if score >= self.related else None


BOUNDS = Bounds(same=0.65, likely=0.40, related=0.12)
