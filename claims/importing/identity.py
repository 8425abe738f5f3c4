"""When two items are the same review: the same claim on the same page."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import fields

from rapidfuzz import fuzz

from claims.importing.findings import FoundReview
from claims.importing.values import without_tracking

# Raised whenever reading gives other values for the same item, so that known rows are read anew.
READING = "1"
# Two wordings of one claim: a corrected slip of the pen, not another claim. Of 100.
SAME_CLAIM = 85
_NUMBERS = re.compile(r"\d+")
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
# Places and ways differ from import to import (the same review on its page and in a feed), remarks are about the item
# and not of it.
_NOT_CONTENT = {"where", "taken_from", "raw", "remarks"}


def page_key(url: str) -> str:
    """32 hex digits for the page at a checked address: scheme, www, fragment, final slash and tracking do not count."""
    place, _, query = without_tracking(url).partition("#")[0].partition("://")[2].partition("?")
    return _digest(f"{place.removeprefix('www.').rstrip('/')}?{query}")[:32]


def review_key(page: str, claim_text: str) -> str:
    """64 hex digits for the claim on the page; case, punctuation and blanks of the claim do not count."""
    return _digest(f"{page}\n{folded(claim_text)}")


def folded(text: str) -> str:
    """Letters, marks and digits alone, each run of others one blank."""
    if text.isascii():
        return _NO_LETTERS.sub(" ", text.lower()).strip()
    kept = (character if unicodedata.category(character)[0] in "LMN" else " " for character in _casefold(text))
    return " ".join("".join(kept).split())


def same_claim(one: str, other: str) -> bool:
    """Whether both are wordings of one claim, the later correcting the earlier. Another number is another claim."""
    one, other = folded(one), folded(other)
    return _NUMBERS.findall(one) == _NUMBERS.findall(other) and fuzz.ratio(one, other) >= SAME_CLAIM


def fingerprint(review: FoundReview) -> str:
    """64 hex digits over everything the item says."""
    parts = (repr(getattr(review, field.name)) for field in fields(review) if field.name not in _NOT_CONTENT)
    return _digest("\n".join([READING, *parts]))


def _casefold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
