"""The event log: the only way in, and the check that nobody rewrote it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import rfc8785
from django.db import connection, transaction
from django.utils import timezone

from claims.models import Claim, Event, VerdictVersion
from claims.models.identity import new_public_id
from claims.rendering.times import rfc3339

GENESIS_HASH = "sha256:" + "0" * 64
# Any constant does; it only has to be the same in every process that appends.
APPEND_LOCK_KEY = 0x636C_6169_6D73
MAX_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """What happened to which version of which claim's verdict. `data` holds codes, ids and digests; no free text."""

    claim: Claim
    type: str
    version: int
    data: dict[str, Any] = field(default_factory=dict)


def digest(text: str) -> str:
    """`sha256:` and 64 hex digits over the UTF-8 bytes."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def append_events(batch: list[NewEvent], *, at: datetime | None = None) -> list[Event]:
    """Write the batch (at most 500) at the end of the chain, gap-free, inside the caller's transaction.

    The advisory lock is taken here, after every row lock of the caller, and held until commit: without it a
    sequence number could become visible after a higher one, and a client's cursor would skip it for ever.
    """
    if not batch:
        return []
    if len(batch) > MAX_BATCH:
        raise ValueError(f"{len(batch)} events in one batch; at most {MAX_BATCH}: the lock may not be held long.")
    if not connection.in_atomic_block:
        raise RuntimeError("append_events() belongs inside the transaction that makes the change it records.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_key()])
    at = at or timezone.now()
    head = Event.objects.head()
    sequence, previous_hash = (head.sequence, head.hash) if head else (0, GENESIS_HASH)
    events = []
    for new in batch:
        sequence += 1
        event = _chained(new, sequence=sequence, previous_hash=previous_hash, at=at)
        previous_hash = event.hash
        events.append(event)
    return Event.objects.bulk_create(events)


def lock_key() -> int:
    """One key for every writer; a function so that a test can show what happens without it."""
    return APPEND_LOCK_KEY


def _chained(new: NewEvent, *, sequence: int, previous_hash: str, at: datetime) -> Event:
    event_id = f"evt_{new_public_id()}{new_public_id()}"
    entry = rfc8785.dumps(
        {
            "sequence": sequence,
            "id": event_id,
            "type": str(new.type),
            "at": rfc3339(at),
            "verdict": {"id": new.claim.public_id, "version": new.version},
            "data": new.data,
            "previous_hash": previous_hash,
        }
    ).decode()
    return Event(
        sequence=sequence,
        event_id=event_id,
        type=new.type,
        at=at,
        claim=new.claim,
        version=new.version,
        entry=entry,
        previous_hash=previous_hash,
        hash=digest(entry),
    )


@dataclass(frozen=True)
class Tampering:
    """The first thing that does not fit, and where."""

    where: str
    problem: str


@dataclass(frozen=True)
class HistoryReport:
    """`checked` events were read; `tampering` is None when every one fits."""

    checked: int
    head_sequence: int
    head_hash: str
    tampering: Tampering | None


@transaction.atomic
def verify_history(*, progress: Callable[[int, int], None] = lambda done, total: None) -> HistoryReport:
    """Recompute the whole chain from the stored entries and hold published versions against their digests.

    Reads row by row and stops at the first that does not fit. `progress` is told (events done, events there are).
    """
    total = Event.objects.count()
    sequence, previous_hash = 0, GENESIS_HASH
    digests: dict[tuple[str, int], str] = {}
    for event in Event.objects.order_by("sequence").select_related("claim").iterator(chunk_size=1000):
        problem = _problem_with(event, sequence=sequence + 1, previous_hash=previous_hash)
        if problem:
            return HistoryReport(sequence, sequence, previous_hash, Tampering(f"event {event.sequence}", problem))
        _remember_digest(event, digests)
        sequence, previous_hash = event.sequence, event.hash
        if sequence % 1000 == 0:
            progress(sequence, total)
    progress(total, total)
    tampering = next(_versions_unlike(digests), None)
    return HistoryReport(sequence, sequence, previous_hash, tampering)


def _problem_with(event: Event, *, sequence: int, previous_hash: str) -> str:
    """Why this row does not continue the chain, or an empty string."""
    if event.sequence != sequence:
        return f"event {sequence} is missing: the next row is {event.sequence}"
    if digest(event.entry) != event.hash:
        return "its text does not give its hash: the entry or the hash was changed after it was written"
    entry = json.loads(event.entry)
    if entry["previous_hash"] != previous_hash or event.previous_hash != previous_hash:
        return "it does not follow the event before it: previous_hash differs"
    columns = {
        "sequence": event.sequence,
        "id": event.event_id,
        "type": event.type,
        "at": rfc3339(event.at),
        "verdict": {"id": event.claim.public_id, "version": event.version},
    }
    for name, value in columns.items():
        if entry[name] != value:
            return f"its column {name} says {value!r}, the entry says {entry[name]!r}"
    return ""


def _remember_digest(event: Event, digests: dict[tuple[str, int], str]) -> None:
    value = json.loads(event.entry)["data"].get("content_digest")
    if value and event.type in {"verdict.published", "verdict.corrected", "verdict.rating_changed"}:
        digests[event.claim.public_id, event.version] = value
    if event.type == "verdict.withheld":
        for key in [key for key in digests if key[0] == event.claim.public_id]:
            del digests[key]


def _versions_unlike(digests: dict[tuple[str, int], str]) -> Iterator[Tampering]:
    """Versions whose stored content no longer gives the digest the chain recorded, and recorded ones that are gone."""
    seen = set()
    rows = VerdictVersion.objects.order_by("pk").select_related("verdict__claim")
    for version in rows.iterator(chunk_size=200):
        key = (version.verdict.claim.public_id, version.number)
        where = f"version {version.number} of verdict {key[0]}"
        recorded = digests.get(key)
        seen.add(key)
        if version.verdict.status == "withheld":
            continue
        if recorded is None:
            yield Tampering(where, "no event published it")
        elif recorded != version.content_digest or recorded != digest(version.content_salt + version.content):
            yield Tampering(where, "its content does not give the digest that the event log recorded")
    for public_id, number in sorted(set(digests) - seen):
        yield Tampering(f"version {number} of verdict {public_id}", "the event log published it, but it is gone")
