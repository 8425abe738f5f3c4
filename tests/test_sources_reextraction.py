"""A newer extractor reads stored captures again, and what it reads otherwise is never a change of the page."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from sources.archive import storage
from sources.choices import ChangeKind
from sources.models import Extraction, Snapshot, Source, SourceChange
from sources.services import reextract_snapshots
from sources.services.knowing import known_pages
from tests.sources_support.helpers import HOUR, START, make_source, visit
from tests.sources_support.pdf import pdf
from tests.sources_support.server import Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db


def read_by_an_older_extractor(source: Source, text: str | None, at_version: str = "0") -> Snapshot:
    """Make the source's version one that an older extractor read as this (None: it found no text)."""
    now = source.current_snapshot
    assert now is not None
    digest = hashlib.sha256(text.encode()).hexdigest() if text is not None else now.raw_sha256
    kept = {
        name: getattr(now, name)
        for name in ("source", "final_url", "raw_sha256", "storage_key", "media_type", "size", "title")
    }
    older = Snapshot.objects.create(
        **kept,
        taken_at=now.taken_at + timedelta(seconds=1),
        text=text or "",
        text_sha256=digest,
        extractor="visible-text",
        extractor_version=at_version,
    )
    Source.objects.filter(pk=source.pk).update(current_snapshot=older, etag="", last_modified="")
    source.refresh_from_db()
    return older


@pytest.fixture
def old(web: Server) -> tuple[Source, Snapshot]:
    """A page whose version an older extractor read, menu and all."""
    web["/page"] = page("Only 500 people turned up.", title="Counting")
    source = make_source(web)
    visit(source, START)
    return source, read_by_an_older_extractor(source, "Menu\nCounting\nOnly 500 people turned up.")


def content_changes() -> int:
    return SourceChange.objects.exclude(kind=ChangeKind.CAPTURED).count()


def with_other_markup(web: Server) -> None:
    web["/page"] = page("Only <i>500</i> people turned up.", title="Counting")


def test_the_same_page_read_otherwise_by_a_newer_extractor_is_no_change(
    web: Server, old: tuple[Source, Snapshot]
) -> None:
    source, _ = old
    with_other_markup(web)
    visit(source, START + HOUR)
    visit(source, START + 2 * HOUR)
    assert (source.pending_since, content_changes()) == (None, 0)


def test_a_page_that_did_change_is_still_seen_to(web: Server, old: tuple[Source, Snapshot]) -> None:
    source, older = old
    web["/page"] = page("Only 900 people turned up.", title="Counting")
    visit(source, START + HOUR)
    visit(source, START + 2 * HOUR)
    change = SourceChange.objects.get(kind=ChangeKind.CONTENT)
    assert (change.snapshot_before, change.snapshot_after) == (older, source.current_snapshot)


def test_captures_are_read_again_once(old: tuple[Source, Snapshot]) -> None:
    _, older = old
    assert reextract_snapshots() == (1, 0)
    assert reextract_snapshots() == (0, 0)
    reading = Extraction.objects.get()
    assert (reading.snapshot, reading.extracted_by()) == (older, older.present_extractor())
    assert reading.text == older.present_text() == "Counting\nOnly 500 people turned up."
    assert older.text.startswith("Menu")
    assert content_changes() == 0


def test_a_capture_read_again_is_compared_without_reading_it_once_more(
    web: Server, old: tuple[Source, Snapshot]
) -> None:
    source, older = old
    reextract_snapshots()
    Path(storage().path(older.storage_key)).unlink()
    with_other_markup(web)
    visit(source, START + HOUR)
    assert source.pending_since is None


def test_a_text_that_reads_the_same_is_kept_once(web: Server, old: tuple[Source, Snapshot]) -> None:
    source, _ = old
    same = read_by_an_older_extractor(source, "Counting\nOnly 500 people turned up.", "0.5")
    reextract_snapshots()
    assert Extraction.objects.get(snapshot=same).text == ""
    assert same.present_text() == same.text


def test_what_the_present_extractor_read_is_left_alone(web: Server) -> None:
    web["/page"] = page("Words.")
    visit(make_source(web), START)
    assert reextract_snapshots() == (0, 0)


def test_going_back_to_an_old_version_is_known_for_what_it_is(web: Server, old: tuple[Source, Snapshot]) -> None:
    source, older = old
    web["/page"] = page("Only 900 people turned up.", title="Counting")
    visit(source, START + HOUR)
    visit(source, START + 2 * HOUR)
    with_other_markup(web)
    visit(source, START + 3 * HOUR)
    visit(source, START + 4 * HOUR)
    change = SourceChange.objects.latest("pk")
    assert (change.kind, change.snapshot_after) == (ChangeKind.REVERTED, older)


