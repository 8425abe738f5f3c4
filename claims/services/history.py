"""The event log: the only way in. The check that nobody rewrote it is in verifying.py."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import rfc8785
from django.db import connection
from django.utils import timezone

from claims.models import Claim, Event
from claims.rendering.times import rfc3339
from sources.identity import new_public_id

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
