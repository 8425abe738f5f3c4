"""The whole corpus, batch by batch, as text in any dump format. Used by the views and by export_claimreview.

Each batch is a statement of its own: nothing is open in the database while a slow reader takes its time, and a dump
needs as much memory for a million verdicts as for a thousand.

Rows come in the order of the database's own key, each exactly once, and no row is ever deleted. So everything that
was public when the dump began is in it, in a state no older than `head`; what changes meanwhile is in the event log
after `head`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import Error
from django.db.models import Case, F, Func, QuerySet, TextField, Value, When

from claims.models import Event, VerdictDocument
from claims.services.documents import publisher
from claims.services.history import GENESIS_HASH
from feed.formats.data_feed import ClaimReviewFeed, ClaimReviewLines
from feed.formats.dump import About, DumpFormat, Row
from feed.formats.verdict_lines import VerdictLines
from feed.formats.verdict_table import VerdictTable

# Rows per statement, and characters per piece: some 2 MB and 128 KiB, whatever the corpus.
BATCH = 500
PIECE = 128 * 1024

NOTHING = Value("", output_field=TextField())

# By path below /feeds/.
DUMPS: dict[str, DumpFormat] = {
    "claimreview.jsonld": ClaimReviewFeed(),
    "claimreview.ndjson": ClaimReviewLines(),
    "verdicts.ndjson": VerdictLines(),
    "verdicts.csv": VerdictTable(),
}


class UnknownPlace(ValueError):
    """No verdict has the id to go on after."""


def log_head() -> tuple[int, str, datetime | None]:
    """The event log's (sequence, hash, time of recording). Read it before any row."""
    return Event.objects.order_by("-sequence").values_list("sequence", "hash", "at").first() or (0, GENESIS_HASH, None)


def about(name: str) -> About:
    return About(
        address=f"{settings.SITE_URL}/feeds/{name}",
        site=settings.SITE_URL,
        site_name=settings.SITE_NAME,
        publisher=publisher(),
        head=log_head(),
    )


class Place(NamedTuple):
    """Behind this verdict: the database's key and the public id. Before the first one there is no id."""

    key: int = 0
    public_id: str = ""


BEGINNING = Place()


def place_after(public_id: str) -> Place:
    """Where a dump goes on behind this verdict. Raises UnknownPlace."""
    place = VerdictDocument.objects.filter(public_id=public_id).values_list("pk", "public_id").first()
    if place is None:
        raise UnknownPlace(public_id)
    return Place._make(place)


def count(updated_since: datetime | None = None) -> int:
    """How many rows a dump from the beginning has."""
    return _rows(updated_since).count()


def write(
    name: str,
    *,
    updated_since: datetime | None = None,
    after: Place = BEGINNING,
    on_batch: Callable[[int], None] = lambda done: None,
) -> Iterator[str]:
    """The dump in pieces of at least PIECE characters, the last one shorter. `on_batch` hears how many are done.

    Raises django.db.Error when the database goes away; after a first piece was given, the last one then says so in the
    format's own way, because a web server may end an answer as if nothing had happened (granian does).
    """
    form, whole = DUMPS[name], about(name)
    pieces, size, done, last, torn = [form.begin(whole)], 0, 0, after.public_id, False
    try:
        for batch in _batches(form, updated_since, after.key):
            for row in batch:
                text = form.row(row, is_first=not done)
                pieces.append(text)
                size += len(text)
                done, last = done + 1, row.public_id
                if size >= PIECE:
                    yield "".join(pieces)
                    pieces, size, torn = [], 0, True
            on_batch(done)
    except Error:
        if torn:
            yield "".join([*pieces, form.broken(count=done, last=last)])
        raise
    yield "".join([*pieces, form.end(whole, count=done, last=last)])


def _batches(form: DumpFormat, updated_since: datetime | None, after: int) -> Iterator[list[Row]]:
    # Of a row that stands the body is read only if the format writes it: that is most of the bytes.
    body = F("body") if "body" in form.reads else Case(When(claimreview="", then="body"), default=NOTHING)
    markup = F("claimreview") if "claimreview" in form.reads else NOTHING
    # A verdict's own document has its times in it.
    timed = "claimreview" in form.reads
    times = {f"{name}_text": _rfc3339(f"{name}_at") if timed else NOTHING for name in ("published", "updated")}
    columns = ("claim_id", "public_id", "status", "published_text", "updated_text", "text", "markup")
    rows = _rows(updated_since).annotate(**times, text=body, markup=markup).order_by("claim_id").values_list(*columns)
    while batch := [Row._make(row) for row in rows.filter(claim_id__gt=after)[:BATCH]]:
        yield batch
        after = batch[-1].key


def _rfc3339(column: str) -> Func:
    """As rfc3339() has it, written by PostgreSQL, which takes a tenth of the time; connections of ours are in UTC."""
    return Func(column, Value('YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), function="to_char", output_field=TextField())


def _rows(updated_since: datetime | None) -> QuerySet[VerdictDocument]:
    rows = VerdictDocument.objects.order_by()
    return rows.filter(updated_at__gte=updated_since) if updated_since else rows
