"""Captured pages as WARC/1.1 files: one gzip file per body, holding the response and the request that brought it.

The file's name is the SHA-256 of the body as received, so the same body is kept once and a capture proves itself.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import uuid
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

# Bodies above this are spooled to disk while the record is built.
SPOOL = 4 * 1024 * 1024
# Where uploaded files are, among the captures.
UPLOADS = "uploads/"
# How much of a file is held at a time.
PIECE = 64 * 1024
# How each record's gzip member begins: no time, no name, strongest compression, Unix (RFC 1952). Checked, because a
# flipped bit in it would change no content and so escape every digest.
MEMBER_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03"
# The same as this machine's zlib writes it, should it be another zlib.
MEMBER_HEADERS = {MEMBER_HEADER, zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS).flush()[:10]}


class CaptureNotStored(Exception):
    """The storage refused the capture (full disk, no rights); nothing half-written is left."""


class CaptureDamaged(Exception):
    """A stored capture is missing or no longer what its digest says; the text says which."""


@dataclass(frozen=True)
class StoredCapture:
    """What is in a capture's file. `record_id` … `payload_digest` are the response record's, as WARC writes them."""

    body: bytes
    record_id: str
    url: str
    date: str
    payload_digest: str
    content_type: str
    content_encoding: str


def storage() -> Storage:
    """Where captures are kept: `STORAGES["snapshots"]`."""
    return storages["snapshots"]


def key_for(raw_sha256: str) -> str:
    """The storage name of a captured body."""
    return f"{raw_sha256[:2]}/{raw_sha256[2:4]}/{raw_sha256}.warc.gz"


def key_of_file(sha256: str) -> str:
    """The storage name of an uploaded file."""
    return f"{UPLOADS}{sha256[:2]}/{sha256}"


def warc_date(at: datetime) -> str:
    """A moment as our records write it: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def store_capture(
    *,
    url: str,
    status: int,
    reason: str,
    headers: Sequence[tuple[str, str]],
    request_headers: Sequence[tuple[str, str]],
    body: bytes,
    peer: str,
    truncated: bool,
    at: datetime,
) -> str:
    """Keep a captured body; returns its storage key. A body already kept is not written again.

    Raises CaptureNotStored.
    """
    key = key_for(hashlib.sha256(body).hexdigest())
    try:
        if storage().exists(key):
            return key
        with tempfile.SpooledTemporaryFile(max_size=SPOOL) as record:
            writer = WARCWriter(record, gzip=True, warc_version="1.1")
            common = {"WARC-Date": warc_date(at)}
            if peer:
                common["WARC-IP-Address"] = peer
            parts = urlsplit(url)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            cut = {"WARC-Truncated": "length"} if truncated else {}
            response = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                warc_headers_dict=common | cut,
                http_headers=StatusAndHeaders(f"{status} {reason}".strip(), list(headers), "HTTP/1.1"),
            )
            request = writer.create_warc_record(
                url,
                "request",
                warc_headers_dict=common | {"WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")},
                http_headers=StatusAndHeaders(f"GET {target} HTTP/1.1", list(request_headers), is_http_request=True),
            )
            writer.write_record(response)
            writer.write_record(request)
            record.seek(0)
            _save_whole(key, File(record, name=key))
    except OSError as error:
        raise CaptureNotStored(f"capture could not be stored: {error.strerror or error}") from error
    return key


def read_capture(key: str) -> bytes:
    """The body as received. Raises CaptureDamaged when it is missing or not what its name says."""
    return open_capture(key).body


