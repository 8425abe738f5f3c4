"""What follows for verdicts when quotes and pages they rest on moved: reviews, public events, notices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from claims.choices import EventType, QuoteStatus
from claims.models import Evidence, Verdict
from claims.services.history import MAX_BATCH
from claims.services.judging import settled_by_a_person
from claims.services.notices import tell_of_quotes
from claims.services.public_changes import publish_changes
from claims.services.reviewing import open_review, review_opened

PublicChange = tuple[Verdict, str, dict[str, Any]]


@dataclass
class Disturbance:
    """What moved under one claim. `quotes`: evidence whose passage got another status or another passage instead.

    `seen`: by evidence, when the version that says so was first captured.
    """

    noticed: datetime
    quotes: list[Evidence] = field(default_factory=list)
    seen: dict[int, datetime] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)  # source public id -> its new state word


def draw_consequences(disturbed: dict[int, Disturbance], verdicts: list[Verdict], *, at: datetime) -> None:
    """One event per standing verdict, however much moved under it. `disturbed` is by claim, `verdicts` are locked.

    The evidence rows are saved already. No rating is ever touched.
    """
    changes: list[PublicChange] = []
    with translation.override("en"):
        for verdict in verdicts:
            if verdict.stands and verdict.pk in disturbed:
                changes += _event_of(verdict, disturbed[verdict.pk], at=at)
        for start in range(0, len(changes), MAX_BATCH):
            publish_changes(changes[start : start + MAX_BATCH], at=at)


def _event_of(verdict: Verdict, moved: Disturbance, *, at: datetime) -> list[PublicChange]:
    """At most one: the review it opens, or what changed in the evidence."""
    assert verdict.current_version is not None
    shown = set(verdict.current_version.evidence.values_list("pk", flat=True))
    quotes = [row for row in moved.quotes if row.pk in shown]
    shaken = [row for row in quotes if row.is_disturbed and row.load_bearing and not _settled(row, moved)]
    review = None
    if shaken and settings.CLAIMTRACK_AUTO_OPEN_REVIEW:
        reason = _reason(shaken, moved.noticed)
        review = open_review(verdict, reason=reason, evidence=shaken, by=None, at=at)
    if shaken:
        tell_of_quotes(verdict, shaken, review, at=at)
    if review is not None:
        return [(verdict, EventType.REVIEW_OPENED, review_opened(review) | _states(moved))]
    if not quotes and not moved.sources:
        return []
    data = {"evidence": {row.public_id: row.quote_status for row in quotes}} | _states(moved)
    return [(verdict, EventType.EVIDENCE_CHANGED, data)]


def _settled(row: Evidence, moved: Disturbance) -> bool:
    return settled_by_a_person(row, seen=moved.seen[row.pk])


def _states(moved: Disturbance) -> dict[str, Any]:
    return {"sources": dict(sorted(moved.sources.items()))} if moved.sources else {}


def _reason(shaken: list[Evidence], noticed: datetime) -> str:
    """Calm, public words: what happened to the page, and that the rating stands meanwhile."""
    day = timezone.localtime(noticed).strftime("%-d %B %Y")  # as the pages beside it say it
    what = {
        QuoteStatus.ALTERED: "The wording of a passage we quote has changed",
        QuoteStatus.MISSING: "A passage we quote is no longer on its page",
    }[QuoteStatus(shaken[0].quote_status)]
    if len(shaken) > 1:
        what = f"{len(shaken)} passages we quote have changed or are no longer on their pages"
    return f"{what} (noticed on {day}). Our rating stands while we look."
