"""Captures and uploaded files as one WARC/1.1 file that any archive tool reads (ISO 28500), written piece by piece.

What a page sent is copied as it is stored. The same body at another address or time is a `revisit` of the record that
holds it; the text we read in it is a `conversion`, an uploaded file a `resource`, what we say about either `metadata`.
One record is held at a time, however many there are.
"""

from __future__ import annotations

import base64
import io
import json
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from warcio.recordbuilder import RecordBuilder
from warcio.warcwriter import WARCWriter

from .archive import (
    PIECE,
    SPOOL,
    CaptureDamaged,
    StoredCapture,
    check_stored,
    open_capture,
    read_file,
    stored_bytes,
    warc_date,
)
from .models import Extraction, Snapshot, Upload

CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
# Not one of the standard's fields, which allows for more: which of our readers made a conversion.
EXTRACTOR_FIELD = "X-Extractor"
TEXT = "text/plain; charset=utf-8"
# Of the pages that share a damaged body; the rest is counted.
NAMED = 3


@dataclass(frozen=True)
class Note:
    """What somebody says about a capture or an uploaded file: JSON, such as a W3C Web Annotation."""

    content: Mapping[str, Any]
    at: datetime
    target_uri: str
    snapshot_id: int | None = None
    upload_id: int | None = None
    media_type: str = "application/ld+json"


@dataclass
class WarcExport:
    """One file. Iterate to write it; raises CaptureDamaged in the middle if a capture is: see `damage()`.

    `snapshots` and `uploads` without a stored file (erased by law) are left out and counted in `erased`.
    `about`: fields of the warcinfo record, such as title and isPartOf.
    """

    name: str
    snapshots: Iterable[Snapshot]
    uploads: Iterable[Upload] = ()
    notes: Iterable[Note] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    records: int = 0
    erased: int = 0

    def __iter__(self) -> Iterator[bytes]:
        self._builder = RecordBuilder(warc_version="1.1")
        self._held: dict[str, StoredCapture] = {}
        self._record_ids: dict[tuple[str, int], str] = {}
        yield from self._warcinfo()
        for snapshot in self.snapshots:
            yield from self._snapshot(snapshot)
        for upload in self.uploads:
            yield from self._upload(upload)
        for note in self.notes:
            yield from self._note(note)

    def _warcinfo(self) -> Iterator[bytes]:
        fields = {"software": "claimtrack", "format": "WARC File Format 1.1", "conformsTo": CONFORMS_TO}
        lines = {name: " ".join(str(value).split()) for name, value in self.about.items()}
        yield from self._written(self._builder.create_warcinfo_record(self.name, fields | lines))

    def _snapshot(self, snapshot: Snapshot) -> Iterator[bytes]:
        if not snapshot.storage_key:
            self.erased += 1
            return
        held = self._held.get(snapshot.storage_key)
        if held is None:
            capture = open_capture(snapshot.storage_key)
            held = self._held[snapshot.storage_key] = replace(capture, body=b"")
            self.records += 2
            yield from stored_bytes(snapshot.storage_key)
        record_id, date = held.record_id, warc_date(snapshot.taken_at)
        if (held.url, held.date) != (snapshot.final_url, date):
            # No HTTP headers: those of the record it refers to hold, content encoding and all.
            revisit = self._builder.create_revisit_record(
                snapshot.final_url,
                held.payload_digest,
                held.url,
                held.date,
                warc_headers_dict={"WARC-Date": date, "WARC-Refers-To": held.record_id},
            )
            record_id = revisit.rec_headers.get_header("WARC-Record-ID")
            yield from self._written(revisit)
        self._record_ids["snapshot", snapshot.pk] = record_id
        yield from self._text(snapshot.final_url, snapshot, record_id, snapshot.taken_at)
        for reading in snapshot.extractions.all():
            yield from self._text(snapshot.final_url, reading, record_id, reading.made_at)

    def _text(self, uri: str, read: Snapshot | Extraction, refers_to: str, at: datetime) -> Iterator[bytes]:
        """What one of our readers made of a capture or file; nothing where it says what the first one said."""
        if read.text:
            headers = {EXTRACTOR_FIELD: f"{read.extractor}/{read.extractor_version}", "WARC-Date": warc_date(at)}
            yield from self._block("conversion", uri, read.text.encode(), TEXT, refers_to, headers)

    def _upload(self, upload: Upload) -> Iterator[bytes]:
        if not upload.storage_key:
            self.erased += 1
            return
        headers = {"WARC-Date": warc_date(upload.uploaded_at)}
        record_id = yield from self._block(
            "resource", name_of(upload), read_file(upload.storage_key), upload.media_type, "", headers
        )
        self._record_ids["upload", upload.pk] = record_id
        for reading in upload.extractions.all():
            yield from self._text(name_of(upload), reading, record_id, reading.made_at)

    def _note(self, note: Note) -> Iterator[bytes]:
        about = ("upload", note.upload_id) if note.upload_id else ("snapshot", note.snapshot_id or 0)
        content = json.dumps(note.content, ensure_ascii=False, indent=1).encode()
        refers_to = self._record_ids.get(about, "")
        headers = {"WARC-Date": warc_date(note.at)}
        yield from self._block("metadata", note.target_uri, content, note.media_type, refers_to, headers)

    def _block(
        self, kind: str, uri: str, content: bytes, media_type: str, refers_to: str, headers: dict[str, str]
    ) -> Generator[bytes, None, str]:
        """A record that holds this content; returns its record id."""
        record = self._builder.create_warc_record(
            uri,
            kind,
            payload=io.BytesIO(content),
            length=len(content),
            warc_content_type=media_type or "application/octet-stream",
            warc_headers_dict=headers | ({"WARC-Refers-To": refers_to} if refers_to else {}),
        )
        yield from self._written(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))

    def _written(self, record: Any) -> Iterator[bytes]:
        self.records += 1
        with tempfile.SpooledTemporaryFile(max_size=SPOOL) as file:
            WARCWriter(file, gzip=True, warc_version="1.1").write_record(record)
            file.seek(0)
            while piece := file.read(PIECE):
                yield piece


def name_of(upload: Upload) -> str:
    """An uploaded file has no address; it is named by its digest (RFC 6920)."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(upload.sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def damage(kept: Iterable[tuple[str, str]]) -> list[str]:
    """What of these is missing or no longer what it was, in words; empty when a file of them would be whole.

    `kept`: storage key, and the page's address or the uploaded file's name; of what shares a key, all are told.
    """
    names: dict[str, list[str]] = {}
    for key, name in kept:
        names.setdefault(key, []).append(name)
    names.pop("", None)  # erased by law
    found = []
    for key in sorted(names):
        try:
            check_stored(key)
        except CaptureDamaged as error:
            found.append(f"{error} ({listed(names[key])})")
    return found


def listed(names: Iterable[str]) -> str:
    """The first few different ones, and how many more."""
    different = list(dict.fromkeys(names))
    more = len(different) - NAMED
    return ", ".join(different[:NAMED]) + (f" and {more} more" if more > 0 else "")
