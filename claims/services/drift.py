"""What happened to the pages our verdicts rest on, and what follows from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from claims.choices import EventType, EvidenceKind, QuoteStatus
from claims.models import Claim, Evidence, Verdict
from claims.services.evidence import pin
from claims.services.public_changes import lock_verdicts, publish_changes
from claims.services.reviewing import open_review, review_opened
from sources.choices import ChangeKind
from sources.models import TEXT_CHANGES, Snapshot, SourceChange

MAX_CHANGES_A_SWEEP = 100


@dataclass
class Disturbance:
    """What moved under one claim in this sweep. `quotes`: evidence whose passage got another status."""

    quotes: list[Evidence] = field(default_factory=list)
    seen: dict[int, datetime] = field(default_factory=dict)  # evidence pk -> when this version was first seen
    sources: dict[str, str] = field(default_factory=dict)  # source public id -> its new state word


@transaction.atomic
def assess_changes(*, limit: int = MAX_CHANGES_A_SWEEP, at: datetime | None = None) -> int:
    """Work waiting source changes off; returns how many. Safe to run twice and in parallel: rows are claimed by lock.

    A changed or missing passage that a standing verdict rests on opens a review; everything else that readers see
    is a verdict.evidence_changed. No rating is ever touched.
    """
    at = at or timezone.now()
    changes = list(
        SourceChange.objects.unprocessed()
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("source", "snapshot_after")
        .order_by("pk")[:limit]
    )
    if not changes:
        return 0
    disturbed = _disturbances(changes, at=at)
    with translation.override("en"):
        _tell_the_public(disturbed, at=at)
    SourceChange.objects.filter(pk__in=[change.pk for change in changes]).update(processed_at=at)
    return len(changes)


def _disturbances(changes: list[SourceChange], *, at: datetime) -> dict[int, Disturbance]:
    """By claim; evidence rows are updated on the way."""
    disturbed: dict[int, Disturbance] = defaultdict(Disturbance)
    for change in changes:
        if change.kind in TEXT_CHANGES and change.snapshot_after:
            for evidence in _reassess(change.source_id, change.snapshot_after, at=at):
                disturbed[evidence.claim_id].quotes.append(evidence)
                disturbed[evidence.claim_id].seen[evidence.pk] = change.snapshot_after.taken_at
        if change.kind not in {ChangeKind.CONTENT, ChangeKind.REVERTED}:
            for claim_id in _claims_showing(change.source_id):
                disturbed[claim_id].sources[change.source.public_id] = change.source.availability
    return disturbed


def _reassess(source_id: int, snapshot: Snapshot, *, at: datetime) -> list[Evidence]:
    """Compare every quote pinned to the page with its new capture; the ones whose status changed."""
    rows = Evidence.objects.filter(source_id=source_id, kind=EvidenceKind.PAGE)
    moved = []
    for evidence in rows.select_for_update(of=("self",)).order_by("pk"):
        if pin(evidence, snapshot, at=at):
            moved.append(evidence)
        evidence.save(
            update_fields=[
                "snapshot", "quote_prefix", "quote_suffix", "quote_status", "quote_status_since", "quote_found",
            ]
        )  # fmt: skip
    return moved


def _claims_showing(source_id: int) -> set[int]:
    return set(Claim.objects.filter(evidence__source_id=source_id).values_list("pk", flat=True)) | set(
        Claim.objects.filter(appearances__source_id=source_id).values_list("pk", flat=True)
    )


def _tell_the_public(disturbed: dict[int, Disturbance], *, at: datetime) -> None:
    changes: list[tuple[Verdict, str, dict[str, Any]]] = []
    for verdict in lock_verdicts(sorted(disturbed)):
        if verdict.stands:
            changes += _events_of(verdict, disturbed[verdict.pk], at=at)
    publish_changes(changes, at=at)


def _events_of(verdict: Verdict, moved: Disturbance, *, at: datetime) -> list[tuple[Verdict, str, dict[str, Any]]]:
    """At most two: the review it opens, or what changed in the evidence."""
    assert verdict.current_version is not None
    shown = set(verdict.current_version.evidence.values_list("pk", flat=True))
    quotes = [row for row in moved.quotes if row.pk in shown]
    shaken = [row for row in quotes if row.is_disturbed and row.load_bearing and not _judged(verdict, row, moved)]
    if shaken and settings.CLAIMTRACK_AUTO_OPEN_REVIEW:
        review = open_review(verdict, reason=_reason(shaken, at), evidence=shaken, by=None, at=at)
        if review is not None:
            return [(verdict, EventType.REVIEW_OPENED, review_opened(review) | _states(moved))]
    if not quotes and not moved.sources:
        return []
    data = {"evidence": {row.public_id: row.quote_status for row in quotes}} | _states(moved)
    return [(verdict, EventType.EVIDENCE_CHANGED, data)]


def _judged(verdict: Verdict, evidence: Evidence, moved: Disturbance) -> bool:
    """A person has already settled a review of this quote after this version of the page was first seen.

    A page that flaps between two texts opens one review, not one at every turn.
    """
    settled = verdict.reviews.filter(evidence=evidence, closed_at__gte=moved.seen[evidence.pk])
    return settled.exists()


def _states(moved: Disturbance) -> dict[str, Any]:
    return {"sources": dict(sorted(moved.sources.items()))} if moved.sources else {}


def _reason(shaken: list[Evidence], at: datetime) -> str:
    """Calm, public words: what happened to the page, and that the rating stands meanwhile."""
    day = at.strftime("%-d %B %Y")
    what = {
        QuoteStatus.ALTERED: "The wording of a passage we quote has changed",
        QuoteStatus.MISSING: "A passage we quote is no longer on its page",
    }[QuoteStatus(shaken[0].quote_status)]
    if len(shaken) > 1:
        what = f"{len(shaken)} passages we quote have changed or are no longer on their pages"
    return f"{what} (noticed on {day}). Our rating stands while we look."
