"""Captures that prove themselves, and what happens when they cannot be kept."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings
from warcio.archiveiterator import ArchiveIterator

from sources.archive import read_capture, storage
from sources.choices import Availability, Outcome
from sources.models import Snapshot, Source, SourceCheck, Upload
from sources.services import store_upload
from tests.sources_support.helpers import HOUR, START, make_source, visit
from tests.sources_support.server import Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def captured(web: Server) -> Source:
    web["/page?a=1"] = page("Words worth keeping.", set_cookie="id=secret")
    source = make_source(web, "/page?a=1")
    visit(source, START)
    return source


def snapshot_of(source: Source) -> Snapshot:
    assert source.current_snapshot is not None
    return source.current_snapshot


def file_of(source: Source) -> Path:
    return Path(storage().path(snapshot_of(source).storage_key))


def test_a_capture_is_a_warc_of_request_and_response(captured: Source) -> None:
    with file_of(captured).open("rb") as file:
        records = [
            (r.rec_type, r.rec_headers, r.http_headers, r.content_stream().read())
            for r in ArchiveIterator(file, check_digests="raise")
        ]
    (kind, headers, answer, body), (asked_kind, asked_headers, asked, _) = records
    assert (kind, asked_kind) == ("response", "request")
    assert headers.get_header("WARC-Target-URI") == captured.canonical_url
    assert headers.get_header("WARC-IP-Address") == "127.0.0.1"
    assert headers.get_header("WARC-Payload-Digest")
    assert asked_headers.get_header("WARC-Concurrent-To") == headers.get_header("WARC-Record-ID")
    assert f"{asked.protocol} {asked.statusline}" == "GET /page?a=1 HTTP/1.1"
    assert answer.get_header("Set-Cookie") is None
    assert hashlib.sha256(body).hexdigest() == snapshot_of(captured).raw_sha256


def test_a_compressed_body_is_kept_as_it_was_received(web: Server) -> None:
    packed = gzip.compress(b"<p>Packed words.</p>")
    web["/page"] = http(200, packed, content_encoding="gzip")
    source = make_source(web)
    visit(source, START)
    assert read_capture(snapshot_of(source).storage_key) == packed
    assert snapshot_of(source).text == "Packed words."


def test_a_capture_is_kept_where_no_local_files_are(web: Server, settings: Settings) -> None:
    settings.STORAGES = settings.STORAGES | {"snapshots": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    web["/page"] = page("In no folder.")
    source = make_source(web)
    visit(source, START)
    assert b"In no folder." in read_capture(snapshot_of(source).storage_key)


def test_the_same_body_is_kept_once(web: Server) -> None:
    web["/page"] = web["/copy"] = page("The very same.")
    first, second = make_source(web), make_source(web, "/copy")
    visit(first, START)
    visit(second, START)
    assert snapshot_of(first).storage_key == snapshot_of(second).storage_key
    assert len(list(Path(storage().path("")).rglob("*.warc.gz"))) == 1


def test_a_full_disk_leaves_nothing_half_written_and_the_source_due_again(
    web: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    web["/page"] = page("Words.")
    source = make_source(web)
    monkeypatch.setattr("sources.archive.os.fsync", full)
    check = visit(source, START)
    assert (check.outcome, check.counted) == (Outcome.INTERNAL_ERROR, False)
    assert check.error == "capture could not be stored: No space left on device"
    assert (source.availability, source.current_snapshot) == (Availability.NEW, None)
    assert START < source.next_check_at < START + HOUR
    assert [path for path in Path(storage().path("")).rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    assert visit(source, source.next_check_at).outcome == Outcome.OK


def test_an_upload_is_kept_once_under_its_digest(web: Server) -> None:
    first = store_upload(b"bytes", name="a.pdf", media_type="application/pdf")
    again = store_upload(b"bytes", name="b.pdf", media_type="application/pdf")
    assert first == again
    assert (Upload.objects.count(), again.name, again.size) == (1, "a.pdf", 5)
    with pytest.raises(ValueError, match="empty"):
        store_upload(b"", name="c", media_type="")


@pytest.mark.parametrize("model", [Snapshot, SourceCheck])
def test_the_database_refuses_to_change_or_delete_evidence(captured: Source, model: Any) -> None:
    rows = model.objects.filter(source=captured)
    field = "title" if model is Snapshot else "error"
    with pytest.raises(IntegrityError, match="are evidence and are never changed"), transaction.atomic():
        rows.update(**{field: "forged"})
    with pytest.raises(IntegrityError, match="DELETE refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")


def test_an_erasure_may_blank_a_text_within_its_own_transaction(captured: Source) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL claimtrack.allow_erasure = 'on'")
        Snapshot.objects.filter(source=captured).update(text="", storage_key="")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL claimtrack.allow_erasure = 'off'")
    captured.refresh_from_db()
    assert snapshot_of(captured).text == ""


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"availability": "lost"}, "source_availability_known"),
        ({"availability": "dead"}, "source_dead_needs_counted_failures"),
        ({"counted_failures": 1}, "source_counted_failures_dated"),
        ({"pinned": True}, "source_pin_has_reason"),
        ({"pending_since": START}, "source_pending_whole"),
    ],
)
def test_the_database_holds_the_rules_of_a_source(web: Server, change: dict[str, Any], constraint: str) -> None:
    source = make_source(web)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Source.objects.filter(pk=source.pk).update(**change)


def test_a_document_that_is_no_text_is_captured_and_compared_by_its_bytes(web: Server) -> None:
    web["/page"] = http(200, b"%PDF-1.7 one", content_type="application/pdf")
    source = make_source(web)
    assert visit(source, START).outcome == Outcome.OK
    assert snapshot_of(source).text == ""
    assert snapshot_of(source).text_sha256 == snapshot_of(source).raw_sha256
    web["/page"] = http(200, b"%PDF-1.7 two", content_type="application/pdf")
    visit(source, START + HOUR)
    assert source.pending_since is not None


def test_any_tool_that_reads_gzip_reads_a_capture(captured: Source) -> None:
    assert gzip.decompress(file_of(captured).read_bytes()).startswith(b"WARC/1.1\r\n")
