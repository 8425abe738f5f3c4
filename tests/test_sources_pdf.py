"""PDF files: read like pages, compared like pages, and no worse for the worker than pages."""

from __future__ import annotations

import zlib

import pytest

from sources.choices import Availability, ChangeKind, Outcome
from sources.comparison import find_quote
from sources.extraction import ExtractionFailed, box, extract
from sources.extraction.page import Page, extractor_for
from sources.models import SourceChange
from tests.sources_support.helpers import DAY, HOUR, START, make_source, visit
from tests.sources_support.pdf import pdf
from tests.sources_support.server import Server, http

pytest_plugins = ["tests.sources_support.fixtures"]

PDF = "application/pdf"
RUSSIAN = "Наблюдатели сообщили о массовых\nзадержаниях мирных протесту-\nющих в день голосования."
KAZAKH = "Бақылаушылар сайлау күні бейбіт\nшерушілердің жаппай ұсталғанын хабарлады."


def served(content: bytes, kind: str = PDF) -> bytes:
    return http(200, content, content_type=kind)


@pytest.mark.parametrize("kind", [PDF, "application/x-pdf", "application/octet-stream", "Application/PDF; x=y"])
def test_a_pdf_is_read_whatever_its_server_calls_it(kind: str) -> None:
    assert extract(pdf("Only 500 people\nturned up."), kind).text == "Only 500 people\nturned up."


@pytest.mark.parametrize(
    ("written", "quote"),
    [
        (RUSSIAN, "массовых задержаниях мирных протестующих в день голосования"),
        (KAZAKH, "бейбіт шерушілердің жаппай ұсталғанын"),
        ("The infor-\nmation from the well-\nknown man", "information from the well-known man"),
        ("“Only 500” people — no more", '"Only 500" people - no more'),
    ],
)
def test_a_quote_is_found_in_a_pdf_across_its_lines(written: str, quote: str) -> None:
    assert find_quote(extract(pdf(written), PDF).text or "", quote).status == "intact"


def test_pages_follow_one_another() -> None:
    assert extract(pdf("First page.", "Second page."), PDF).text == "First page.\nSecond page."


def test_a_pdf_says_its_title_and_language() -> None:
    page = extract(pdf("Выборы", title="Отчёт  о выборах", language="ru-KZ"), PDF)
    assert (page.title, page.language) == ("Отчёт о выборах", "ru-KZ")


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (pdf("Secret", encrypted=True), "the PDF asks for a password"),
        (b"%PDF-1.7 and then nothing of it", "the PDF is broken and cannot be opened"),
        (pdf(""), "the PDF holds no text, perhaps only pictures of it"),
    ],
)
def test_a_pdf_that_cannot_be_read_holds_no_text_and_says_why(content: bytes, note: str) -> None:
    assert extract(content, PDF) == Page(None, note=note)


def test_bytes_that_are_no_pdf_are_not_read_as_one() -> None:
    assert extract(b"\x7fELF and more", "application/octet-stream") == Page(None)


def test_a_pdf_cut_in_half_does_not_end_the_reader() -> None:
    whole = pdf("Only 500 people turned up.")
    for end in range(0, len(whole), 97):
        extract(whole[:end], PDF)
    assert extract(whole, PDF).text == "Only 500 people turned up."


def test_a_pdf_bomb_costs_the_child_and_not_the_worker() -> None:
    whole = pdf("x")
    start = whole.index(b"stream\n", whole.index(b"/FlateDecode")) + len(b"stream\n")
    bomb = zlib.compress(b"BT /F 10 Tf " + b"<0001> Tj " * 3_000_000, 1)
    end = whole.index(b"\nendstream", start)
    swollen = whole[:start] + bomb + whole[end:]
    try:
        page = box.extract(swollen, PDF, time_limit=0.3)
        assert len(page.text or "") <= 10_000_000
    except ExtractionFailed as error:
        assert "reading the page took more" in str(error)
    assert extract(pdf("still there"), PDF).text == "still there"


@pytest.mark.django_db
def test_a_pdf_source_is_captured_and_its_change_seen(web: Server) -> None:
    web["/page"] = served(pdf("Only 500 people turned up."))
    source = make_source(web)
    check = visit(source, START)
    assert (check.outcome, source.availability) == (Outcome.OK, Availability.LIVE)
    assert source.current_snapshot is not None
    assert source.current_snapshot.text == "Only 500 people turned up."
    assert source.current_snapshot.extracted_by() == extractor_for(PDF) == (check.extractor, check.extractor_version)
    web["/page"] = served(pdf("Only 900 people turned up."))
    visit(source, START + HOUR)
    visit(source, START + 2 * HOUR)
    assert SourceChange.objects.filter(kind=ChangeKind.CONTENT).count() == 1


@pytest.mark.django_db
def test_the_same_words_in_another_pdf_file_are_no_change(web: Server) -> None:
    web["/page"] = served(pdf("Only 500 people turned up.", title="made on Monday"))
    source = make_source(web)
    visit(source, START)
    web["/page"] = served(pdf("Only 500 people turned up.", title="made on Tuesday"))
    visit(source, START + HOUR)
    assert source.pending_since is None


@pytest.mark.django_db
def test_a_locked_pdf_is_kept_and_compared_by_its_bytes(web: Server) -> None:
    web["/page"] = served(pdf("Secret", encrypted=True))
    source = make_source(web)
    check = visit(source, START)
    assert (check.outcome, check.error) == (Outcome.OK, "the PDF asks for a password")
    assert source.current_snapshot is not None
    assert source.current_snapshot.text_sha256 == source.current_snapshot.raw_sha256
    visit(source, START + DAY)
    assert (source.availability, source.pending_since) == (Availability.LIVE, None)
