"""Copies of published verdicts, made inside PostgreSQL: as many rows a second as it stores, none of them a stub.

A verdict's number stands in every text that is its own, as `n` and eight digits; so a copy is its original with another
number and another day. Blocks of SEEDS verdicts are copied at a time; block 0 holds the originals.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, models

from benchmarks.tables import say
from claims.models import Claim, Event, Evidence, Verdict, VerdictDocument, VerdictVersion
from claims.services import history
from claims.services.history import GENESIS_HASH, NewEvent
from sources.models import Source

RestsOn = VerdictVersion.evidence.through
SEEDS = 1000
BLOCKS_AT_ONCE = 50
DAY = "2020-01-01"
TEXTS = (models.CharField, models.TextField)


def mark(number: int) -> str:
    return f"n{number:08d}"


def copy(have: int, count: int, *, evidence_each: int) -> None:
    """Add the verdicts numbered have … count - 1. `have` is a whole number of blocks, or all there will be of one."""
    assert have % SEEDS == 0, f"only whole blocks of {SEEDS} can be added to, not {have}"
    for block in range(have // SEEDS, -(-count // SEEDS), BLOCKS_AT_ONCE):
        blocks = (block, min(block + BLOCKS_AT_ONCE, -(-count // SEEDS)) - 1)
        with connection.cursor() as cursor:
            for statement in _statements(evidence_each):
                cursor.execute(statement, {"first": blocks[0], "last": blocks[1], "count": count})
        say(f"  {min((blocks[1] + 1) * SEEDS, count)} verdicts")
    with connection.cursor() as cursor:
        for model in (Claim, Source, Evidence, VerdictVersion, RestsOn):
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def _statements(evidence_each: int) -> list[str]:
    """In the order of their foreign keys. Keys of a copy are those of its original, moved by whole blocks."""
    claim = {"id": f"a.id + b * {SEEDS}", "claim_id": f"a.claim_id + b * {SEEDS}"}
    many = {"id": f"a.id + b * {SEEDS * evidence_each}", "source_id": f"a.source_id + b * {SEEDS * evidence_each}"}
    content = _moved("a.content")
    digest = f"'sha256:' || encode(sha256(convert_to(a.content_salt || {content}, 'UTF8')), 'hex')"
    version = {"id": claim["id"], "verdict_id": f"a.verdict_id + b * {SEEDS}", "content_digest": digest}
    rests_on = {
        "id": f"a.id + b * {SEEDS * evidence_each}",
        "verdictversion_id": f"a.verdictversion_id + b * {SEEDS}",
        "evidence_id": f"a.evidence_id + b * {SEEDS * evidence_each}",
    }
    return [
        _insert(Claim, claim, key="id"),
        _insert(Source, many, key="id", origin="source", each=evidence_each),
        _insert(Evidence, many | {"claim_id": claim["claim_id"]}, key="claim_id"),
        # The current version is named when it is there.
        _insert(Verdict, claim | {"current_version_id": "NULL"}, key="claim_id"),
        _insert(VerdictVersion, version, key="verdict_id"),
        _insert(RestsOn, rests_on, key="verdictversion_id", origin="version"),
        "UPDATE claims_verdict v SET current_version_id = w.id FROM claims_verdictversion w"
        " WHERE w.verdict_id = v.claim_id AND v.current_version_id IS NULL",
        _insert(VerdictDocument, claim, key="claim_id"),
    ]


def _insert(
    model: type[models.Model], special: dict[str, str], *, key: str, origin: str = "claim", each: int = 1
) -> str:
    """`key` tells the number of an original's row `a`: counted from the lowest key of `origin`, `each` to a number."""
    number = f"(a.{key} - o.{origin}) / {each}"
    fields = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    columns = [str(field.column) for field in fields]
    values = [special.get(str(field.column)) or _value(model, field) for field in fields]
    table = model._meta.db_table
    digests = ""
    if model is VerdictDocument:
        # A document names the digest of its version.
        digests = (
            f" JOIN claims_verdictversion was ON was.verdict_id = a.claim_id"
            f" JOIN claims_verdictversion now ON now.verdict_id = a.claim_id + b * {SEEDS}"
        )
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"
        " FROM (SELECT (SELECT min(id) FROM claims_claim) AS claim, (SELECT min(id) FROM sources_source) AS source,"
        " (SELECT min(id) FROM claims_verdictversion) AS version) o"
        f" CROSS JOIN generate_series(%(first)s, %(last)s) b CROSS JOIN {table} a"
        f" CROSS JOIN LATERAL (SELECT 'n' || lpad(({number})::text, 8, '0') AS mine,"
        f" 'n' || lpad(({number} + b * {SEEDS})::text, 8, '0') AS theirs,"
        f" to_char(date '{DAY}' + b, 'YYYY-MM-DD') AS day) t{digests}"
        f" WHERE a.{key} < o.{origin} + {SEEDS * each} AND {number} + b * {SEEDS} < %(count)s"
    )


def _value(model: type[models.Model], field: models.Field[Any, Any]) -> str:
    column = f"a.{field.column}"
    if isinstance(field, models.DateTimeField):
        # Only what happened on the originals' own day moves: the rest is the same for all.
        return f"CASE WHEN {column}::date = date '{DAY}' THEN {column} + b * interval '1 day' ELSE {column} END"
    if isinstance(field, TEXTS):
        moved = _moved(column)
        return f"replace({moved}, was.content_digest, now.content_digest)" if _names_digest(model, field) else moved
    if field.column == "source_ids":
        return f"string_to_array({_moved(f'array_to_string({column}, chr(9))')}, chr(9))"
    return column


def _names_digest(model: type[models.Model], field: models.Field[Any, Any]) -> bool:
    return model is VerdictDocument and field.column in ("body", "claimreview")


def _moved(text: str) -> str:
    return f"replace(replace({text}, t.mine, t.theirs), '{DAY}', t.day)"


def append_events(count: int) -> None:
    """One `verdict.published` for every verdict that has none yet, chained as the desk chains them."""
    head = Event.objects.head()
    sequence, previous = (head.sequence, head.hash) if head else (0, GENESIS_HASH)
    rows = VerdictVersion.objects.filter(verdict__claim__public_id__gte=f"c{mark(sequence)}").order_by("verdict_id")
    columns = [str(field.column) for field in Event._meta.concrete_fields]
    known = rows.values_list("verdict_id", "verdict__claim__public_id", "rating__code", "content_digest")
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for claim_id, public_id, rating, digest in known.iterator():
        sequence += 1
        at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=sequence)
        data = {"rating": rating, "content_digest": digest}
        new = NewEvent(claim=Claim(pk=claim_id, public_id=public_id), type="verdict.published", version=1, data=data)
        event = history._chained(new, sequence=sequence, previous_hash=previous, at=at)
        previous = event.hash
        writer.writerow([getattr(event, field.attname) for field in Event._meta.concrete_fields])
        if sequence % 50_000 == 0 or sequence == count:
            buffer.seek(0)
            with connection.cursor() as cursor:
                cursor.copy_expert(f"COPY claims_event ({', '.join(columns)}) FROM STDIN CSV", buffer)
            buffer.seek(0)
            buffer.truncate()
            say(f"  {sequence} events")
