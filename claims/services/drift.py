"""What happened to the pages our verdicts rest on, step by step: judge the quotes, brake, draw the consequences."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from claims.models import Appearance, Evidence
from claims.services.braking import brake, settle_released, take_brake
from claims.services.consequences import Disturbance, draw_consequences
from claims.services.judging import Judged, judge
from claims.services.notices import tell_of_source
from claims.services.public_changes import lock_verdicts
from sources.choices import ChangeKind
from sources.models import SourceChange

logger = logging.getLogger(__name__)

MAX_CHANGES_A_SWEEP = 100
# A change that breaks is tried again after this, twice this, and so on up to the other.
PUT_OFF = timedelta(minutes=1)
PUT_OFF_AT_MOST = timedelta(hours=6)
MOST_ATTEMPTS = 1000
COMPARED_FIELDS = [
    "snapshot", "quote_prefix", "quote_suffix", "quote_status", "quote_status_since", "quote_found",
]  # fmt: skip


def assess_changes(*, limit: int = MAX_CHANGES_A_SWEEP, at: datetime | None = None) -> int:
    """Work waiting source changes off; returns how many. One at a time: a second caller finds nothing to do.

    A changed or missing passage that a standing verdict rests on opens a review, unless so many come at once that a
    person decides first (see braking.py); everything else that readers see is a verdict.evidence_changed.

    A change that breaks it is put off, later and later, and the others go on; three times, and it is an alarm.
    """
    at = at or timezone.now()
    # What a person released comes first, so that no newer change overtakes it.
    if _settle_released(at):
        return 0
    try:
        return _assess(limit, at)
    except (OperationalError, InterfaceError):
        raise  # the database is away: no change's fault
    except Exception:
        logger.exception("changes could not be worked off; looking for the one that breaks it")
    # Where none breaks by itself, it takes two of them to break: one by one, then.
    return _assess(limit if _put_off_culprits(limit, at) else 1, at)


def _settle_released(at: datetime) -> int:
    """How many released quotes were settled. Where that breaks they stay, and hold up nothing behind them."""
    try:
        with transaction.atomic():
            return settle_released(at=at) if take_brake(wait=False) else 0
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("released changes could not be worked off; they are tried again")
        return 0


@transaction.atomic
def _assess(limit: int, at: datetime) -> int:
    if not take_brake(wait=False):
        return 0
    changes = _locked_changes(limit, at)
    if changes:
        _work_off(changes, at=at)
        SourceChange.objects.filter(pk__in=[change.pk for change in changes]).update(processed_at=at)
    return len(changes)


def _locked_changes(limit: int, at: datetime) -> list[SourceChange]:
    return list(
        SourceChange.objects.due(at)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("source", "snapshot_after")
        .order_by("pk")[:limit]
    )


@transaction.atomic
def _put_off_culprits(limit: int, at: datetime) -> bool:
    """Try every change by itself and undo it again; those that break are put off. Whether there are any."""
    if not take_brake(wait=False):
        return False
    broken: set[int] = set()
    for change in _locked_changes(limit, at):
        if change.source_id not in broken and not _can_be_worked_off(change, at):
            broken.add(change.source_id)
            _put_off(change, at)
    return bool(broken)


def _can_be_worked_off(change: SourceChange, at: datetime) -> bool:
    try:
        with transaction.atomic():
            _work_off([change], at=at)
            transaction.set_rollback(True)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("change %s of source %s cannot be worked off", change.pk, change.source_id)
        return False
    return True


def _put_off(change: SourceChange, at: datetime) -> None:
    wait = min(PUT_OFF * 2 ** min(change.attempts, 10), PUT_OFF_AT_MOST)
    change.attempts, change.not_before = min(change.attempts + 1, MOST_ATTEMPTS), at + wait
    change.save(update_fields=["attempts", "not_before"])


def _work_off(changes: list[SourceChange], *, at: datetime) -> None:
    showing = _claims_showing({change.source_id for change in changes})
    verdicts = lock_verdicts(sorted(set().union(*showing.values())))
    judged = judge(changes, at=at)
    held = brake(judged, at=at)
    passed = [one for one in judged if one.evidence.pk not in held]
    for one in passed:
        if one.differs:
            one.evidence.save(update_fields=COMPARED_FIELDS)
    draw_consequences(_disturbances(passed, changes, showing, at), verdicts, at=at)
    for change in changes:
        tell_of_source(change, at=at)


def _claims_showing(sources: set[int]) -> dict[int, set[int]]:
    """By source: the claims that name it as evidence or as an appearance."""
    showing: dict[int, set[int]] = defaultdict(set)
    for model in (Evidence, Appearance):
        for source, claim in model._default_manager.filter(source__in=sources).values_list("source_id", "claim_id"):
            showing[source].add(claim)
    return showing


def _disturbances(
    passed: list[Judged], changes: list[SourceChange], showing: dict[int, set[int]], at: datetime
) -> dict[int, Disturbance]:
    """By claim."""
    disturbed: dict[int, Disturbance] = defaultdict(lambda: Disturbance(noticed=at))
    for one in passed:
        if one.moved:
            disturbed[one.evidence.claim_id].quotes.append(one.evidence)
            disturbed[one.evidence.claim_id].seen[one.evidence.pk] = one.first_seen
    for change in changes:
        if change.kind not in {ChangeKind.CONTENT, ChangeKind.REVERTED}:
            # Also when it is back where it was: the document says since when.
            for claim in showing[change.source_id]:
                disturbed[claim].sources[change.source.public_id] = change.source.availability
    return disturbed
