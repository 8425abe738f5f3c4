"""What a version freezes: everything a person wrote, and the evidence as it was pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rfc8785

from claims.rendering.markdown import to_html
from claims.rendering.times import rfc3339

if TYPE_CHECKING:
    from claims.models import Claim, Draft, Evidence, Rating, VerdictVersion

Content = dict[str, Any]


def freeze(draft: Draft, evidence: list[Evidence]) -> Content:
    """The content of the version this draft becomes; plain JSON values only."""
    assert draft.rating is not None, "check_ready() lets no draft without a rating through"
    return {
        "headline": draft.headline,
        "summary": draft.summary,
        "explanation": to_html(draft.explanation),
        "explanation_markdown": draft.explanation,
        "language": draft.language,
        "rating": freeze_rating(draft.rating),
        "claim": freeze_claim(draft.claim),
        "evidence": [freeze_evidence(row) for row in evidence],
    }


def freeze_decision(version: VerdictVersion) -> Content:
    """How the version came to be, without naming anybody: identities are not public."""
    return {
        "number": version.number,
        "published_at": rfc3339(version.published_at),
        "second_review_required": version.second_review_required,
        "reviewed_by_second_person": version.approved_by_second_person,
        "unchecked_acknowledged": version.unchecked_acknowledged_by_id is not None,
        "correction": {"kind": str(version.correction_kind), "reason": version.correction_reason}
        if version.correction_kind
        else None,
    }


def freeze_rating(rating: Rating) -> Content:
    """code, name, meaning, tone; value, best and worst only where the rating has a truth value."""
    content = {
        "code": rating.code,
        "name": rating.name,
        "names": rating.name_translations,
        "meaning": rating.meaning,
        "tone": rating.tone,
    }
    if rating.value is not None:
        content |= {"value": rating.value, "best": rating.scale.best, "worst": rating.scale.worst}
    return content


def freeze_claim(claim: Claim) -> Content:
    return {
        "id": claim.public_id,
        "text": claim.text,
        "language": claim.language,
        "made_on": claim.made_on.isoformat() if claim.made_on else None,
        "location": claim.location,
        "claimant": {"id": claim.claimant.public_id, "name": claim.claimant.name} if claim.claimant else None,
        "quantity": claim.quantity,
    }


def freeze_evidence(evidence: Evidence) -> Content:
    upload = evidence.upload
    return {
        "id": evidence.public_id,
        "kind": evidence.kind,
        "stance": evidence.stance,
        "load_bearing": evidence.load_bearing,
        # Versions from before this was asked say nothing of it, and neither does evidence that leaves it open.
        **({"origin": str(evidence.origin)} if evidence.origin else {}),
        "quote": evidence.quote,
        "note": evidence.note,
        "description": evidence.description,
        "quantity": evidence.quantity,
        "source": {"id": evidence.source.public_id, "url": evidence.source.url} if evidence.source else None,
        "captured_sha256": evidence.snapshot.raw_sha256 if evidence.snapshot else None,
        "file": {
            "name": evidence.file_name,
            "media_type": evidence.file_media_type,
            "size": upload.size,
            "sha256": upload.sha256,
        }
        if upload
        else None,
    }


def canonical(content: Content) -> str:
    """RFC 8785 canonical JSON: the same content gives the same bytes everywhere, so its digest can be checked."""
    return rfc8785.dumps(content).decode()
