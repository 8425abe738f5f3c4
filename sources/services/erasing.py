"""What the law requires to go, goes: texts, addresses and files. Called by whoever decided, never by a machine.

Rows stay, so that what rests on them still stands; triggers let exactly this through (see migration 0002).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection, transaction

from sources.archive import storage
from sources.choices import Availability, ChangeKind
from sources.models import Extraction, FormerUrl, Snapshot, Source, SourceChange, SourceCheck, Upload

BLANKED = "[withheld]"
# RFC 2606: an address below .invalid leads nowhere, whoever asks.
NOWHERE = "https://withheld.invalid/"
# Visited again after this, which is never.
NEVER = datetime(9000, 1, 1, tzinfo=UTC)


@contextmanager
def erasure_allowed() -> Iterator[None]:
    """Inside, and in this transaction alone, protected rows may be blanked.

    A failure needs no resetting: it takes the transaction back, and the permission with it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL claimtrack.allow_erasure = 'on'")
        yield
        cursor.execute("SET LOCAL claimtrack.allow_erasure = 'off'")


@transaction.atomic
def erase_captures(*, sources: Iterable[int], uploads: Iterable[int], forget: Iterable[int]) -> list[str]:
    """Blank every capture of these sources and these uploads; returns the names of files that nothing needs any more.

    `forget` are those of the sources whose address and title go as well; they are not visited again. The others are
    captured anew at once. Digests go too: of a short text they would tell who guesses it. The caller deletes the files
    with delete_files() once this is committed.
    """
    rows = list(Source.objects.select_for_update().filter(pk__in=list(sources)).order_by("pk"))
    forgotten = set(forget)
    with erasure_allowed():
        keys = _blank_captures([row.pk for row in rows]) | _blank_uploads(list(uploads))
        _blank_visits([row.pk for row in rows if row.pk in forgotten])
    for row in rows:
        _begin_anew(row)
        if row.pk in forgotten:
            _forget(row)
        row.save()
    return unused_files(keys)


def unused_files(keys: Iterable[str]) -> list[str]:
    """Those of these names in the archive that no capture and no upload has."""
    asked = set(keys) - {""}
    used = set(Snapshot.objects.filter(storage_key__in=asked).values_list("storage_key", flat=True))
    used |= set(Upload.objects.filter(storage_key__in=asked).values_list("storage_key", flat=True))
    return sorted(asked - used)


def delete_files(keys: Iterable[str]) -> None:
    """Delete from the archive what nothing rests on. Raises OSError; safe to repeat."""
    for key in unused_files(keys):
        storage().delete(key)


def _blank_captures(sources: list[int]) -> set[str]:
    rows = list(Snapshot.objects.filter(source__in=sources).only("pk", "storage_key"))
    keys = {row.storage_key for row in rows}
    for row in rows:
        # Fresh ones, so that the same page captured again counts as a new version.
        digest = secrets.token_hex(32)
        Snapshot.objects.filter(pk=row.pk).update(
            storage_key="", text="", title="", raw_sha256=digest, text_sha256=digest, size=0, final_url=NOWHERE
        )
    Extraction.objects.filter(snapshot__in=[row.pk for row in rows]).update(text="", text_sha256=secrets.token_hex(32))
    SourceCheck.objects.filter(source__in=sources).update(raw_sha256="", text_sha256="")
    return keys


def _blank_uploads(uploads: list[int]) -> set[str]:
    rows = list(Upload.objects.select_for_update().filter(pk__in=uploads).order_by("pk"))
    keys = {row.storage_key for row in rows}
    for row in rows:
        # A fresh digest: the same file, brought as evidence for something else, is kept anew.
        row.name, row.storage_key, row.sha256, row.size = BLANKED, "", secrets.token_hex(32), 0
        row.save(update_fields=["name", "storage_key", "sha256", "size"])
    Extraction.objects.filter(upload__in=uploads).update(text="", text_sha256=secrets.token_hex(32))
    return keys


def _blank_visits(sources: list[int]) -> None:
    SourceCheck.objects.filter(source__in=sources).update(
        final_url="", hops=[], headers={}, error="", peer_address=None
    )
    SourceChange.objects.filter(source__in=sources, kind=ChangeKind.MOVED).update(before="", after=BLANKED)
    FormerUrl.objects.filter(source__in=sources).delete()


def _begin_anew(row: Source) -> None:
    """As if it had never been captured: the next visit finds a first version."""
    row.current_snapshot, row.etag, row.last_modified = None, "", ""
    row.pending_since, row.pending_raw_sha256, row.pending_text_sha256 = None, "", ""
    row.leased_until, row.unchanged_visits = None, 0
    row.title = ""


def _forget(row: Source) -> None:
    row.url = row.canonical_url = NOWHERE + row.public_id
    row.host, row.title, row.publisher, row.language = "withheld.invalid", "", "", ""
    row.availability, row.pinned, row.pinned_reason, row.pinned_by = Availability.EXCLUDED, True, BLANKED, None
    row.next_check_at = NEVER
    # Left on no queue for trouble.
    row.counted_failures, row.last_counted_failure_at, row.faults, row.retries = 0, None, 0, 0
