"""schema.org ClaimReview from the public document: one function, used on the page and in every feed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from claims.choices import ClaimantKind
from claims.rendering.addresses import methodology_url

Document = dict[str, Any]

# A claimant whose kind nobody knows is a Thing, which says nothing about them.
CLAIMANT_TYPES: dict[str, str] = {ClaimantKind.PERSON: "Person", ClaimantKind.ORGANIZATION: "Organization"}


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Who signs the markup. `url` is the newsroom's home, `logo` an absolute address or empty."""

    name: str
    url: str
    logo: str = ""
    licence: str = ""


def render_claimreview(document: Document, publisher: Publisher) -> Document | None:
    """The ClaimReview of a standing verdict; None for a retracted or withheld one.

    The same document and publisher give the same object with its keys in the same order. Every key is a property
    schema.org knows on its type. Ratings without a truth value get their word and no numbers (CW10).
    """
    if document["status"] not in {"published", "under_review"}:
        return None
    url, organization = document["url"], _organization(publisher)
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "ClaimReview",
            "@id": f"{url}#claimreview",
            "url": url,
            "claimReviewed": document["claim"]["text"],
            "inLanguage": document["language"],
            "headline": document["headline"],
            "reviewBody": document["summary"],
            "version": document["version"],
            "datePublished": document["published_at"],
            "dateModified": document["updated_at"],
            "isAccessibleForFree": True,
            "author": organization,
            "publisher": organization,
            "publishingPrinciples": methodology_url(url),
            "reviewRating": _rating(document["rating"], document["summary"]),
            "itemReviewed": _claim(document["claim"], url),
            "citation": _citations(document["evidence"]),
            "correction": [_correction(row) for row in document["corrections"]],
            "sdPublisher": organization,
            "sdLicense": publisher.licence,
        }
    )


def _filled(markup: Document) -> Document:
    """Without what is not known: a missing property says so, an empty one is an error to most readers."""
    return {key: value for key, value in markup.items() if value not in ([], {}, None, "")}


def _organization(publisher: Publisher) -> Document:
    return _filled(
        {"@type": "Organization", "name": publisher.name, "url": publisher.url, "logo": publisher.logo},
    )


def _rating(rating: Document, explanation: str) -> Document:
    markup = {
        "@type": "Rating",
        "alternateName": rating["name"],
        "ratingValue": rating.get("value"),
        "bestRating": rating.get("best"),
        "worstRating": rating.get("worst"),
        "ratingExplanation": explanation,
    }
    return _filled(markup)


def _claim(claim: Document, url: str) -> Document:
    """Dates here are when the claim was made, never when it was checked (CW6); no author when nobody is known (CR7)."""
    first = next((row for row in claim["appearances"] if row["first"]), None)
    return _filled(
        {
            "@type": "Claim",
            "@id": f"{url}#claim",
            "text": claim["text"],
            "inLanguage": claim["language"],
            "datePublished": claim["made_on"],
            "author": _claimant(claim["claimant"]),
            "contentLocation": {"@type": "Place", "name": claim["location"]} if claim.get("location") else None,
            # Each address stands in one of the two, never in both (CW5).
            "firstAppearance": _appearance(first) if first else None,
            "appearance": [_appearance(row) for row in claim["appearances"] if row is not first],
        }
    )


def _appearance(appearance: Document) -> Document:
    return _filled({"@type": "CreativeWork", "url": appearance["url"], "datePublished": appearance.get("published_on")})


def _claimant(claimant: Document | None) -> Document | None:
    """A person has a jobTitle; to schema.org nobody else has, so an outlet's description is its description."""
    if claimant is None:
        return None
    kind = CLAIMANT_TYPES.get(claimant.get("kind") or "", "Thing")
    return _filled(
        {
            "@type": kind,
            "name": claimant["name"],
            "jobTitle" if kind == "Person" else "description": claimant.get("job_title"),
            "sameAs": claimant["same_as"],
        }
    )


def _citations(evidence: list[Document]) -> list[Document]:
    """The pages it rests on, each once, in the order readers meet them."""
    cited: list[Document] = []
    for row in evidence:
        citation = _citation(row["source"]) if row.get("source") else None
        if citation and citation not in cited:
            cited.append(citation)
    return cited


def _citation(source: Document) -> Document:
    publisher = source.get("publisher")
    return _filled(
        {
            "@type": "CreativeWork",
            "url": source["url"],
            "name": source.get("title") or source["url"],
            "publisher": {"@type": "Organization", "name": publisher} if publisher else None,
            "archivedAt": source.get("archived_url"),
        }
    )


def _correction(correction: Document) -> Document:
    return {"@type": "CorrectionComment", "text": correction["reason"], "datePublished": correction["at"]}


def as_script_text(markup: Document) -> str:
    """JSON that may stand inside <script>: no sequence of it can close the element or break a parser."""
    text = json.dumps(markup, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
