"""A verdict's facts as plain values, in a constant number of queries, ready for rendering."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone

from claims.choices import CorrectionKind, VerdictStatus
from claims.models import Appearance, Claim, Claimant, Draft, Evidence, Translation, Verdict, VerdictVersion
from claims.rendering.addresses import capture_url
from claims.rendering.document import Document, VerdictState
from claims.rendering.markdown import to_html
from claims.rendering.times import rfc3339
from sources.comparison import word_difference


def with_facts(claim_ids: Iterable[int]) -> list[Verdict]:
    """The verdicts with everything rendering needs, in a constant number of queries."""
    return list(
        Verdict.objects.filter(pk__in=list(claim_ids))
        .select_related("claim", "current_version__claimant", "current_version__author", "current_version__approved_by")
        .prefetch_related(
            "claim__topics",
            "claim__appearances__source",
            "claim__translations",
            "versions",
            "reviews__evidence",
            "claim__evidence__source__current_snapshot",
            "claim__evidence__snapshot",
        )
    )


def state_of(verdict: Verdict, version: VerdictVersion) -> VerdictState:
    claim = verdict.claim
    return VerdictState(
        slug=claim.slug,
        status=verdict.status,
        status_reason=verdict.status_reason,
        status_since=verdict.status_since,
        version=version.number,
        content_digest=version.content_digest,
        content_salt=version.content_salt,
        published_at=verdict.published_at,
        updated_at=verdict.updated_at,
        is_demo=claim.is_demo,
        authors=[version.author.byline] if version.author.byline else [],
        approved_by=(version.approved_by.byline or None) if version.approved_by else None,
        reviewed_by_second_person=version.approved_by_second_person,
        **_people_and_places(claim, version.claimant),
        corrections=_corrections(verdict),
        review=_open_review(verdict),
        last_review=_last_review(verdict, version),
        translations=[_translation(row, claim.slug) for row in claim.translations.all()],
        evidence={row.public_id: _evidence(row) for row in claim.evidence.all()},
        unchecked_acknowledged=version.unchecked_acknowledged_by_id is not None,
    )


def preview_state(draft: Draft) -> VerdictState:
    """How the verdict would look if this draft were published now; for previews and the linter."""
    now = timezone.now()
    verdict = Verdict.objects.filter(claim=draft.claim).first()
    return VerdictState(
        slug=draft.claim.slug or "claim",
        status=VerdictStatus.PUBLISHED,
        status_reason="",
        status_since=now,
        version=0,
        content_digest="",
        content_salt="",
        published_at=verdict.published_at if verdict else now,
        updated_at=now,
        is_demo=draft.claim.is_demo,
        authors=[],
        approved_by=None,
        reviewed_by_second_person=False,
        **_people_and_places(draft.claim, draft.claim.claimant),
        corrections=[],
        review=None,
        evidence={row.public_id: _evidence(row) for row in draft.claim.evidence.attached()},
    )


def _people_and_places(claim: Claim, claimant: Claimant | None) -> dict[str, Any]:
    """What follows its own rows whatever the version says: the claimant's name, topics, appearances."""
    return {
        "claimant": _claimant(claimant) if claimant else None,
        "topics": [{"slug": topic.slug, "name": topic.name} for topic in claim.topics.all()],
        "appearances": [_appearance(row) for row in claim.appearances.all()],
    }


def _claimant(claimant: Claimant) -> Document:
    return {
        "id": claimant.public_id,
        "name": claimant.name,
        "slug": claimant.slug,
        "kind": claimant.kind,
        "job_title": claimant.job_title,
        "same_as": claimant.same_as,
    }


def _appearance(row: Appearance) -> Document:
    # Platforms that refuse robots say nothing about whether the post lives: no state rather than a wrong one.
    status = row.source.availability if row.source else None
    if status in {"new", "excluded", "denied", "blocked", "paywalled"}:
        status = None
    return {
        "url": row.url,
        "platform": row.platform,
        "published_on": row.published_on.isoformat() if row.published_on else None,
        "audience": row.audience,
        "first": row.is_first,
        "status": status,
    }


def _corrections(verdict: Verdict) -> list[Document]:
    """Newest first."""
    rows = [
        {
            "kind": row.correction_kind,
            "reason": row.correction_reason,
            "at": rfc3339(row.published_at),
            "version": row.number,
        }
        for row in verdict.versions.all()
        if row.number > 1
    ]
    if verdict.status == VerdictStatus.RETRACTED:
        assert verdict.current_version is not None
        rows.append(
            {
                "kind": CorrectionKind.RETRACTED.value,
                "reason": verdict.status_reason,
                "at": rfc3339(verdict.status_since),
                "version": verdict.current_version.number,
            }
        )
    return rows[::-1]


def _open_review(verdict: Verdict) -> Document | None:
    for review in verdict.reviews.all():
        if review.is_open:
            return {
                "id": review.public_id,
                "opened_at": rfc3339(review.opened_at),
                "opened_by": review.opened_by_kind,
                "reason": review.reason,
                "evidence": sorted(row.public_id for row in review.evidence.all()),
            }
    return None


def _last_review(verdict: Verdict, version: VerdictVersion) -> Document | None:
    """The newest settled look at this version: what a person found is part of the answer."""
    settled = [row for row in verdict.reviews.all() if row.closed_at and row.closed_at > version.published_at]
    if not settled:
        return None
    review = max(settled, key=lambda row: row.pk)
    return {
        "closed_at": rfc3339(review.closed_at) if review.closed_at else None,
        "outcome": review.outcome,
        "reason": review.reason,
        "note": review.note,
        "evidence": sorted(row.public_id for row in review.evidence.all()),
    }


def _translation(row: Translation, slug: str) -> Document:
    return {
        "language": row.language,
        "slug": slug,
        "of_version": row.of_version,
        "claim_text": row.claim_text,
        "headline": row.headline,
        "summary": row.summary,
        "explanation": to_html(row.explanation),
    }


def _evidence(row: Evidence) -> Document:
    source = row.source
    return {
        "quote_status": row.quote_status,
        "quote_status_since": rfc3339(row.quote_status_since) if row.quote_status_since else None,
        "quote_found": row.quote_found,
        "difference": _difference(row),
        "captured_at": rfc3339(row.snapshot.taken_at) if row.snapshot else None,
        "source": {
            "title": source.title,
            "publisher": source.publisher,
            "status": source.availability,
            "status_since": rfc3339(source.availability_since),
            "archived_url": _archived_url(row),
        }
        if source
        else None,
    }


def _archived_url(row: Evidence) -> str | None:
    """Our capture the quote was first seen in, where readers may open it."""
    snapshot, source = row.snapshot, row.source
    if snapshot is None or source is None or snapshot.source_id != source.pk or not snapshot.storage_key:
        return None
    if settings.CLAIMTRACK_PUBLIC_SNAPSHOTS == "excerpt":
        return None
    return capture_url(settings.SITE_URL, source.public_id, snapshot.public_id)


def _difference(row: Evidence) -> list[list[str]]:
    """Word by word, what the page says now against what we quoted; empty while the quote is intact."""
    if not row.is_disturbed or not row.quote_found:
        return []
    return [[part.op, part.text, part.weight] for part in word_difference(row.quote, row.quote_found)]
