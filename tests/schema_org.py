"""The properties of schema.org that our markup uses, by type, with what may stand in them.

Looked up by hand in the vocabulary (schema.org release 29, as typed by schema-dts 2.1.0); inherited ones are listed at
the type that uses them. A capital letter begins a type; text, url, date, number and truth are plain values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

ORGANISATIONS = {"Organization", "Person"}
PROPERTIES: dict[str, dict[str, set[str]]] = {
    "ClaimReview": {
        "url": {"url"},
        "claimReviewed": {"text"},
        "inLanguage": {"text"},
        "headline": {"text"},
        "reviewBody": {"text"},
        "version": {"number"},
        "datePublished": {"date"},
        "dateModified": {"date"},
        "isAccessibleForFree": {"truth"},
        "author": ORGANISATIONS,
        "publisher": ORGANISATIONS,
        "publishingPrinciples": {"url"},
        "reviewRating": {"Rating"},
        "itemReviewed": {"Claim"},
        "citation": {"CreativeWork"},
        "correction": {"CorrectionComment"},
        "sdPublisher": ORGANISATIONS,
        "sdLicense": {"url"},
    },
    "Rating": {
        "alternateName": {"text"},
        "ratingValue": {"number"},
        "bestRating": {"number"},
        "worstRating": {"number"},
        "ratingExplanation": {"text"},
    },
    "Claim": {
        "text": {"text"},
        "inLanguage": {"text"},
        "datePublished": {"date"},
        # A Thing is no author to schema.org: what we say of a claimant whose kind nobody entered.
        "author": {*ORGANISATIONS, "Thing"},
        "contentLocation": {"Place"},
        "firstAppearance": {"CreativeWork"},
        "appearance": {"CreativeWork"},
    },
    "CreativeWork": {
        "url": {"url"},
        "name": {"text"},
        "datePublished": {"date"},
        "publisher": ORGANISATIONS,
        "archivedAt": {"url"},
    },
    "CorrectionComment": {"text": {"text"}, "datePublished": {"date"}},
    "Organization": {
        "name": {"text"},
        "url": {"url"},
        "logo": {"url"},
        "description": {"text"},
        "sameAs": {"url"},
    },
    "Person": {"name": {"text"}, "jobTitle": {"text"}, "sameAs": {"url"}},
    "Thing": {"name": {"text"}, "description": {"text"}, "sameAs": {"url"}},
    "Place": {"name": {"text"}},
}
KEYWORDS = {"@context", "@type", "@id"}


def misused(markup: dict[str, Any], path: str = "") -> Iterator[str]:
    """Each property that its type does not have, or that holds what it may not, as a sentence."""
    kind = markup["@type"]
    for name, value in markup.items():
        if name in KEYWORDS:
            continue
        allowed = PROPERTIES[kind].get(name)
        if allowed is None:
            yield f"{path}{kind} has no {name}"
            continue
        for one in value if isinstance(value, list) else [value]:
            if not kinds_of(one) & allowed:
                yield f"{path}{kind}.{name} may not be {one!r}"
            if isinstance(one, dict):
                yield from misused(one, f"{path}{kind}.{name}: ")


def kinds_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {value["@type"]}
    if isinstance(value, bool):
        return {"truth"}
    if isinstance(value, int):
        return {"number"}
    kinds = {"text"}
    if value.startswith(("http://", "https://")):
        kinds.add("url")
    if len(value) >= 10 and value[:4].isdecimal() and value[4] == value[7] == "-":
        kinds.add("date")
    return kinds
