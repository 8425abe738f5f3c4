"""What is different between two versions of a verdict: everything a person wrote, none of it left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from claims.rendering.content import Content


@dataclass(frozen=True)
class FieldChange:
    """`field` is a code (headline, claim.quantity …); `before` and `after` are for people to read, "" for nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class ContentChanges:
    """`added` and `dropped` are frozen evidence; evidence itself never changes, another one replaces it."""

    fields: list[FieldChange]
    added: list[Content]
    dropped: list[Content]


def compare(before: Content, after: Content) -> ContentChanges:
    """Every difference, in reading order."""
    old = {row["id"] for row in before.get("evidence", [])}
    new = {row["id"] for row in after.get("evidence", [])}
    return ContentChanges(
        changed_fields(before, after),
        added=[row for row in after.get("evidence", []) if row["id"] not in old],
        dropped=[row for row in before.get("evidence", []) if row["id"] not in new],
    )


def changed_fields(before: Content, after: Content) -> list[FieldChange]:
    was, now = readable_fields(before), readable_fields(after)
    return [FieldChange(name, was.get(name, ""), now[name]) for name in now if was.get(name, "") != now[name]]


def changed_evidence(before: Content, after: Content) -> tuple[list[Content], list[Content]]:
    """(added, dropped)."""
    changes = compare(before, after)
    return changes.added, changes.dropped


def readable_fields(content: Content) -> dict[str, str]:
    """Every field a version freezes, evidence aside, as text."""
    claim = content.get("claim", {})
    claimant = claim.get("claimant") or {}
    return {
        "rating": content.get("rating", {}).get("name", ""),
        "headline": content.get("headline", ""),
        "summary": content.get("summary", ""),
        "explanation": content.get("explanation_markdown", ""),
        "language": content.get("language", ""),
        "claim.text": claim.get("text", ""),
        "claim.language": claim.get("language", ""),
        "claim.claimant": claimant.get("name", ""),
        "claim.made_on": claim.get("made_on") or "",
        "claim.location": claim.get("location", ""),
        "claim.quantity": readable_quantity(claim.get("quantity")),
    }


def readable_quantity(quantity: dict[str, Any] | None) -> str:
    """“thousands of protesters (2000 or more people)”; "" for none."""
    if not quantity:
        return ""
    low, high = quantity["low"], quantity["high"]
    if low is None and high is None:
        return str(quantity["as_stated"])
    if low is not None and high is not None:
        span = low if low == high else f"{low}–{high}"
    else:
        span = _("%(low)s or more") % {"low": low} if high is None else _("up to %(high)s") % {"high": high}
    return f"{quantity['as_stated']} ({span} {quantity['unit']})".strip().replace(" )", ")")
