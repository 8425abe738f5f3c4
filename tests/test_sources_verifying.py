"""Reading everything back: what is damaged, missing or exchanged is named, whatever became of it."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from claims.models import User
from sources import archive
from sources.archive import CaptureDamaged, check_stored, read_capture, storage
from sources.models import Snapshot, Source, Upload
from sources.services import store_upload
from tests.make import make_claim, make_evidence
from tests.sources_support.helpers import START, make_source, visit
from tests.sources_support.server import Server, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def captured(web: Server) -> Source:
    web["/page"] = page("Words worth keeping.")
    source = make_source(web)
    visit(source, START)
    return source


@pytest.fixture
def uploaded(web: Server) -> Upload:
    return store_upload(b"day,people\n1,300\n", name="count.csv", media_type="text/csv")


def file_of(row: Source | Upload) -> Path:
    kept = row.current_snapshot if isinstance(row, Source) else row
    assert kept is not None
    return Path(storage().path(kept.storage_key))


def verify(capsys: Any, *arguments: str) -> tuple[int, dict[str, Any]]:
    try:
        call_command("verify_snapshots", "--json", *arguments)
        status = 0
    except SystemExit as end:
        status = int(str(end.code))
    return status, json.loads(capsys.readouterr().out)


def damaged(capsys: Any, path: Path) -> str:
    """The one file it names; everything else is whole."""
    status, result = verify(capsys)
    assert (status, len(result["damaged"])) == (1, 1)
    assert path.name in result["damaged"][0]
    return str(result["damaged"][0])


def test_it_is_content_with_what_was_captured(captured: Source, uploaded: Upload, capsys: Any) -> None:
    assert verify(capsys) == (0, {"verified": 2, "damaged": []})


def test_no_flipped_bit_escapes(captured: Source) -> None:
    """Every bit of every byte, but the few that only pad the end of a compressed block and mean nothing."""
    path = file_of(captured)
    key, whole = str(path.relative_to(storage().path(""))), path.read_bytes()
    unseen = []
    for place in range(len(whole)):
        for bit in range(8):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << bit
            path.write_bytes(flipped)
            try:
                check_stored(key)
            except CaptureDamaged:
                continue
            unseen.append(place)
            assert gzip.decompress(flipped) == gzip.decompress(whole)
    assert len(unseen) <= 14
    assert len(set(unseen)) <= 2


def test_a_file_cut_off_anywhere_is_found(captured: Source) -> None:
    path = file_of(captured)
    key, whole = str(path.relative_to(storage().path(""))), path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(CaptureDamaged):
            check_stored(key)


@pytest.mark.parametrize("more", [b"x", b"\0" * 512, b"\r\n"])
def test_a_file_with_something_after_its_end_is_found(captured: Source, capsys: Any, more: bytes) -> None:
    path = file_of(captured)
    path.write_bytes(path.read_bytes() + more)
    damaged(capsys, path)


def test_a_file_written_twice_over_is_found(captured: Source, capsys: Any) -> None:
    path = file_of(captured)
    path.write_bytes(path.read_bytes() * 2)
    assert "response and request and response and request" in damaged(capsys, path)


@pytest.mark.parametrize("what", ["captured", "uploaded"])
def test_a_missing_file_is_found(captured: Source, uploaded: Upload, capsys: Any, what: str) -> None:
    path = file_of(captured if what == "captured" else uploaded)
    path.unlink()
    assert "missing" in damaged(capsys, path)


@pytest.mark.parametrize("content", [b"", b"day,people\n1,301\n", b"day,people\n1,300", b"day,people\n1,300\n\n"])
def test_a_changed_upload_is_found(captured: Source, uploaded: Upload, capsys: Any, content: bytes) -> None:
    path = file_of(uploaded)
    path.write_bytes(content)
    damaged(capsys, path)


def test_swapped_files_are_both_found(captured: Source, web: Server, capsys: Any) -> None:
    web["/other"] = page("Forged words.")
    other = make_source(web, "/other")
    visit(other, START)
    one, two = file_of(captured), file_of(other)
    os.rename(one, f"{one}.away")
    os.rename(two, one)
    os.rename(f"{one}.away", two)
    status, result = verify(capsys)
    assert status == 1
    assert sorted(line.partition(":")[0].rpartition("/")[2] for line in result["damaged"]) == sorted(
        [one.name, two.name]
    )
    assert snapshot_key(captured) != snapshot_key(other)
    with pytest.raises(CaptureDamaged, match="no longer"):
        read_capture(snapshot_key(captured))


def snapshot_key(source: Source) -> str:
    assert source.current_snapshot is not None
    return source.current_snapshot.storage_key


@pytest.mark.parametrize(("field", "value"), [("size", 3), ("raw_sha256", "a" * 64)])
def test_a_row_that_says_something_else_than_its_file_is_found(
    captured: Source, capsys: Any, field: str, value: Any
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL claimtrack.allow_erasure = 'on'")
        Snapshot.objects.update(**{field: value})
        cursor.execute("SET LOCAL claimtrack.allow_erasure = 'off'")
    damaged(capsys, file_of(captured))


def test_a_body_that_many_versions_share_is_read_once(
    captured: Source, web: Server, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    web["/copy"] = page("Words worth keeping.")
    visit(make_source(web, "/copy"), START)
    assert Snapshot.objects.count() == 2
    opened: list[str] = []
    open_ = type(storage()).open

    def counted(self: Any, name: str, *mode: str) -> Any:
        opened.append(name)
        return open_(self, name, *mode)

    monkeypatch.setattr(type(storage()), "open", counted)
    assert verify(capsys)[1]["verified"] == 1
    assert len(opened) == 1


def test_a_sample_reads_that_many_files(captured: Source, uploaded: Upload, capsys: Any) -> None:
    assert verify(capsys, "--sample", "1")[1]["verified"] == 1
    assert verify(capsys, "--sample", "10")[1]["verified"] == 2


@pytest.mark.parametrize("number", ["0", "-1", "some"])
def test_a_sample_is_a_number_of_files(number: str) -> None:
    with pytest.raises(CommandError, match="such as 1000"):
        call_command("verify_snapshots", f"--sample={number}")


def test_what_was_erased_by_law_is_no_damage(captured: Source, capsys: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL claimtrack.allow_erasure = 'on'")
        Snapshot.objects.update(text="", storage_key="")
        cursor.execute("SET LOCAL claimtrack.allow_erasure = 'off'")
    assert verify(capsys) == (0, {"verified": 0, "damaged": []})


def test_a_damaged_file_is_told_with_its_page_and_claim(captured: Source, checker: User, capsys: Any) -> None:
    claim = make_claim(checker)
    make_evidence(claim, checker, url=captured.canonical_url)
    path = file_of(captured)
    path.unlink()
    assert damaged(capsys, path).endswith(f"missing ({captured.canonical_url}; claim {claim.public_id} “{claim}”)")


def test_a_damaged_upload_is_told_by_its_name(uploaded: Upload, capsys: Any) -> None:
    path = file_of(uploaded)
    path.unlink()
    assert damaged(capsys, path).endswith("(count.csv)")


def test_one_file_is_spoken_of_as_one(captured: Source, capsys: Any) -> None:
    call_command("verify_snapshots")
    assert "1 file is as it was captured, 0 damaged." in capsys.readouterr().out


def test_what_we_write_begins_as_it_is_checked(captured: Source) -> None:
    assert file_of(captured).read_bytes()[:10] == archive.MEMBER_HEADER
