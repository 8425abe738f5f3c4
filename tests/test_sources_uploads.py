"""Uploaded files: kept once, named by their bytes, not too large, and refused in words that help."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from claims.choices import EvidenceKind
from claims.models import Evidence, User
from sources.archive import storage
from sources.media_types import media_type_of
from sources.models import Upload
from sources.services import store_upload, uploading
from tests.desk import Desk
from tests.make import make_claim, make_evidence
from tests.sources_support.server import Server

pytest_plugins = ["tests.sources_support.fixtures"]
PDF = b"%PDF-1.7\n1 0 obj"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def packed() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return out.getvalue()


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("content", "declared", "found"),
    [
        (PDF, "application/pdf", "application/pdf"),
        (PDF, "text/html", "application/pdf"),
        (PNG, "", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/svg+xml", "image/jpeg"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "", "image/webp"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4", "video/mp4"),
        (packed(), DOCX, DOCX),
        (packed(), "text/html", "application/zip"),
        (b"day,people\n1,300\n", "text/csv", "text/csv"),
        (b"day,people\n1,300\n", "TEXT/CSV; header=present", "text/csv"),
        ("тысячи человек".encode("cp1251"), "text/plain", "text/plain"),
        ("мың адам".encode("utf-16"), "", "text/plain"),
        (b'{"a": 1}', "application/json", "application/json"),
        (b"<html><script>steal()</script>", "text/html", "text/plain"),
        (b"<svg xmlns='x'><script>steal()</script></svg>", "image/svg+xml", "text/plain"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "application/pdf", "application/octet-stream"),
        (b"\x7fELF\x02\x01\x01\x00", "image/png", "application/octet-stream"),
        (b"", "", "text/plain"),
        (b"plain", "text/csv\r\nSet-Cookie: a=b", "text/plain"),
        (b"plain", "text/csv" + "x" * 300, "text/plain"),
    ],
)
def test_a_file_is_called_what_its_bytes_show(content: bytes, declared: str, found: str) -> None:
    assert media_type_of(content, declared) == found


@pytest.mark.django_db
def test_a_file_is_kept_once_with_the_type_its_bytes_show(web: Server) -> None:
    first = store_upload(PDF, name="report.exe", media_type="text/html")
    again = store_upload(PDF, name="other.pdf", media_type="application/pdf")
    assert first == again
    assert (first.media_type, first.size, Upload.objects.count()) == ("application/pdf", len(PDF), 1)


@pytest.mark.django_db
def test_a_file_that_is_too_large_or_empty_is_refused_before_anything_is_kept(
    web: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="empty"):
        store_upload(b"", name="a", media_type="")
    monkeypatch.setattr(uploading, "MAX_UPLOAD", 10)
    store_upload(b"0123456789", name="a", media_type="")
    with pytest.raises(ValueError, match="larger than"):
        store_upload(b"0123456789a", name="a", media_type="")
    assert Upload.objects.count() == 1
    assert len([path for path in Path(storage().path("")).rglob("*") if path.is_file()]) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "why"), [(b"", "empty"), (b"x" * 11, "larger than")])
def test_a_refused_file_names_its_field(
    web: Server, checker: User, monkeypatch: pytest.MonkeyPatch, content: bytes, why: str
) -> None:
    monkeypatch.setattr(uploading, "MAX_UPLOAD", 10)
    with pytest.raises(ValidationError) as refused:
        attach(checker, content)
    assert why in str(refused.value.message_dict["file"])
    assert not Evidence.objects.exists()


@pytest.mark.django_db
def test_a_full_disk_is_told_at_the_field_too(web: Server, checker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sources.archive.os.fsync", full)
    with pytest.raises(ValidationError) as refused:
        attach(checker, b"bytes")
    assert "No space left" in str(refused.value.message_dict["file"])
    assert not Upload.objects.exists()


@pytest.mark.django_db
def test_the_desk_hands_a_disguised_page_out_as_text_to_be_saved(web: Server, checker: User) -> None:
    evidence = attach(checker, b"<html><script>steal()</script></html>", media_type="text/html")
    response = Desk(checker).client.get(f"/admin/claims/claim/evidence/{evidence.public_id}/file/")
    assert response["Content-Type"].startswith("text/plain")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


def attach(checker: User, content: bytes, media_type: str = "application/pdf") -> Evidence:
    claim = make_claim(checker)
    file = ("file.pdf", media_type, content)
    return make_evidence(claim, checker, kind=EvidenceKind.FILE, url="", quote="", description="x", file=file)
