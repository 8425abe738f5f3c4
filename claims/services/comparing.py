"""What the next version would change, for the people who write and approve it."""

from __future__ import annotations

import json

from claims.models import Claim, Draft, Verdict
from claims.rendering.changes import ContentChanges, FieldChange, changed_fields, compare
from claims.rendering.content import Content, freeze, freeze_claim


def changes_since_published(draft: Draft) -> ContentChanges | None:
    """The draft against the published version; None when nothing is published or no rating is chosen yet."""
    before = _published(draft.claim)
    if before is None or draft.rating is None:
        return None
    evidence = list(draft.claim.evidence.attached().select_related("source", "upload", "snapshot"))
    return compare(before, freeze(draft, evidence))


def unpublished_changes(claim: Claim) -> list[FieldChange]:
    """What was changed on the claim since it was published: readers see it with the next version."""
    before = _published(claim)
    return changed_fields(before, before | {"claim": freeze_claim(claim)}) if before else []


def _published(claim: Claim) -> Content | None:
    verdict = Verdict.objects.filter(claim=claim).select_related("current_version").first()
    if verdict is None or verdict.current_version is None or not verdict.current_version.content:
        return None
    content: Content = json.loads(verdict.current_version.content)
    return content