def test_a_damaged_capture_is_passed_over_and_crashes_no_visit(web: Server, old: tuple[Source, Snapshot]) -> None:
    source, older = old
    Path(storage().path(older.storage_key)).write_bytes(b"broken")
    assert reextract_snapshots() == (0, 1)
    with_other_markup(web)
    check = visit(source, START + HOUR)
    assert check.outcome == "ok"


def test_damaged_captures_do_not_keep_others_from_being_read(web: Server, old: tuple[Source, Snapshot]) -> None:
    web["/other"] = page("Other words.")
    other = make_source(web, "/other")
    visit(other, START)
    damaged = read_by_an_older_extractor(other, "Menu\nOther words.")
    Path(storage().path(damaged.storage_key)).unlink()
    assert reextract_snapshots(limit=1) == (1, 1)


def test_what_cannot_be_read_takes_no_time_from_the_next_runs(web: Server, old: tuple[Source, Snapshot]) -> None:
    _, older = old
    Path(storage().path(older.storage_key)).write_bytes(b"broken")
    assert [reextract_snapshots(), reextract_snapshots()] == [(0, 1), (0, 0)]


def test_whoever_asks_for_everything_has_the_unreadable_tried_again(web: Server, old: tuple[Source, Snapshot]) -> None:
    _, older = old
    path = Path(storage().path(older.storage_key))
    whole = path.read_bytes()
    path.write_bytes(b"broken")
    reextract_snapshots()
    path.write_bytes(whole)
    assert reextract_snapshots(budget=None) == (1, 0)


def test_a_pdf_from_before_pdfs_could_be_read_becomes_text_without_being_a_change(web: Server) -> None:
    web["/page"] = http(200, pdf("Only 500 people turned up."), content_type="application/pdf")
    source = make_source(web)
    visit(source, START)
    older = read_by_an_older_extractor(source, None, "1")
    web["/page"] = http(200, pdf("Only 500 people turned up.", title="again"), content_type="application/pdf")
    visit(source, START + HOUR)
    assert (source.pending_since, content_changes()) == (None, 0)
    assert reextract_snapshots() == (1, 0)
    assert older.present_text() == "Only 500 people turned up."


def test_a_compressed_capture_is_unpacked_with_its_own_charset(web: Server) -> None:
    packed = gzip.compress("<p>Выборы".encode("cp1251"))
    web["/page"] = http(200, packed, content_encoding="gzip", content_type="text/html; charset=windows-1251")
    source = make_source(web)
    visit(source, START)
    older = read_by_an_older_extractor(source, "Menu\nВыборы")
    reextract_snapshots()
    assert older.present_text() == "Выборы"


def test_no_query_is_spent_where_nothing_is_old(web: Server) -> None:
    web["/page"] = page("Words.")
    source = make_source(web)
    visit(source, START)
    joined = Source.objects.select_related("current_snapshot").get(pk=source.pk)
    with CaptureQueriesContext(connection) as queries:
        known_pages([joined])
    assert len(queries) == 0


def test_a_reading_cannot_be_changed_afterwards(old: tuple[Source, Snapshot]) -> None:
    reextract_snapshots()
    with pytest.raises(IntegrityError), transaction.atomic():
        Extraction.objects.update(text="forged")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--count"], "1 capture or file is waiting to be read."),
        ([], "1 capture or file read, 0 could not be read."),
        (["--limit", "0"], "Nothing was read."),
    ],
)
def test_one_capture_is_spoken_of_as_one(
    options: list[str], said: str, old: tuple[Source, Snapshot], capsys: Any
) -> None:
    call_command("reextract_snapshots", *options)
    assert capsys.readouterr().out.strip() == said


@pytest.mark.parametrize(
    ("options", "printed"),
    [
        (["--count"], {"waiting": 1}),
        ([], {"read": 1, "unreadable": 0}),
        (["--limit", "0"], {"read": 0, "unreadable": 0}),
    ],
)
def test_an_operator_sees_how_far_it_is(
    options: list[str], printed: dict[str, int], old: tuple[Source, Snapshot], capsys: Any
) -> None:
    call_command("reextract_snapshots", "--json", *options)
    assert json.loads(capsys.readouterr().out) == printed
