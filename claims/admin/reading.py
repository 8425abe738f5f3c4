"""What a draft would publish, laid out for whoever writes it and whoever approves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims import services
from claims.admin.overview import evidence_states
from claims.admin.wording import archived_copy, number_in, page_trouble, why_unchecked
from claims.choices import EvidenceKind, Stance
from claims.models import Claim, Draft, Evidence
from claims.rendering.changes import FieldChange, readable_quantity
from claims.rendering.content import Content
from claims.rendering.lint_rules import Finding
from claims.rendering.markdown import to_html
from sources.comparison import Difference, word_difference

# The fields of services.changes_since_published, as the forms call them.
LABELS = {
    "rating": _("Rating"),
    "headline": _("Headline"),
    "summary": _("Answer"),
    "explanation": _("Explanation"),
    "language": _("Language of the verdict"),
    "claim.text": _("Words of the claim"),
    "claim.language": _("Language of the claim"),
    "claim.claimant": _("Claimant"),
    "claim.made_on": _("Made on"),
    "claim.location": _("Place"),
    "claim.quantity": _("The number in it"),
}


@dataclass(frozen=True)
class Change:
    """One field that differs. `words` is empty when only capitals, blanks or typesetting do: the texts say it then."""

    label: str | Promise
    before: str
    after: str
    words: list[Difference]


def change(row: FieldChange) -> Change:
    return change_of_words(LABELS.get(row.field, row.field), row.before, row.after)


def change_of_words(label: str | Promise, before: str, after: str) -> Change:
    words = word_difference(before, after)
    if all(part.op == "equal" for part in words):
        words = []
    return Change(label, before, after, words)


def draft_state(claim: Claim) -> dict[str, Any]:
    """The draft as readers would see it, what differs from what they see now, what it rests on, what rules say."""
    draft = Draft.objects.filter(claim=claim).select_related("rating", "submitted_by").first()
    return {
        "draft": draft,
        "explanation": to_html(draft.explanation) if draft else "",
        "findings": findings_of(draft),
        "evidence": evidence_states(claim),
        "quantity": number_in(claim),
        "topics": list(claim.topics.all()),
        "appearances": list(claim.appearances.all()),
        "changes": _changes(draft),
        "vouched": _vouched(draft),
        "troubled": troubled_pages(claim),
        "ticked": list(draft.ticks.select_related("by", "item")) if draft else [],
    }


def still_public(claim: Claim) -> list[Change]:
    """What readers still see although the desk changed it."""
    return [change(row) for row in services.unpublished_changes(claim)]


def _changes(draft: Draft | None) -> dict[str, Any] | None:
    changes = services.changes_since_published(draft) if draft else None
    if changes is None:
        return None
    return {
        "fields": [change(row) for row in changes.fields],
        "evidence": [
            *({"row": _evidence(row), "is_new": True} for row in changes.added),
            *({"row": _evidence(row), "is_new": False} for row in changes.dropped),
        ],
    }


def _evidence(frozen: Content) -> Content:
    return frozen | {
        "stance": Stance(frozen["stance"]).label,
        "kind": EvidenceKind(frozen["kind"]).label,
        "quantity": readable_quantity(frozen["quantity"]),
    }


def _vouched(draft: Draft | None) -> list[dict[str, Any]]:
    """The pages nobody captured that the author vouches for, each with why there is no capture."""
    if draft is None or not draft.unchecked_acknowledged:
        return []
    rows = Evidence.objects.attached().unchecked_pages().filter(claim=draft.claim_id).select_related("source")
    return [{"row": row, "why": why_unchecked(row)} for row in rows]


def troubled_pages(claim: Claim) -> list[dict[str, Any]]:
    """The pages it rests on that readers may not get to see, with our copies. A warning: the capture holds."""
    rows = Evidence.objects.attached().filter(claim=claim, source__isnull=False).select_related("source")
    return [{"row": row, "why": why, "archived": archived_copy(row)} for row in rows if (why := page_trouble(row))]


def findings_of(draft: Draft | None) -> list[Finding]:
    """What the rules of ClaimReview say, as soon as there is enough to judge."""
    if draft is None or draft.rating is None or not draft.headline or not draft.summary:
        return []
    return services.lint_draft(draft)
