"""From a stored verdict document to what a template shows. Pure: no database, no clock, no request."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from claims.choices import EventType, QuoteStatus, ReviewOutcome
from claims.models import Event, VerdictDocument
from pages.chart import quantity_chart
from pages.links import page_path

# Longer claims are set smaller, so that a whole speech still looks like a quotation and not like a poster.
LONG_CLAIM = 280
# Reading order of the evidence.
SIDES = ("refutes", "supports")
# Words that bring their own are not set between a second pair.
QUOTATION_MARKS = frozenset('"“”„‟«»')
DISTURBED = (QuoteStatus.ALTERED, QuoteStatus.MISSING)
# What a translation replaces.
TRANSLATED = ("headline", "summary", "explanation", "claim_text")


def read_document(row: VerdictDocument, prefix: str) -> dict[str, Any]:
    """The document's JSON, with the translation that belongs under this language prefix laid over it ("": none).

    Adds `text` (headline, summary, explanation, claim_text, language: the translation's where there is one),
    `translation` (that translation or None), `path`, `corrected` (the latest correction or None), `stands` and
    `looked_again`, here and at the evidence it settled.
    """
    document: dict[str, Any] = json.loads(row.body)
    looked_again = settled_review(document)
    settled = set((looked_again or {}).get("evidence") or [])
    translation = translation_into(document, prefix)
    claim = document.get("claim") or {}
    original = {
        "headline": document.get("headline", ""),
        "summary": document.get("summary", ""),
        "explanation": document.get("explanation", ""),
        "claim_text": claim.get("text", ""),
        "language": row.language,
        "claim_language": claim.get("language") or row.language,
    }
    if translation:
        shown = {key: translation.get(key) or original[key] for key in TRANSLATED}
        original |= shown | {"language": prefix, "claim_language": prefix}
    corrections = [entry for entry in document.get("corrections") or [] if entry.get("kind") != "retracted"]
    return {
        **document,
        "evidence": [
            item | {"looked_again": looked_again if item.get("id") in settled and is_disturbed(item) else None}
            for item in document.get("evidence") or []
        ],
        "looked_again": looked_again,
        "public_id": row.public_id,
        "status": row.status,
        "is_demo": row.is_demo,
        "text": original,
        "rating": named_rating(document.get("rating"), prefix),
        "translation": translation,
        "path": page_path("claim", prefix=prefix, public_id=row.public_id, slug=slug_in(document, row, prefix)),
        "corrected": corrections[0] if corrections else None,
        "stands": row.is_listed,
        "opens_with_a_mark": original["claim_text"].lstrip()[:1] in QUOTATION_MARKS,
        "is_long": len(original["claim_text"]) > LONG_CLAIM,
    }


def is_disturbed(item: dict[str, Any]) -> bool:
    """The quoted passage changed on its page or left it."""
    return item.get("quote_status") in DISTURBED


def settled_review(document: dict[str, Any]) -> dict[str, Any] | None:
    """The last review when it confirmed the rating and its passages still read otherwise, so that readers may wonder.

    None while another review is open: then that one is the news. `language` is what its note is written in.
    """
    last = document.get("last_review") or {}
    if document.get("review") or last.get("outcome") != ReviewOutcome.CONFIRMED:
        return None
    about = set(last.get("evidence") or [])
    unsettled = any(item.get("id") in about and is_disturbed(item) for item in document.get("evidence") or [])
    return last | {"language": document.get("language", "")} if unsettled else None


def translation_into(document: dict[str, Any], language: str) -> dict[str, Any] | None:
    return next((entry for entry in document.get("translations") or [] if entry.get("language") == language), None)


def named_rating(rating: dict[str, Any] | None, language: str) -> dict[str, Any]:
    """The rating with its name in the reader's language, where the scale has one."""
    rating = dict(rating or {})
    return rating | {"name": (rating.get("names") or {}).get(language) or rating.get("name", "")}


def slug_in(document: dict[str, Any], row: VerdictDocument, prefix: str) -> str:
    """The slug under a language prefix: the translation's own, else the verdict's."""
    translation = translation_into(document, prefix)
    return (translation or {}).get("slug") or row.slug or "claim"


def read_documents(rows: Iterable[VerdictDocument], prefix: str) -> list[dict[str, Any]]:
    return [read_document(row, prefix) for row in rows]


def with_evidence(document: dict[str, Any], visited: Mapping[str, datetime | None] | None = None) -> dict[str, Any]:
    """The document with its evidence for and against, what is under review in it, reach and quantity chart drawn.

    Adds `sides` (both stances, one of them maybe empty; nothing where there is neither), `context`, `disturbed` and
    `chart`. `visited`: when each source was last visited, by its public id; documents do not hold what visits move.
    """
    evidence = [_with_visit(item, visited or {}) for item in document.get("evidence") or []]
    asked_about = set((document.get("review") or {}).get("evidence") or [])
    by_stance = {stance: [item for item in evidence if item.get("stance") == stance] for stance in SIDES}
    claim = document.get("claim") or {}
    return {
        **document,
        "claim": claim | {"appearances": with_reach(claim.get("appearances") or [])},
        "evidence": evidence,
        "sides": [{"stance": stance, "items_shown": items} for stance, items in by_stance.items()]
        if any(by_stance.values())
        else [],
        "context": [item for item in evidence if item.get("stance") not in SIDES],
        "disturbed": [item for item in evidence if item.get("id") in asked_about],
        "chart": quantity_chart(claim.get("quantity"), evidence),
    }


def _with_visit(item: dict[str, Any], visited: Mapping[str, datetime | None]) -> dict[str, Any]:
    source = item.get("source")
    return item | {"source": source | {"last_checked_at": visited.get(source["id"])}} if source else item


def cited_sources(document: dict[str, Any]) -> set[str]:
    """Public ids of the sources that the evidence quotes."""
    return {item["source"]["id"] for item in document.get("evidence") or [] if item.get("source")}


def with_reach(appearances: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each appearance with `reach`, the width of its bar beside the largest audience; "" where none is known."""
    largest = max((seen.get("audience") or 0 for seen in appearances), default=0)
    return [
        seen | {"reach": f"{seen['audience'] / largest * 100:.1f}%" if largest and seen.get("audience") else ""}
        for seen in appearances
    ]


def timeline(
    document: dict[str, Any], events: Iterable[Event], logged_at: datetime | None = None
) -> list[dict[str, Any]]:
    """What happened, oldest first: the claim made, seen and logged, then the verdict's events without small updates."""
    claim = document.get("claim") or {}
    entries = []
    if claim.get("made_on"):
        entries.append(
            {"when": claim["made_on"], "kind": "said", "claimant": (claim.get("claimant") or {}).get("name", "")}
        )
    for seen in claim.get("appearances") or []:
        if seen.get("published_on") and seen["published_on"] != claim.get("made_on"):
            entries.append({"when": seen["published_on"], "kind": "seen", "platform": seen.get("platform", "")})
    if logged_at is not None:
        entries.append({"when": logged_at.isoformat(), "kind": "logged"})
    entries += [
        {
            "when": event.at.isoformat(),
            "kind": event.type,
            "version": event.version,
            "outcome": data.get("outcome", ""),
            "imported": data.get("imported", False),
        }
        for event, data in ((event, json.loads(event.entry)["data"]) for event in events)
        if event.type != EventType.UPDATED
    ]
    return sorted(entries, key=lambda entry: str(entry["when"])[:10])


def parse_when(value: object) -> date | datetime | None:
    """A date or a moment as documents write them: '2019-06-09' or RFC 3339; None when it is neither."""
    if isinstance(value, date):
        return value
    try:
        text = str(value or "")
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None
