"""A claim's events told to a reader: what each changed, word by word. Pure: rows in, plain values out."""

import json
from collections.abc import Iterable
from typing import Any

from claims.choices import EventType
from claims.models import Event, Review, VerdictVersion
from claims.rendering.changes import changed_evidence, changed_fields
from pages.reading import named_rating, parse_when
from pages.words import date_words, language_name, quantity_words
from sources.comparison import word_difference

# Unchanged stretches longer than this many words are cut in the middle.
KEPT_WORDS = 24
NEW_VERSION = {EventType.CORRECTED, EventType.RATING_CHANGED}
# Replaced as a whole: comparing a name or a date with another word by word helps nobody.
WHOLE = {"language", "claim.language", "claim.claimant", "claim.made_on"}

Part = tuple[str, str, str]


def tell(
    document: dict[str, Any],
    events: list[Event],
    versions: list[VerdictVersion],
    reviews: list[Review],
    prefix: str = "",
) -> list[dict[str, Any]]:
    """One entry per event, oldest first, with what it changed: fields, ratings, reason, review, evidence, sources.

    Ratings are named in the language of `prefix`, where the scale has a name in it.
    """
    contents = {version.number: json.loads(version.content or "{}") for version in versions}
    rows = {version.number: version for version in versions}
    by_id = {review.public_id: review for review in reviews}
    evidence = _evidence_by_id(contents.values())
    entries = []
    for event in events:
        data = json.loads(event.entry)["data"]
        entry: dict[str, Any] = {
            "event": event,
            "data": data,
            "before": event.sequence - 1,
            "changed": [str(word) for word in data.get("changed") or []],
            "translations_removed": [language_name(str(tag)) for tag in data.get("translations_removed") or []],
            "version": rows.get(event.version),
            "review": by_id.get(data.get("review", "")),
            "review_told": _told(by_id.get(data.get("review", ""))),
            "evidence": [
                {"status": status, "evidence": evidence[key]}
                for key, status in _pairs(data.get("evidence"))
                if key in evidence
            ],
            "sources": _sources(data.get("sources"), document),
        }
        if event.type in NEW_VERSION:
            entry |= _between(contents.get(event.version - 1, {}), contents.get(event.version, {}), prefix)
            entry["reason"] = getattr(rows.get(event.version), "correction_reason", "")
        elif event.type == EventType.PUBLISHED:
            first = contents.get(event.version, {})
            entry["first"] = first | {"rating": named_rating(first.get("rating"), prefix)} if first else {}
        elif event.type == EventType.RETRACTED:
            entry["reason"] = document.get("status_reason", "")
        entries.append(entry)
    return entries


def _told(review: Review | None) -> dict[str, Any]:
    """A review in the shape documents give it."""
    if review is None:
        return {}
    return {"opened_at": review.opened_at, "opened_by": review.opened_by_kind, "reason": review.reason}


def _between(before: dict[str, Any], after: dict[str, Any], prefix: str) -> dict[str, Any]:
    """What a new version changed: every field a person wrote, the rating, the evidence that came and went."""
    changes = changed_fields(before, after)
    added, dropped = changed_evidence(before, after)
    ratings = [named_rating(content.get("rating"), prefix) for content in (before, after)]
    changed = ratings[0].get("code") != ratings[1].get("code") or any(change.field == "rating" for change in changes)
    return {
        "fields": [
            {
                "name": change.field,
                "language": _language_of(change.field, after),
                "parts": _parts(change.field, change.before, change.after, before, after),
            }
            for change in changes
            if change.field != "rating"
        ],
        "ratings": ratings if before and changed else None,
        "added": added,
        "dropped": dropped,
    }


def _language_of(field: str, content: dict[str, Any]) -> str:
    """What a text is written in; "" for names, dates and numbers."""
    if field in {"headline", "summary", "explanation"}:
        return str(content.get("language") or "")
    return str((content.get("claim") or {}).get("language") or "") if field == "claim.text" else ""


def _parts(field: str, was: str, now: str, before: dict[str, Any], after: dict[str, Any]) -> list[Part]:
    """How one field changed, in the reader's words: dates, languages and numbers as their language writes them."""
    if field == "claim.quantity":
        was, now = (quantity_words((content.get("claim") or {}).get("quantity")) for content in (before, after))
    elif field in {"language", "claim.language"}:
        was, now = language_name(was), language_name(now)
    elif field == "claim.made_on":
        was, now = (date_words(when) if (when := parse_when(text)) else text for text in (was, now))
    if field in WHOLE:
        return [(op, text, "word") for op, text in (("delete", was), ("insert", now)) if text]
    return shortened(word_parts(was, now))


def word_parts(before: str, after: str) -> list[Part]:
    """The word difference as (op, text, weight)."""
    return [(part.op, part.text, part.weight) for part in word_difference(before, after)]


def shortened(parts: list[Part]) -> list[Part]:
    """The same difference with long unchanged stretches cut in the middle: a reader looks for what changed."""
    short = []
    for op, text, weight in parts:
        words = text.split()
        if op == "equal" and len(words) > 2 * KEPT_WORDS:
            tail = text[len(text.rstrip()) :]
            text = f"{' '.join(words[:KEPT_WORDS])} … {' '.join(words[-KEPT_WORDS:])}{tail}"
        short.append((op, text, weight))
    return short


def _evidence_by_id(contents: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for content in contents for item in content.get("evidence") or []}


def _pairs(value: object) -> list[tuple[str, str]]:
    return [(str(key), str(word)) for key, word in value.items()] if isinstance(value, dict) else []


def _sources(value: object, document: dict[str, Any]) -> list[dict[str, str]]:
    """Sources whose state changed, with the name and address a reader knows them by."""
    known = {item["source"]["id"]: item["source"] for item in document.get("evidence") or [] if item.get("source")}
    return [
        {"id": key, "state": word, "title": known[key].get("publisher") or known[key].get("title") or known[key]["url"]}
        for key, word in _pairs(value)
        if key in known
    ]
