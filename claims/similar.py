"""Claims like a text, public or not, at a bounded price: for whoever is about to log one.

Of the text the longest words are looked up one by one, each among so many claims at most; whichever claims hold most of
the rarer ones come first. Inflection is forgiven as beginning_of() does. Words alone are compared, not meanings.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import log

from django.db.models import IntegerField, Value

from claims.models import Claim, ClaimWords
from claims.rendering.search_words import beginning_of, stem_of, words_of
from claims.searching import SearchTakesTooLong, time_limit
from sources.words import words

# Characters of the text, and words of it, that are looked for.
LONGEST_TEXT, MOST_WORDS = 10_000, 12
# Claims that one word brings at most: a word of more says little. Read in full are the best of all.
CLAIMS_OF_A_WORD, READ = 1000, 50
MOST = 10
TIME_LIMIT = 1000
# Of the text's words and the claim's, how much has to be shared to be shown, and to be asked about before saving.
ALIKE, MUCH_ALIKE = 0.3, 0.6
# Say nothing about what a claim is about.
EMPTY_WORDS = words(
    "the and that this with from have has had was were are for not but you they their there which will would about "
    "what who his her its been more than into said says also "
    "что это как для или его она они был была было были есть все так уже под над при без том тем чем кто "
    "который которая которые также если более может сказал заявил "
    "және мен бен пен үшін бұл сол деп еді екен бар жоқ ғана емес оның олар туралы бірақ кейін дейін"
)


@dataclass(frozen=True)
class Hit:
    """`words`: those of the claim that the text has too; `share`: 0 to 1."""

    claim: Claim
    words: list[str]
    share: float

    @property
    def is_much_alike(self) -> bool:
        return self.share >= MUCH_ALIKE


@dataclass(frozen=True)
class Similar:
    """Best first. `gave_up`: the database was too busy to tell."""

    hits: list[Hit] = field(default_factory=list)
    gave_up: bool = False


def similar_claims(text: str, *, most: int = MOST) -> Similar:
    """At most `most` claims that share words with the text; none for a text without words. Never raises."""
    terms = key_words(text)
    if not terms:
        return Similar()
    try:
        with time_limit(TIME_LIMIT):
            best = _best(terms)
            hits = _read(terms, best)
    except SearchTakesTooLong:
        return Similar(gave_up=True)
    return Similar(sorted(hits, key=lambda hit: (-hit.share, -hit.claim.pk))[:most])


def key_words(text: str) -> list[str]:
    """The words that say most, as far as length tells, each form of a word once."""
    by_stem = {stem_of(word): word for word in reversed(words_of(text[:LONGEST_TEXT])) if _says_something(word)}
    return sorted(by_stem.values(), key=lambda word: (-len(word), word))[:MOST_WORDS]


def _says_something(word: str) -> bool:
    return (word.isdecimal() or len(word) >= 3) and word not in EMPTY_WORDS


def _best(terms: list[str]) -> list[int]:
    """Claims that hold most of the words, rare ones counting more."""
    first, *others = (
        ClaimWords.objects.holding(beginning_of(word))
        .annotate(term=Value(number, output_field=IntegerField()))
        .values_list("term", "claim_id")[:CLAIMS_OF_A_WORD]
        for number, word in enumerate(terms)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for term, claim_id in first.union(*others, all=True) if others else first:
        found[term].append(claim_id)
    points: dict[int, float] = defaultdict(float)
    for claim_ids in found.values():
        weight = 1 / (1 + log(len(claim_ids)))
        for claim_id in claim_ids:
            points[claim_id] += weight
    return sorted(points, key=lambda claim_id: (-points[claim_id], -claim_id))[:READ]


def _read(terms: list[str], claim_ids: list[int]) -> list[Hit]:
    stems = [stem_of(word) for word in terms]
    claims = Claim.objects.for_desk().select_related("verdict__current_version__rating", "words")
    hits = []
    for claim in claims.defer(*BULKY).filter(pk__in=claim_ids):
        own = [word for word in claim.words.search_text.split() if _says_something(word)]
        shared = [word for word in own if any(_is_form_of(word, stem) for stem in stems)]
        of_text = sum(any(_is_form_of(word, stem) for word in own) for stem in stems) / len(stems)
        of_claim = len(shared) / len(own) if own else 0.0
        share = (of_text + of_claim) / 2
        if share >= ALIKE:
            hits.append(Hit(claim, list(dict.fromkeys(shared)), share))
    return hits


# What rendering needs of a verdict, and nobody here.
BULKY = (
    "document__body", "document__claimreview", "document__search_text", "document__search_vector",
    "verdict__current_version__content", "words__search_vector",
)  # fmt: skip


def _is_form_of(word: str, stem: str) -> bool:
    return word == stem if stem.isdecimal() or len(stem) < 3 else word.startswith(stem)
