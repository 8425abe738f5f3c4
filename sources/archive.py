"""Captured pages as WARC/1.1 files: one gzip file per body, holding the response and the request that brought it.

The file's name is the SHA-256 of the body as received, so the same body is kept once and a capture proves itself.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tempfile
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

# Bodies above this are spooled to disk while the record is built.
SPOOL = 4 * 1024 * 1024


class CaptureNotStored(Exception):
    """The storage refused the capture (full disk, no rights); nothing half-written is left."""


class CaptureDamaged(Exception):
    """A stored capture is missing or no longer what its digest says; the text says which."""


def storage() -> Storage:
    """Where captures are kept: `STORAGES["snapshots"]`."""
    return storages["snapshots"]


def key_for(raw_sha256: str) -> str:
    """The storage name of a captured body."""
    return f"{raw_sha256[:2]}/{raw_sha256[2:4]}/{raw_sha256}.warc.gz"


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
            common = {"WARC-Date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
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
    expected = key.rpartition("/")[2].partition(".")[0]
    try:
        with storage().open(key) as file:
            body = _payload(file)
    except FileNotFoundError as error:
        raise CaptureDamaged(f"{key}: the file is missing") from error
    except (OSError, EOFError, gzip.BadGzipFile, ArchiveLoadFailed, ValueError) as error:
        raise CaptureDamaged(f"{key}: the file cannot be read ({error})") from error
    if hashlib.sha256(body).hexdigest() != expected:
        raise CaptureDamaged(f"{key}: the body is no longer the one that was captured")
    return body


def store_file(content: bytes, *, sha256: str) -> str:
    """Keep an uploaded file under its digest; returns its storage key. Raises CaptureNotStored."""
    key = f"uploads/{sha256[:2]}/{sha256}"
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


def _payload(file: File[bytes]) -> bytes:
    """The response record's payload, all records' digests checked on the way."""
    body: bytes | None = None
    for record in ArchiveIterator(file, check_digests="raise"):
        # raw_stream: exactly what was received, no decoding by anybody.
        content = record.raw_stream.read()
        if record.rec_type == "response":
            body = content
    if body is None:
        raise ValueError("no response record")
    return body


def _save_whole(key: str, content: File[bytes]) -> None:
    """Save so that a full disk leaves nothing half-written. Raises OSError."""
    try:
        path = Path(storage().path(key))
    except NotImplementedError:  # Django's way for a storage to say that it keeps no local files
        storage().save(key, content)  # object stores show an object only when it is whole
        return
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
