"""What the newest captures say about the quotes pinned to their pages. Decides nothing and saves nothing."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from claims.choices import HoldOutcome, QuoteStatus
from claims.models import Evidence, TouchedQuote
from claims.services.evidence import pin
from sources.comparison import find_quote
from sources.models import TEXT_CHANGES, Snapshot, SourceChange
from sources.services.reextracting import reextract

# What a comparison sets on evidence.
COMPARED = ("snapshot_id", "quote_prefix", "quote_suffix", "quote_status", "quote_status_since", "quote_found")


@dataclass
class Judged:
    """One quote before and after: `stored` as it is in the database, `evidence` as the pages read now, unsaved.

    `change` is the last one that said something about it; None when none of them did.
    """

    stored: Evidence
    evidence: Evidence
    change: SourceChange | None = None

    @property
    def differs(self) -> bool:
        """There is something to save."""
        return any(getattr(self.stored, name) != getattr(self.evidence, name) for name in COMPARED)

    @property
    def moved(self) -> bool:
        """Readers would see another status, or another passage in the quote's place."""
        return (self.stored.quote_status, self.stored.quote_found) != (
            self.evidence.quote_status,
            self.evidence.quote_found,
        )

    @property
    def first_seen(self) -> datetime:
        """When the version that speaks was first captured."""
        assert self.change is not None and self.change.snapshot_after is not None
        return self.change.snapshot_after.taken_at


def judge(changes: list[SourceChange], *, at: datetime) -> list[Judged]:
    """Lock every quote on a page whose text changed and compare it with each new text, in the order of `changes`."""
    texts = [change for change in changes if change.kind in TEXT_CHANGES]
    rows = Evidence.objects.followed().filter(source_id__in={change.source_id for change in texts})
    by_source: dict[int | None, list[Judged]] = defaultdict(list)
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        by_source[row.source_id].append(Judged(stored=row, evidence=copy(row)))
    for change in texts:
        for judged in by_source[change.source_id]:
            _hear(judged, change, at)
    return [judged for group in by_source.values() for judged in group if judged.change]


def _hear(judged: Judged, change: SourceChange, at: datetime) -> None:
    snapshot = change.snapshot_after
    assert snapshot is not None, "a text change has its capture: a constraint"
    trial = copy(judged.evidence)
    pin(trial, snapshot, at=at)
    if trial.is_disturbed and _was_dismissed(trial, snapshot):
        judged.evidence, judged.change = copy(judged.stored), change
    elif not trial.is_disturbed or _page_did_it(judged.evidence, trial, change):
        judged.evidence, judged.change = trial, change


def _page_did_it(before: Evidence, after: Evidence, change: SourceChange) -> bool:
    """Whether the page changed the passage, and not a newer extractor that reads the same page differently.

    The version before is read by the present extractor too: a quote that is absent from both in the same way was not
    touched by this change.
    """
    previous = change.snapshot_before
    if previous is None or before.quote_status == QuoteStatus.UNCHECKED or _is_held(after):
        return True
    reextract(previous)
    was = find_quote(previous.present_text(), after.quote, prefix=after.quote_prefix, suffix=after.quote_suffix)
    same = was.status == after.quote_status and (was.status == "missing" or was.found == after.quote_found)
    # After a dismissal the evidence is as before the dismissed version, so that one is no measure.
    return not same or _dismissals(after).filter(change__snapshot_after=previous).exists()


def _was_dismissed(evidence: Evidence, snapshot: Snapshot) -> bool:
    """A person has called exactly this no change of substance: this text, or this passage in the quote's place."""
    return (
        _dismissals(evidence)
        .filter(
            Q(change__snapshot_after__text_sha256=snapshot.text_sha256)
            | Q(status=QuoteStatus.ALTERED, found=evidence.quote_found)
        )
        .exists()
    )


def _is_held(evidence: Evidence) -> bool:
    """What was said of it last waits for a person and is not on the evidence yet, so it is always compared anew."""
    return evidence.touches.waiting().exists()


def _dismissals(evidence: Evidence) -> QuerySet[TouchedQuote]:
    return TouchedQuote.objects.filter(evidence=evidence, hold__outcome=HoldOutcome.DISMISSED)


def settled_by_a_person(evidence: Evidence, *, seen: datetime) -> bool:
    """A review of this quote was settled after this version of the page was first seen.

    A page that flaps between two texts opens one review, not one at every turn.
    """
    return evidence.reviews.filter(closed_at__gte=seen).exists()
