"""Writing visits down, many at a time: each once, and none at the others' expense.

A visit is written only while its source's lease is the one it was begun under (compared on the locked row). Writing
gives the lease back, so a visit that is handed in twice, or whose source has meanwhile gone to another worker, is
dropped: nothing is counted twice.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from sources.choices import Availability, Outcome
from sources.models import Source, SourceChange, SourceCheck
from sources.schedule import next_visit

from .observing import Visit
from .settling import MOST, Settled, is_plain, settle

logger = logging.getLogger(__name__)

# What a plain visit may change of its source's row, and as what PostgreSQL takes it.
PLAIN_FIELDS = {
    "availability": "text", "availability_since": "timestamptz", "counted_failures": "int",
    "last_counted_failure_at": "timestamptz", "last_checked_at": "timestamptz", "last_ok_at": "timestamptz",
    "leased_until": "timestamptz", "next_check_at": "timestamptz", "unchanged_visits": "int", "retries": "int",
    "faults": "int", "etag": "text", "last_modified": "text", "pending_since": "timestamptz",
    "pending_raw_sha256": "text", "pending_text_sha256": "text",
}  # fmt: skip
# What any visit may change.
VISITED_FIELDS = [*PLAIN_FIELDS, "canonical_url", "current_snapshot", "host", "language", "title"]

UPDATE = f"""
UPDATE sources_source AS source SET {", ".join(f"{name} = given.{name}" for name in PLAIN_FIELDS)}
FROM unnest(%s::bigint[], {", ".join(f"%s::{kind}[]" for kind in PLAIN_FIELDS.values())})
    AS given (id, {", ".join(PLAIN_FIELDS)})
WHERE source.id = given.id
"""
# A check's row. Written without the ORM's bulk_create, which takes as long for it as for everything else here.
CHECK_FIELDS = {
    "source_id": "bigint", "at": "timestamptz", "outcome": "text", "counted": "bool", "http_status": "int",
    "final_url": "text", "hops": "jsonb", "peer_address": "inet", "headers": "jsonb", "duration_ms": "int",
    "size": "bigint", "raw_sha256": "text", "text_sha256": "text", "extractor": "text", "extractor_version": "text",
    "snapshot_id": "bigint", "error": "text",
}  # fmt: skip
INSERT = f"""
INSERT INTO sources_sourcecheck ({", ".join(CHECK_FIELDS)})
SELECT * FROM unnest({", ".join(f"%s::{kind}[]" for kind in CHECK_FIELDS.values())}) RETURNING source_id, id
"""


@dataclass(frozen=True)
class Finished:
    """A visit and the lease it was begun under."""

    visit: Visit
    lease: datetime


def store_visits(finished: Iterable[Finished]) -> list[SourceCheck]:
    """Write visits down; returns their checks. Those whose lease is gone are dropped.

    Plain visits share one transaction, every other has its own. What cannot be written is tried by itself, and a
    visit that cannot be written at all is pushed forward, counted (`Source.faults`) and logged. Raises
    OperationalError or InterfaceError when the database is away: the leases end, and the sources come due again.
    """
    waiting = sorted(finished, key=lambda one: one.visit.source_id)
    checks: list[SourceCheck] = []
    try:
        written, alone = _store_plain(waiting)
        checks += written
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("%d visits could not be written together; trying them one by one", len(waiting))
        alone = waiting
    for one in alone:
        checks += _store_alone(one)
    return checks


@transaction.atomic
def _store_plain(finished: Sequence[Finished]) -> tuple[list[SourceCheck], list[Finished]]:
    """Write what is plain; returns the checks and what has to be written by itself."""
    sources = _locked(one.visit.source_id for one in finished)
    settled: list[Settled] = []
    alone: list[Finished] = []
    for one in finished:
        source = sources.get(one.visit.source_id)
        if source is None or source.leased_until != one.lease:
            continue
        if is_plain(source, one.visit):
            settled.append(settle(source, one.visit))
        else:
            alone.append(one)
    if not settled:
        return [], alone
    rows = [row.source for row in settled]
    with connection.cursor() as cursor:
        cursor.execute(
            UPDATE, [[row.pk for row in rows], *([getattr(row, name) for row in rows] for name in PLAIN_FIELDS)]
        )
    SourceChange.objects.bulk_create([change for row in settled for change in row.changes])
    checks = [row.check for row in settled]
    _insert(checks)
    return checks, alone


def _insert(checks: Sequence[SourceCheck]) -> None:
    """Write checks of different sources, all at once, and give them their keys."""
    values = [
        [json.dumps(getattr(check, name)) if kind == "jsonb" else getattr(check, name) for check in checks]
        for name, kind in CHECK_FIELDS.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values)
        keys = dict(cursor.fetchall())
    for check in checks:
        check.pk, check._state.adding, check._state.db = keys[check.source_id], False, connection.alias


def _locked(source_ids: Iterable[int]) -> dict[int, Source]:
    """The sources by id, locked in the order of their ids: no two workers wait for each other crosswise."""
    rows = Source.objects.select_for_update().filter(pk__in=list(source_ids)).order_by("pk")
    return {source.pk: source for source in rows}


def _store_alone(one: Finished) -> list[SourceCheck]:
    try:
        return _store(one)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("visit of source %s could not be written", one.visit.source_id)
        return _push_forward(one, error)


@transaction.atomic
def _store(one: Finished) -> list[SourceCheck]:
    source = _locked([one.visit.source_id]).get(one.visit.source_id)
    if source is None or source.leased_until != one.lease:
        return []
    settled = settle(source, one.visit)
    for change in settled.changes:
        change.save()
    source.save(update_fields=VISITED_FIELDS)
    settled.check.save()
    return [settled.check]


def _push_forward(one: Finished, error: Exception) -> list[SourceCheck]:
    """A poison visit must not come back at once, nor vanish: it is a row that says so, and counts for nothing."""
    visit = Visit(
        one.visit.source_id,
        one.visit.at,
        Outcome.INTERNAL_ERROR,
        error=f"{type(error).__name__}: {error}".replace("\x00", "")[:500],
    )
    try:
        return _store(Finished(visit, one.lease))
    except DatabaseError:
        # Not even that: the row itself refuses. Nothing but the time of the next visit is touched.
        logger.exception("source %s could not even be marked as faulty", visit.source_id)
        put_off([visit.source_id], visit.at)
        return []


def put_off(source_ids: Iterable[int], at: datetime) -> None:
    """Sources that fell to a fault of ours: counted, and back later and later."""
    for source in Source.objects.filter(pk__in=list(source_ids)).only("pk", "availability", "faults"):
        faults = min(source.faults + 1, MOST)
        Source.objects.filter(pk=source.pk).update(
            leased_until=None,
            faults=faults,
            next_check_at=next_visit(
                "soon", Availability(source.availability), at, intervals=[], unchanged_visits=0, retries=faults
            ),
        )