def open_capture(key: str) -> StoredCapture:
    """The capture with what its records say. Raises CaptureDamaged when it is missing or not what its name says."""
    expected = key.rpartition("/")[2].partition(".")[0]
    try:
        with storage().open(key) as file:
            _check_members(file)
            file.seek(0)
            capture = _parse(file)
    except FileNotFoundError as error:
        raise CaptureDamaged(f"{key}: the file is missing") from error
    except (OSError, EOFError, zlib.error, ArchiveLoadFailed, ValueError) as error:
        raise CaptureDamaged(f"{key}: the file cannot be read ({error})") from error
    if hashlib.sha256(capture.body).hexdigest() != expected:
        raise CaptureDamaged(f"{key}: the body is no longer the one that was captured")
    return capture


def stored_bytes(key: str) -> Iterator[bytes]:
    """The file as it is stored, in pieces; unchecked. Raises CaptureDamaged when it cannot be read."""
    try:
        with storage().open(key) as file:
            while piece := file.read(PIECE):
                yield piece
    except OSError as error:
        raise CaptureDamaged(f"{key}: the file is missing or cannot be read") from error


def store_file(content: bytes, *, sha256: str) -> str:
    """Keep an uploaded file under its digest; returns its storage key. Raises CaptureNotStored."""
    key = key_of_file(sha256)
    try:
        if not storage().exists(key):
            _save_whole(key, ContentFile(content))
    except OSError as error:
        raise CaptureNotStored(f"the file could not be stored: {error.strerror or error}") from error
    return key


def read_file(key: str) -> bytes:
    """An uploaded file. Raises CaptureDamaged when it is missing or not what its name says."""
    try:
        with storage().open(key) as file:
            content: bytes = file.read()
    except OSError as error:
        raise CaptureDamaged(f"{key}: the file is missing or cannot be read") from error
    if hashlib.sha256(content).hexdigest() != key.rpartition("/")[2]:
        raise CaptureDamaged(f"{key}: the content is no longer the one that was uploaded")
    return content


def check_stored(key: str) -> int:
    """Read a capture or an uploaded file back; its size in bytes. Raises CaptureDamaged."""
    return len(read_file(key) if key.startswith(UPLOADS) else read_capture(key))


def _check_members(file: File[bytes]) -> None:
    """Every gzip member whole, and nothing after the last: a record that is cut off is not left out silently."""
    rest, members = b"", 0
    while piece := rest or file.read(PIECE):
        while len(piece) < len(MEMBER_HEADER) and (more := file.read(PIECE)):
            piece += more
        if piece[: len(MEMBER_HEADER)] not in MEMBER_HEADERS:
            raise ValueError(f"record {members + 1} does not begin as it was written")
        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        while not member.eof:
            if not piece:
                raise EOFError(f"record {members + 1} is cut off")
            member.decompress(piece, PIECE)
            piece = member.unconsumed_tail or (b"" if member.eof else file.read(PIECE))
        rest, members = member.unused_data, members + 1


def _parse(file: File[bytes]) -> StoredCapture:
    """The response record, all records' digests checked on the way."""
    capture: StoredCapture | None = None
    kinds = []
    for record in ArchiveIterator(file, check_digests="raise"):
        # raw_stream: exactly what was received, no decoding by anybody.
        content = record.raw_stream.read()
        kinds.append(record.rec_type)
        if record.rec_type == "response":
            said, answered = record.rec_headers.get_header, record.http_headers.get_header
            capture = StoredCapture(
                content,
                said("WARC-Record-ID"),
                said("WARC-Target-URI"),
                said("WARC-Date"),
                said("WARC-Payload-Digest"),
                answered("Content-Type") or "",
                answered("Content-Encoding") or "",
            )
    if capture is None or kinds != ["response", "request"]:
        raise ValueError(f"response and request were written, {' and '.join(kinds) or 'nothing'} is there")
    return capture


def _save_whole(key: str, content: File[bytes]) -> None:
    """Save so that a full disk leaves nothing half-written. Raises OSError."""
    kept = storage()
    if not isinstance(kept, FileSystemStorage):
        kept.save(key, content)  # object stores show an object only when it is whole
        return
    path = Path(kept.path(key))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            part.chmod(0o600)
            for chunk in content.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
