"""All captures of a claim in one file that archive tools read."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
from argparse import Namespace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker
from warcio.indexer import Indexer

from claims import warc
from claims.choices import EvidenceKind
from claims.models import Appearance, Claim, User
from sources.archive import storage
from sources.archive_export import WarcExport, name_of
from sources.models import Snapshot, Source, Upload
from tests.desk import Desk
from tests.make import make_claim, make_evidence
from tests.sources_support.helpers import DAY, HOUR, START, make_source, visit
from tests.sources_support.server import Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db
WORDS = "Police counted a few hundred people on the square that evening."


@pytest.fixture
def claim(web: Server, checker: User) -> Claim:
    """A page in two versions, the same body at another address, a post where it appeared, and an uploaded file."""
    claim = make_claim(checker)
    web["/page"] = web["/copy"] = page(WORDS)
    web["/post"] = page("Thousands filled the square!")
    for path in ("/page", "/copy"):
        visit(make_source(web, path), START)
        make_evidence(claim, checker, url=f"{web.url}{path}", quote="a few hundred people")
    web["/page"] = page(WORDS.replace("a few hundred", "several thousand"))
    first = Source.objects.get(canonical_url=f"{web.url}/page")
    for at in (START + DAY, START + DAY + HOUR):
        visit(first, at)
    post = make_source(web, "/post")
    visit(post, START + DAY)
    Appearance.objects.create(claim=claim, url=post.canonical_url, source=post)
    make_evidence(
        claim, checker, kind=EvidenceKind.FILE, url="", quote="", description="Police figures.",
        file=("count.csv", "text/csv", b"day,people\n1,300\n"),
    )  # fmt: skip
    return claim


@pytest.fixture
def exported(claim: Claim, tmp_path: Path) -> Path:
    path = tmp_path / "claim.warc.gz"
    path.write_bytes(b"".join(warc.warc_of(claim)))
    return path


def records(path: Path) -> list[tuple[str, Any, bytes]]:
    with path.open("rb") as file:
        return [
            (r.rec_type, r.rec_headers.get_header, r.raw_stream.read())
            for r in ArchiveIterator(file, check_digests="raise")
        ]


def of_kind(path: Path, kind: str) -> list[tuple[Any, bytes]]:
    return [(header, content) for found, header, content in records(path) if found == kind]


def test_warcio_s_own_checker_finds_nothing(exported: Path, capsys: Any) -> None:
    checker = Checker(Namespace(inputs=[str(exported)], verbose=False))
    assert (checker.process_all(), capsys.readouterr().out) == (0, "")


def test_warcio_s_checker_finds_a_planted_fault(exported: Path, tmp_path: Path, capsys: Any) -> None:
    plain = tmp_path / "forged.warc"
    with exported.open("rb") as file:
        plain.write_bytes(gzip.decompress(file.read()).replace(b"a few hundred", b"many thousand", 1))
    assert Checker(Namespace(inputs=[str(plain)], verbose=False)).process_all() == 1


def test_warcio_index_lists_every_record(exported: Path) -> None:
    out = io.StringIO()
    Indexer(["warc-type", "warc-target-uri"], [str(exported)], "").process_one(exported.open("rb"), out, exported.name)
    kinds = [json.loads(line)["warc-type"] for line in out.getvalue().splitlines()]
    assert kinds[0] == "warcinfo"
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "warcinfo": 1, "response": 3, "request": 3, "revisit": 2, "conversion": 5, "resource": 1, "metadata": 3,
    }  # fmt: skip


def test_each_version_of_each_page_is_in_it(exported: Path, claim: Claim, web: Server) -> None:
    seen = {
        (header("WARC-Target-URI"), header("WARC-Date"))
        for kind, header, _ in records(exported)
        if kind in {"response", "revisit"}
    }
    versions = {
        (snapshot.final_url, snapshot.taken_at.strftime("%Y-%m-%dT%H:%M:%SZ")) for snapshot in Snapshot.objects.all()
    }
    # A changed page's body is kept when it is first seen and becomes a version when a second visit confirms it.
    assert seen - versions == {(f"{web.url}/page", "2026-01-02T00:00:00Z")}
    assert versions < seen and len(versions) == 4


def test_the_same_body_elsewhere_is_a_revisit_of_the_record_that_holds_it(exported: Path, web: Server) -> None:
    header, content = next(row for row in of_kind(exported, "revisit") if row[0]("WARC-Target-URI").endswith("/copy"))
    responses = {header("WARC-Record-ID"): header for header, _ in of_kind(exported, "response")}
    original = responses[header("WARC-Refers-To")]
    assert header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert header("WARC-Refers-To-Target-URI") == original("WARC-Target-URI") == f"{web.url}/page"
    assert header("WARC-Refers-To-Date") == original("WARC-Date")
    assert header("WARC-Payload-Digest") == original("WARC-Payload-Digest")
    assert content == b""
    order = [kind for kind, _, _ in records(exported)]
    assert order.index("response") < order.index("revisit")


def test_the_text_we_read_refers_to_the_capture_it_was_read_in(exported: Path) -> None:
    ids = {
        header("WARC-Record-ID") for kind, header, _ in records(exported) if kind in {"response", "revisit", "resource"}
    }
    for header, content in of_kind(exported, "conversion"):
        assert header("WARC-Refers-To") in ids
        assert header("X-Extractor").partition("/")[0]
        assert "square" in content.decode() or content == b"day,people\n1,300"


def test_an_uploaded_file_is_a_resource_named_by_its_digest(exported: Path) -> None:
    ((header, content),) = of_kind(exported, "resource")
    assert content == b"day,people\n1,300\n"
    assert header("WARC-Target-URI") == name_of(Upload.objects.get())
    assert header("Content-Type") == "text/csv"


def test_quotes_are_web_annotations_of_the_capture_they_were_found_in(exported: Path, web: Server) -> None:
    notes = {
        header("WARC-Target-URI"): (header, json.loads(content)) for header, content in of_kind(exported, "metadata")
    }
    header, note = notes[f"{web.url}/page"]
    assert note["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert note["target"]["selector"]["exact"] == "a few hundred people"
    assert note["target"]["selector"]["prefix"].endswith("counted ")
    responses = {h("WARC-Record-ID"): h("WARC-Date") for h, _ in of_kind(exported, "response")}
    assert responses[header("WARC-Refers-To")] == "2026-01-01T00:00:00Z"
    assert {note["target"]["source"] for _, note in notes.values()} == set(notes)


def test_other_claims_captures_are_not_in_it(exported: Path, claim: Claim, checker: User, web: Server) -> None:
    web["/other"] = page("Something else.")
    other = make_source(web, "/other")
    visit(other, START)
    make_evidence(make_claim(checker, "Another claim"), checker, url=other.canonical_url, quote="Something else")
    assert other.canonical_url not in [snapshot.final_url for snapshot in warc.captures_of(claim)]


def test_dropped_evidence_stays_in_it(claim: Claim) -> None:
    before = warc.captures_of(claim).count()
    claim.evidence.update(dropped_at=START)
    assert warc.captures_of(claim).count() == before == 4


def test_compressed_and_chunked_answers_and_kazakh_words_stay_readable(
    web: Server, checker: User, tmp_path: Path
) -> None:
    html = "<meta charset=windows-1251><p>Полиция насчитала несколько сотен.</p>".encode("cp1251")
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(html), html)
    web["/old"] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
    web["/new"] = http(200, gzip.compress("<p>Өңірлік әкімдік</p>".encode()), content_encoding="gzip")
    claim = make_claim(checker)
    for path in ("/old", "/new"):
        source = make_source(web, path)
        visit(source, START)
        make_evidence(claim, checker, url=source.canonical_url, quote="сотен")
    exported = tmp_path / "x.warc.gz"
    exported.write_bytes(b"".join(warc.warc_of(claim)))
    with exported.open("rb") as file:
        bodies = [r.content_stream().read() for r in ArchiveIterator(file) if r.rec_type == "response"]
    assert bodies[0].decode("cp1251").endswith("сотен.</p>")
    assert bodies[1].decode() == "<p>Өңірлік әкімдік</p>"
    assert "Полиция" in of_kind(exported, "conversion")[0][1].decode()


def test_it_is_written_in_constant_memory(web: Server, checker: User) -> None:
    claim = make_claim(checker)
    for number in range(12):
        web[f"/{number}"] = http(200, f"<p>{number} " + "words " * 170_000)
        source = make_source(web, f"/{number}")
        visit(source, START + timedelta(minutes=number))
        make_evidence(claim, checker, url=source.canonical_url, quote="words words")
    total = sum(Snapshot.objects.values_list("size", flat=True))
    sum(len(piece) for piece in warc.warc_of(claim))
    tracemalloc.start()
    sum(len(piece) for piece in warc.warc_of(claim))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total > 12_000_000
    # Rows are read in blocks of AT_A_TIME; beside them there is one body and one text.
    assert peak < total * 1.8


def test_an_erased_capture_is_left_out_and_counted() -> None:
    export = WarcExport("x.warc.gz", [Snapshot(storage_key="")], [Upload(storage_key="")])
    assert len(list(export)) == 1
    assert (export.records, export.erased) == (1, 2)


# The command.


def run(capsys: Any, *arguments: str) -> tuple[int, dict[str, Any]]:
    try:
        call_command("export_warc", *arguments, "--json")
        status = 0
    except SystemExit as end:
        status = int(str(end.code))
    return status, json.loads(capsys.readouterr().out)


def test_the_command_writes_the_file_and_says_what_is_in_it(claim: Claim, tmp_path: Path, capsys: Any) -> None:
    target = tmp_path / "out.warc.gz"
    status, figures = run(capsys, "--claim", claim.public_id, "--output", str(target))
    assert status == 0
    assert figures == {
        "file": str(target), "captures": 4, "records": 18, "erased": 0, "bytes": target.stat().st_size,
    }  # fmt: skip
    assert len(records(target)) == 18
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_the_command_overwrites_nothing(claim: Claim, tmp_path: Path, capsys: Any) -> None:
    target = tmp_path / "out.warc.gz"
    target.write_text("precious")
    status, figures = run(capsys, "--claim", claim.public_id, "--output", str(target))
    assert (status, target.read_text()) == (2, "precious")
    assert "--output" in figures["error"]


def test_the_command_names_every_damaged_capture_and_leaves_nothing(claim: Claim, tmp_path: Path, capsys: Any) -> None:
    keys = list(Snapshot.objects.order_by("pk").values_list("storage_key", flat=True).distinct())
    Path(storage().path(keys[0])).unlink()
    Path(storage().path(Upload.objects.get().storage_key)).write_bytes(b"forged")
    status, figures = run(capsys, "--claim", claim.public_id, "--output", str(tmp_path / "out.warc.gz"))
    assert status == 1
    assert len(figures["damaged"]) == 2
    assert keys[0] in "".join(figures["damaged"])
    assert "count.csv" in "".join(figures["damaged"])
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


@pytest.mark.parametrize("arguments", [("--claim", "unknown"), ("--claim", "known", "--output", "/nowhere/x.warc.gz")])
def test_the_command_says_how_to_use_it(claim: Claim, capsys: Any, arguments: tuple[str, ...]) -> None:
    status, figures = run(capsys, *(claim.public_id if word == "known" else word for word in arguments))
    assert status == 2
    assert figures["error"]


def test_the_command_needs_a_claim() -> None:
    with pytest.raises(CommandError, match="--claim"):
        call_command("export_warc")


# The desk.


def test_whoever_may_look_downloads_it_from_the_claim_s_page(claim: Claim, outsider: User, tmp_path: Path) -> None:
    desk = Desk(outsider)
    link = f"/admin/claims/claim/{claim.pk}/warc/"
    assert link in desk.get(desk.claim(claim))
    response = desk.client.get(link)
    assert response.streaming
    assert response["Content-Disposition"] == f'attachment; filename="claim-{claim.public_id}.warc.gz"'
    path = tmp_path / "x.warc.gz"
    path.write_bytes(response.getvalue())
    assert len(records(path)) == 18


def test_strangers_do_not(claim: Claim, client: Client, checker: User) -> None:
    link = f"/admin/claims/claim/{claim.pk}/warc/"
    assert client.get(link).status_code == 302
    checker.is_staff = False
    checker.save()
    client.force_login(checker)
    assert client.get(link).status_code == 302


def test_a_damaged_capture_is_named_instead(claim: Claim, checker: User) -> None:
    key = Snapshot.objects.values_list("storage_key", flat=True)[0]
    Path(storage().path(key)).unlink()
    response = Desk(checker).client.get(f"/admin/claims/claim/{claim.pk}/warc/", follow=True)
    assert f"{key}: the file is missing (http" in response.content.decode()
