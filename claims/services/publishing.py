"""A second person publishes: one new version, one event, one stored document, or nothing at all."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.choices import CorrectionKind, DraftState, EventType, ReviewOutcome, VerdictStatus
from claims.errors import NotAllowed
from claims.models import Claim, Draft, Evidence, User, Verdict, VerdictVersion
from claims.models.identity import make_slug
from claims.rendering.content import canonical, freeze, freeze_decision
from claims.services.checklist import freeze_ticks
from claims.services.documents import store_documents
from claims.services.drafting import locked
from claims.services.history import NewEvent, append_events, digest
from claims.services.readiness import check_ready
from claims.services.record import record
from claims.services.reviewing import close_review
from claims.services.telling import tell_of_published


@transaction.atomic
def approve_and_publish(draft: Draft, *, by: User, at: datetime | None = None) -> VerdictVersion:
    """Publish what the draft says as the claim's next version; the draft is gone afterwards.

    Raises NotAllowed when `by` may not approve, wrote it, or it was not handed in; ValidationError when something
    that must hold does not (see readiness.py). Nothing is written unless everything is.
    """
    draft = locked(draft)
    claim = draft.claim
    second_review = settings.CLAIMTRACK_REQUIRE_SECOND_REVIEWER
    require_approver(draft, by, second_review=second_review)
    check_ready(draft)
    at = at or timezone.now()
    previous = Verdict.objects.select_for_update(of=("self",)).filter(claim=claim).first()
    verdict = previous or _first_verdict(claim, at)
    version = _new_version(draft, verdict, by=by, second_review=second_review, at=at)
    before = verdict.current_version
    _make_current(verdict, version, at)
    closing = close_review(verdict, by=by, outcome=ReviewOutcome.CORRECTED, note=version.correction_reason, at=at)
    record(claim, f"published version {version.number}", by=by, detail=_acknowledgement(version), at=at)
    tell_of_published(version, by=by, at=at)
    freeze_ticks(draft, version)
    draft.delete()
    store_documents([claim.pk])
    append_events([_published(version, before), *closing], at=at)
    return version


def authors_of(draft: Draft) -> set[int]:
    """Everybody who wrote in the draft or changed the evidence under it, by primary key."""
    wrote = draft.editors.values_list("pk", flat=True)
    return set(wrote.union(draft.claim.evidence_editors.values_list("pk", flat=True)))


def require_approver(draft: Draft, by: User, *, second_review: bool) -> None:
    """The four-eyes rule. In the database a constraint and the triggers of migration `two_people` hold it too."""
    wrote_it = by == draft.submitted_by or by.pk in authors_of(draft)
    if not second_review and wrote_it and by.may_check:
        return
    if not by.may_approve:
        raise NotAllowed(_("Only a reviewer or an administrator may publish. Submit it for review instead."))
    if draft.state != DraftState.IN_REVIEW:
        raise NotAllowed(_("This draft has not been submitted for review yet."))
    if wrote_it:
        raise NotAllowed(_("You wrote part of this, so a second person has to approve it."))


def _first_verdict(claim: Claim, at: datetime) -> Verdict:
    claim.slug = make_slug(claim.text, fallback="claim")
    claim.save(update_fields=["slug"])
    return Verdict.objects.create(
        claim=claim, status=VerdictStatus.PUBLISHED, published_at=at, updated_at=at, status_since=at
    )


def _new_version(draft: Draft, verdict: Verdict, *, by: User, second_review: bool, at: datetime) -> VerdictVersion:
    evidence = list(draft.claim.evidence.attached().select_related("source", "upload", "snapshot"))
    author = draft.submitted_by or by
    assert draft.rating is not None, "check_ready() lets no draft without a rating through"
    version = VerdictVersion(
        verdict=verdict,
        number=verdict.versions.count() + 1,
        rating=draft.rating,
        claimant=draft.claim.claimant,
        author=author,
        approved_by=by if by != author else None,
        second_review_required=second_review,
        unchecked_acknowledged_by=_who_acknowledged(draft, evidence, author),
        correction_kind=_correction_kind(draft, verdict),
        correction_reason=draft.correction_reason if verdict.current_version_id else "",
        published_at=at,
    )
    version.content = canonical(freeze(draft, evidence) | freeze_decision(version))
    version.content_salt = secrets.token_hex(16)
    version.content_digest = digest(version.content_salt + version.content)
    version.full_clean()
    version.save(force_insert=True)
    version.editors.set(authors_of(draft))
    draft.claim.evidence_editors.clear()
    version.evidence.set(evidence)
    return version


def _who_acknowledged(draft: Draft, evidence: list[Evidence], author: User) -> User | None:
    """Recorded only where it mattered: a page that could not be captured is part of the version."""
    return author if draft.unchecked_acknowledged and any(row.is_unchecked_page for row in evidence) else None


def _correction_kind(draft: Draft, verdict: Verdict) -> str:
    if verdict.current_version is None:
        return ""
    changed = verdict.current_version.rating_id != draft.rating_id
    return CorrectionKind.RATING_CHANGED if changed else draft.correction_kind


def _make_current(verdict: Verdict, version: VerdictVersion, at: datetime) -> None:
    verdict.current_version = version
    verdict.status = VerdictStatus.PUBLISHED
    verdict.status_reason, verdict.status_since = "", at
    verdict.updated_at = at
    verdict.full_clean()
    verdict.save()


def _acknowledgement(version: VerdictVersion) -> str:
    who = version.unchecked_acknowledged_by
    return f"{who.get_username()} acknowledged that a quoted page could not be captured" if who else ""


def _published(version: VerdictVersion, before: VerdictVersion | None) -> NewEvent:
    data: dict[str, Any] = {"rating": version.rating.code, "content_digest": version.content_digest}
    kind = EventType.PUBLISHED
    if before is not None:
        data |= {"kind": version.correction_kind, "previous_rating": before.rating.code}
        changed = version.correction_kind == CorrectionKind.RATING_CHANGED
        kind = EventType.RATING_CHANGED if changed else EventType.CORRECTED
    return NewEvent(claim=version.verdict.claim, type=kind, version=version.number, data=data)
