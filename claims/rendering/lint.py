"""The ClaimReview rules, each finding with its id and how to mend it. CR = error, blocks publishing; CW = warning.

Rules: developers.google.com/search/docs/appearance/structured-data/factcheck (2026-09-15) and schema.org.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

# Google cuts longer claims (CW1).
CLAIM_LENGTH = 75

Markup = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    rule: str
    message: str

    @property
    def is_error(self) -> bool:
        return self.rule.startswith("CR")

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"


def lint(markup: Markup) -> list[Finding]:
    """Every finding on one ClaimReview object, errors first."""
    findings = [*_identity(markup), *_rating(markup), *_people(markup), *_claim(markup)]
    return sorted(findings, key=lambda finding: not finding.is_error)


def _identity(markup: Markup) -> Iterator[Finding]:
    if markup.get("@type") != "ClaimReview":
        yield Finding("CR1", "@type is not ClaimReview: set it to exactly that word.")
    for key in ("claimReviewed", "reviewRating", "url"):
        if not markup.get(key):
            yield Finding("CR1", f"{key} is missing or empty: fill it in.")
    url = urlsplit(str(markup.get("url", "")))
    if markup.get("url") and (url.scheme not in {"http", "https"} or not url.hostname or len(url.path) < 2):
        yield Finding("CR3", "url must be the full address of the page that carries this check, not the home page.")
    if "dateModified" not in markup or "datePublished" not in markup:
        yield Finding("CW9", "datePublished and dateModified are both expected by aggregators: give both.")


def _rating(markup: Markup) -> Iterator[Finding]:
    rating = markup.get("reviewRating") or {}
    word = rating.get("alternateName") or rating.get("name") or ""
    if not str(word).strip():
        yield Finding("CR2", "reviewRating.alternateName is empty: write the rating as a word.")
    if len(str(word)) > CLAIM_LENGTH:
        yield Finding("CW8", "reviewRating.alternateName is long and will be cut: put the meaning first.")
    numbers = {key: rating[key] for key in ("ratingValue", "bestRating", "worstRating") if key in rating}
    if not numbers:
        return
    try:
        value, best, worst = (float(numbers[key]) for key in ("ratingValue", "bestRating", "worstRating"))
    except (KeyError, TypeError, ValueError):
        yield Finding("CR4", "ratingValue, bestRating and worstRating must all be numbers, or all be left out.")
        return
    if not 1 <= worst < best:
        yield Finding("CR4", f"worstRating {worst:g} must be at least 1 and below bestRating {best:g}.")
    elif not worst <= value <= best:
        yield Finding("CR4", f"ratingValue {value:g} lies outside {worst:g} to {best:g}.")
    if not all(number.is_integer() for number in (value, best, worst)):
        yield Finding("CW3", "ratings are expected to be whole numbers.")


def _people(markup: Markup) -> Iterator[Finding]:
    author = markup.get("author")
    if not isinstance(author, dict) or not (author.get("name") or author.get("url")):
        yield Finding("CR6", "author must be an Organization or Person with a name or a url: set PUBLISHER_NAME.")
    claimant = (markup.get("itemReviewed") or {}).get("author")
    if claimant is None:
        return
    if not isinstance(claimant, dict) or not claimant.get("name"):
        yield Finding("CR7", "the claimant has no name: name them, or leave the claimant out when nobody is known.")
    elif not claimant.get("sameAs"):
        yield Finding("CW7", "add an address that identifies the claimant (home page, Wikipedia, Wikidata).")


def _claim(markup: Markup) -> Iterator[Finding]:
    text = str(markup.get("claimReviewed", ""))
    word = str((markup.get("reviewRating") or {}).get("alternateName", ""))
    if len(text) >= CLAIM_LENGTH:
        yield Finding(
            "CW1", f"claimReviewed has {len(text)} characters; search engines show fewer than {CLAIM_LENGTH}."
        )
    if word and word.lower() in text.lower().split():
        yield Finding("CW1", "claimReviewed contains the rating: give the claim alone.")
    item = markup.get("itemReviewed") or {}
    if item.get("@type") != "Claim":
        yield Finding("CW4", "itemReviewed should be of the type Claim.")
    made, checked = str(item.get("datePublished", ""))[:10], str(markup.get("datePublished", ""))[:10]
    if made and checked and made > checked:
        yield Finding("CW6", f"the claim was made on {made}, after the check of {checked}: one of the dates is wrong.")
    own = urlsplit(str(markup.get("url", "")))
    appearances = [
        *(item.get("appearance") or []),
        *([item["firstAppearance"]] if item.get("firstAppearance") else []),
    ]
    for appearance in appearances:
        there = urlsplit(str(appearance.get("url", "")))
        if (there.scheme, there.netloc) == (own.scheme, own.netloc):
            yield Finding("CW11", "an appearance is on our own site: link where the claim was made.")
