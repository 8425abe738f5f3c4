"""What moves on a public verdict without a new version: names, topics, appearances, translations, evidence states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.choices import EventType
from claims.models import Claim, Claimant, NameChange, Topic, Verdict, VerdictDocument
from claims.services.documents import store_documents
from claims.services.guards import lock_claims
from claims.services.history import MAX_BATCH, NewEvent, append_events


def publish_changes(changes: list[tuple[Verdict, str, dict[str, Any]]], *, at: datetime | None = None) -> None:
    """Re-render the verdicts and write one event each, in this order, in the caller's transaction.

    `changes` are (locked verdict, event type, data); one verdict may come more than once.
    """
    at = at or timezone.now()
    verdicts = {verdict.pk: verdict for verdict, _, _ in changes}
    for verdict in verdicts.values():
        verdict.updated_at = at
    Verdict.objects.bulk_update(verdicts.values(), ["updated_at"])
    store_documents(verdicts)
    append_events(
        [
            NewEvent(claim=verdict.claim, type=kind, version=current_number(verdict), data=data)
            for verdict, kind, data in changes
        ],
        at=at,
    )


def current_number(verdict: Verdict) -> int:
    assert verdict.current_version is not None, "a verdict exists only with a version"
    return verdict.current_version.number


def lock_verdicts(claim_ids: list[int]) -> list[Verdict]:
    """The verdicts of these claims, each behind its claim, in one order everywhere: nobody waits in a circle."""
    lock_claims(claim_ids)
    return list(
        Verdict.objects.select_for_update(of=("self",))
        .filter(pk__in=claim_ids)
        .select_related("claim", "current_version")
        .order_by("pk")
    )


@transaction.atomic
def announce_update(
    claim: Claim, *, changed: list[str], translations_removed: Sequence[str] = (), at: datetime | None = None
) -> None:
    """One verdict.updated for a published claim; nothing for one that is not public or did not change.

    `translations_removed`: in which languages it cannot be read any more.
    """
    if not changed:
        return
    verdicts = [verdict for verdict in lock_verdicts([claim.pk]) if verdict.status != "withheld"]
    data: dict[str, Any] = {"changed": sorted(changed)}
    if translations_removed:
        data["translations_removed"] = sorted(translations_removed)
    publish_changes([(verdict, EventType.UPDATED, data) for verdict in verdicts], at=at)


@transaction.atomic
def note_name_change(*, claimant: Claimant | None = None, topic: Topic | None = None) -> None:
    """Leave word that a public name changed; announce_name_changes() re-renders what shows it."""
    NameChange.objects.create(claimant=claimant, topic=topic)


@transaction.atomic
def announce_name_changes(*, at: datetime | None = None) -> int:
    """Work one waiting name change off, at most 500 verdicts a call; returns how many were re-rendered."""
    waiting = NameChange.objects.select_for_update(skip_locked=True).filter(processed_at__isnull=True)
    change = waiting.order_by("created_at", "pk").first()
    if change is None:
        return 0
    at = at or timezone.now()
    shown = VerdictDocument.objects.readable().filter(updated_at__lt=change.created_at)
    if change.claimant:
        shown, what = shown.filter(claim__verdict__current_version__claimant=change.claimant), "claimant"
    else:
        shown, what = shown.filter(claim__topics=change.topic), "topics"
    ids = list(shown.order_by("pk").values_list("pk", flat=True)[:MAX_BATCH])
    publish_changes([(verdict, EventType.UPDATED, {"changed": [what]}) for verdict in lock_verdicts(ids)], at=at)
    if len(ids) < MAX_BATCH:
        change.processed_at = at
        change.save(update_fields=["processed_at"])
    return len(ids)
