"""The text of uploaded files: kept with who read it, and looked through for the quote that was taken from it."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.choices import EvidenceKind
from claims.models import Evidence, User
from claims.services.file_quotes import quote_in_file
from sources.archive import storage
from sources.extraction import extract
from sources.extraction.page import VISIBLE_TEXT, pdf_text
from sources.models import Extraction, Upload
from sources.services import reading_uploads, reextract_snapshots, store_upload
from tests.desk import Desk
from tests.make import make_claim, make_evidence
from tests.sources_support.pdf import pdf
from tests.sources_support.server import Server

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db

WORDS = "Police counted 300 people."
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def upload(content: bytes, media_type: str = "text/plain") -> Upload:
    return store_upload(content, name="file", media_type=media_type)


def read_by_an_older_extractor(text: str) -> Upload:
    """A kept file whose only reading is by a version before the present."""
    older = Upload.objects.create(
        sha256="a" * 64, name="old.txt", media_type="text/plain", size=1, storage_key=upload(WORDS.encode()).storage_key
    )
    Extraction.objects.create(
        upload=older, extractor="visible-text", extractor_version="0", text=text, text_sha256="b" * 64
    )
    return older


@pytest.mark.parametrize(
    ("content", "extractor"),
    [
        (pdf(WORDS), pdf_text()),
        (WORDS.encode(), VISIBLE_TEXT),
        (f"<!doctype html><script>no()</script><p>{WORDS}".encode(), VISIBLE_TEXT),
    ],
)
def test_a_file_is_kept_with_its_text_and_who_read_it(web: Server, content: bytes, extractor: Any) -> None:
    kept = upload(content)
    assert (kept.present_text(), kept.extractions.get().extracted_by()) == (WORDS, extractor)


@pytest.mark.parametrize("content", [PNG, pdf(WORDS, encrypted=True), b"%PDF-1.7\n1 0 obj", b"\x7fELF\x00\x01"])
def test_a_file_that_cannot_be_read_is_kept_without_a_text(web: Server, content: bytes) -> None:
    kept = upload(content)
    assert kept.present_text() == ""
    assert Path(storage().path(kept.storage_key)).read_bytes() == content


def test_a_file_beyond_the_limits_is_kept_and_tried_again(web: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_uploads, "extract", partial(extract, time_limit=0.0))
    kept = upload(b"<html>" + b"<p>words " * 200_000)
    assert not Extraction.objects.exists()
    monkeypatch.undo()
    assert reextract_snapshots() == (1, 0)
    assert kept.present_text().startswith("words")


def test_the_same_file_is_read_once(web: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(WORDS.encode())
    monkeypatch.setattr(reading_uploads, "extract", None)
    upload(WORDS.encode())
    assert Extraction.objects.count() == 1


def test_a_newer_extractor_reads_files_again_once(web: Server, capsys: Any) -> None:
    older = read_by_an_older_extractor("Menu")
    assert older.present_text() == "Menu"
    call_command("reextract_snapshots", "--json", "--count")
    assert json.loads(capsys.readouterr().out) == {"waiting": 1}
    assert [reextract_snapshots(), reextract_snapshots()] == [(1, 0), (0, 0)]
    assert older.present_text() == WORDS


def test_a_damaged_file_is_passed_over(web: Server) -> None:
    older = read_by_an_older_extractor("Menu")
    Path(storage().path(older.storage_key)).unlink()
    assert reextract_snapshots() == (0, 1)
    assert older.present_text() == "Menu"


def test_a_reading_is_of_a_capture_or_of_a_file(web: Server) -> None:
    with pytest.raises(IntegrityError, match="extraction_of_one_thing"), transaction.atomic():
        Extraction.objects.create(extractor="x", extractor_version="1", text_sha256="a" * 64)


def test_a_file_s_text_cannot_be_changed_afterwards(web: Server) -> None:
    upload(WORDS.encode())
    with pytest.raises(IntegrityError), transaction.atomic():
        Extraction.objects.update(text="forged")


def attach(checker: User, content: bytes, quote: str) -> Evidence:
    file = ("report.pdf", "", content)
    kind = EvidenceKind.FILE
    return make_evidence(make_claim(checker), checker, kind=kind, url="", quote=quote, description="x", file=file)


@pytest.mark.parametrize(
    ("content", "quote", "said"),
    [
        (pdf(WORDS), "counted 300 people", "The quote stands in the file."),
        (pdf(WORDS), "counted 900 people", "not found in the file&#x27;s text; nearest: “counted 300 people"),
        (PNG, "counted 300 people", "The file&#x27;s text cannot be read by machine."),
    ],
)
def test_the_desk_says_whether_the_quote_stands_in_the_file(
    web: Server, checker: User, content: bytes, quote: str, said: str
) -> None:
    evidence = attach(checker, content, quote)
    desk = Desk(checker)
    assert said in desk.get(desk.claim(evidence.claim))
    assert evidence.quote_status == "unchecked"


def test_no_word_on_files_without_a_quote(web: Server, checker: User) -> None:
    assert quote_in_file(attach(checker, pdf(WORDS), "")) is None


def test_a_quote_is_looked_for_once_in_a_file(web: Server, checker: User) -> None:
    evidence = attach(checker, pdf(WORDS), "counted 300 people")
    with CaptureQueriesContext(connection) as queries:
        found = quote_in_file(evidence)
    assert (found, len(queries)) == (("intact", ""), 1)
    cache.clear()
    assert quote_in_file(evidence) == found
