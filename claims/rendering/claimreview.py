"""schema.org ClaimReview from the public document: one function, used on the page and in every feed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Who signs the markup. `url` is the newsroom's home, `logo` an absolute address or empty."""

    name: str
    url: str
    logo: str = ""
    licence: str = ""


def render_claimreview(document: Document, publisher: Publisher) -> Document | None:
    """The ClaimReview of a standing verdict; None for a retracted or withheld one.

    Ratings without a truth value get their word and no numbers (Google's guide has no number for "unproven").
    """
    if document["status"] not in {"published", "under_review"}:
        return None
    markup: Document = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "@id": f"{document['url']}#claimreview",
        "url": document["url"],
        "claimReviewed": document["claim"]["text"],
        "inLanguage": document["language"],
        "headline": document["headline"],
        "reviewBody": document["summary"],
        "datePublished": document["published_at"],
        "dateModified": document["updated_at"],
        "author": _organization(publisher),
        "publisher": _organization(publisher),
        "reviewRating": _rating(document["rating"]),
        "itemReviewed": _claim(document["claim"]),
        "citation": [_citation(row) for row in document["evidence"] if row.get("source")],
        "correction": [_correction(row) for row in document["corrections"]],
    }
    if publisher.licence:
        markup["sdLicense"] = publisher.licence
    return {key: value for key, value in markup.items() if value not in ([], None, "")}


def _organization(publisher: Publisher) -> Document:
    organization = {"@type": "Organization", "name": publisher.name, "url": publisher.url}
    return organization | ({"logo": publisher.logo} if publisher.logo else {})


def _rating(rating: Document) -> Document:
    markup = {"@type": "Rating", "alternateName": rating["name"]}
    if "value" in rating:
        markup |= {
            "ratingValue": rating["value"],
            "bestRating": rating["best"],
            "worstRating": rating["worst"],
        }
    return markup


def _claim(claim: Document) -> Document:
    """Dates here are when the claim was made, never when it was checked (CW6); no author when nobody is known (CR7)."""
    appearances = [row["url"] for row in claim["appearances"]]
    first = next((row["url"] for row in claim["appearances"] if row["first"]), None)
    markup: Document = {
        "@type": "Claim",
        "text": claim["text"],
        "inLanguage": claim["language"],
        "datePublished": claim["made_on"],
        "author": _claimant(claim["claimant"]),
        "firstAppearance": {"@type": "CreativeWork", "url": first} if first else None,
        "appearance": [{"@type": "CreativeWork", "url": url} for url in appearances if url != first],
    }
    return {key: value for key, value in markup.items() if value not in ([], None, "")}


def _claimant(claimant: Document | None) -> Document | None:
    if claimant is None:
        return None
    markup = {"@type": "Thing", "name": claimant["name"]}
    return markup | ({"sameAs": claimant["same_as"]} if claimant["same_as"] else {})


def _citation(evidence: Document) -> Document:
    source = evidence["source"]
    markup = {"@type": "CreativeWork", "url": source["url"], "name": source.get("title") or source["url"]}
    if source.get("archived_url"):
        markup["archivedAt"] = source["archived_url"]
    return markup


def _correction(correction: Document) -> Document:
    return {"@type": "CorrectionComment", "text": correction["reason"], "datePublished": correction["at"]}


def as_script_text(markup: Document) -> str:
    """JSON that may stand inside <script>: no sequence of it can close the element or break a parser."""
    text = json.dumps(markup, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
