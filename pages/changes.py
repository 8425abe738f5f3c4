"""A claim's events told to a reader: what each changed, word by word. Pure: rows in, plain values out."""

import json
from collections.abc import Iterable
from typing import Any

from claims.choices import EventType
from claims.models import Event, Review, VerdictVersion
from sources.comparison import word_difference

# Unchanged stretches longer than this many words are cut in the middle.
KEPT_WORDS = 24
NEW_VERSION = {EventType.CORRECTED, EventType.RATING_CHANGED}
# Parts of a version a reader may want to see compared, in reading order.
COMPARED = ("headline", "summary", "explanation_markdown")

Part = tuple[str, str, str]


def tell(
    document: dict[str, Any], events: list[Event], versions: list[VerdictVersion], reviews: list[Review]
) -> list[dict[str, Any]]:
    """One entry per event, oldest first, with what it changed: texts, ratings, reason, review, evidence, sources."""
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
            entry |= _between(contents.get(event.version - 1, {}), contents.get(event.version, {}))
            entry["reason"] = getattr(rows.get(event.version), "correction_reason", "")
        elif event.type == EventType.PUBLISHED:
            entry["first"] = contents.get(event.version, {})
        elif event.type == EventType.RETRACTED:
            entry["reason"] = document.get("status_reason", "")
        entries.append(entry)
    return entries


def _told(review: Review | None) -> dict[str, Any]:
    """A review in the shape documents give it."""
    if review is None:
        return {}
    return {"opened_at": review.opened_at, "opened_by": review.opened_by_kind, "reason": review.reason}


def _between(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What a correction changed: texts word by word, the rating, the quoted passages that came and went."""
    texts = []
    for name in COMPARED:
        old, new = str(before.get(name) or ""), str(after.get(name) or "")
        if old != new:
            texts.append({"name": name, "parts": shortened(word_parts(old, new))})
    quoted_before = {item["id"]: item for item in before.get("evidence") or []}
    quoted_after = {item["id"]: item for item in after.get("evidence") or []}
    old_rating, new_rating = before.get("rating") or {}, after.get("rating") or {}
    changed = bool(old_rating) and old_rating.get("code") != new_rating.get("code")
    return {
        "texts": texts,
        "ratings": (old_rating, new_rating) if changed else None,
        "added": [item for key, item in quoted_after.items() if key not in quoted_before],
        "dropped": [item for key, item in quoted_before.items() if key not in quoted_after],
    }


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
