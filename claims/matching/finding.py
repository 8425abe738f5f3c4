"""Which claims are like a text: candidates by the index of words, put in order by BM25 over words and runs of letters.

The words' endings do not matter, rare words count for more, and runs of four letters tell a typo and an unknown
inflection from another word. Figures: docs/decisions/0001-claim-matching.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from django.db import connection

from claims.matching.terms import Terms, terms_of
from claims.models import MatchShare, MatchText
from claims.searching import time_limit

# Milliseconds a statement may take.
TIME_LIMIT = 1000
# Of a text the rarest so many words, and beginnings of words, are looked up; each leads to the newest so many texts.
MOST_WORDS, MOST_BEGINNINGS = 24, 12
TEXTS_OF_A_WORD = 500
# A beginning says less than a word.
WEIGHT_OF_A_BEGINNING = 0.3
# Texts whose words are compared one by one.
CANDIDATES = 200
# BM25's two constants, what runs of letters weigh beside words, and the lengths of a usual text. Tuned on train.
K1, B, GRAMS = 0.9, 0.4, 0.3
USUAL_WORDS, USUAL_GRAMS = 18, 75
MOST_GRAMS = 400
LOOK_UP = """
SELECT posting.text_id FROM unnest(%(terms)s::int[], %(weights)s::float[]) AS word (term, weight)
CROSS JOIN LATERAL (
    SELECT text_id FROM claims_matchposting AS each WHERE each.term = word.term ORDER BY text_id DESC LIMIT %(each)s
) AS posting
GROUP BY posting.text_id ORDER BY sum(word.weight) DESC, posting.text_id DESC LIMIT %(most)s
"""
PUBLIC = 0x55555555


@dataclass(frozen=True)
class Found:
    """`score` 0 to 1: how much of the text is in the claim, rare words counting more. `words`: the reader's own forms
    of what both share, what says most first."""

    claim_id: int
    score: float
    words: tuple[str, ...]


class Weights:
    """How much each term says: by how few texts hold it."""

    def __init__(self, terms: Iterable[int]) -> None:
        shares = dict(MatchShare.objects.filter(term__in=[0, *terms]).values_list("term", "share"))
        self.texts = max(shares.pop(0, 1000.0), 2.0)
        self.shares = shares

    def __getitem__(self, term: int) -> float:
        held = self.shares.get(term, 1 / self.texts) * self.texts
        return log(1 + (self.texts - held + 0.5) / (held + 0.5))


def find(text: str, *, public: bool, language: str = "", limit: int = 10) -> list[Found]:
    """At most `limit` claims, best first; none for a text without words that say something.

    `public`: only verdicts that stand, and only by what is published of them. `language`: the text's, where it is
    known. Raises SearchTakesTooLong.
    """
    terms = terms_of(text, language)
    if not terms.words:
        return []
    with time_limit(TIME_LIMIT):
        grams = terms.grams[:MOST_GRAMS]
        weights = Weights([*terms.forms, *terms.beginnings, *grams])
        ids = _candidates(terms, weights, public=public)
        rows = MatchText.objects.filter(pk__in=ids).values_list("claim_id", "words", "grams")
        return _in_order(list(rows), terms, weights, limit)


def _candidates(terms: Terms, weights: Weights, *, public: bool) -> list[int]:
    words = sorted(terms.forms, key=lambda term: -weights[term])[:MOST_WORDS]
    beginnings = sorted(terms.beginnings, key=lambda term: -weights[term])[:MOST_BEGINNINGS]
    weighed = [(term, weights[term]) for term in words]
    weighed += [(term, WEIGHT_OF_A_BEGINNING * weights[term]) for term in beginnings]
    looked_up = [(term ^ PUBLIC, weight) for term, weight in weighed]
    if not public:
        looked_up += weighed
    with connection.cursor() as cursor:
        cursor.execute(
            LOOK_UP,
            {
                "terms": [term for term, _ in looked_up],
                "weights": [weight for _, weight in looked_up],
                "each": TEXTS_OF_A_WORD,
                "most": CANDIDATES,
            },
        )
        return [row[0] for row in cursor.fetchall()]


def _in_order(rows: list[tuple[int, list[int], list[int]]], terms: Terms, weights: Weights, limit: int) -> list[Found]:
    of_words = {term: weights[term] for term in terms.forms}
    of_grams = {term: GRAMS * weights[term] for term in terms.grams[:MOST_GRAMS]}
    asked = of_grams.keys()
    whole = sum(of_words.values()) + sum(of_grams.values())
    best: dict[int, tuple[float, frozenset[int]]] = {}
    for claim_id, words, grams in rows:
        counts = Counter(word for word in words if word in of_words)
        stretch = K1 * (1 - B + B * len(words) / USUAL_WORDS)
        points = sum(of_words[word] * number * (K1 + 1) / (number + stretch) for word, number in counts.items())
        stretch = K1 * (1 - B + B * len(grams) / USUAL_GRAMS)
        points += sum(of_grams[gram] for gram in asked & set(grams)) * (K1 + 1) / (1 + stretch)
        if points > best.get(claim_id, (0.0,))[0]:
            best[claim_id] = points, frozenset(counts)
    # Of two that say the same the earlier is the claim, the later its repeat.
    ordered = sorted(best, key=lambda claim_id: (-round(best[claim_id][0], 6), claim_id))[:limit]
    rarest_first = sorted(of_words, key=lambda term: -of_words[term])
    return [
        Found(
            claim_id,
            min(best[claim_id][0] / whole, 1.0),
            tuple(terms.forms[term] for term in rarest_first if term in best[claim_id][1]),
        )
        for claim_id in ordered
    ]
