"""What a stranger's file could do to an import, to the terminal and to the reviews of others."""

from __future__ import annotations

import json
import os
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from claims.models import ExternalReview, ImportRun
from claims.services.importing import begin_import, run_import
from claims.services.importing.sources import given_sources
from tests.import_items import SITE, item, lines, read, refused, run, taken
from tests.sources_support.server import Server, http


@pytest.mark.parametrize("half", ["\ud800", "https://facts.example/\udfff"])
def test_half_a_character_in_an_address_is_refused(half: str) -> None:
    assert "broken character" in refused(item(url=half)).reason
    assert taken(item(itemReviewed={"appearance": half})).appearances == ()


@pytest.mark.parametrize("depth", [100, 400, 900])
@pytest.mark.parametrize("wrapped", ['"schema:x":{0}1{1}', '"datePublished":{0}1{1}', '"@graph":{0}1{1}'])
def test_no_depth_of_any_field_raises(depth: int, wrapped: str) -> None:
    text = json.dumps(item())[:-1] + "," + wrapped.replace("{0}", "[" * depth).replace("{1}", "]" * depth) + "}"
    assert read(text)


@pytest.mark.parametrize("filler", [";", "/*", "-->", " ;"])
def test_a_tail_of_marks_costs_no_more_than_its_length(filler: str) -> None:
    began = time.process_time()
    read('{"a": ' + filler * 400_000)
    assert time.process_time() - began < 3


def test_what_is_told_steers_no_terminal() -> None:
    told = refused(b'[{"@type": "\\u001b[2J\\u202e\\ud800\\u0000Thing"}]')
    assert told.reason == "no ClaimReview here, only \ufffd[2J\ufffd\ufffd\ufffdThing"


def test_a_tombstone_without_a_day_deletes_nothing() -> None:
    gone = {"@type": "DataFeedItem", "dateDeleted": "0000-00-00", "item": [{"url": SITE}]}
    assert "no date" in refused(gone).reason


def test_an_address_is_kept_without_its_tracking() -> None:
    url = f"{SITE}/a?utm_source=x&id=1&fbclid=2#part"
    assert taken(item(url=url)).url == f"{SITE}/a?id=1#part"


def test_paragraphs_stay_paragraphs() -> None:
    assert taken(item(articleBody="<p>One &amp;\n one</p><p>Two<br>two</p>")).body == "One & one\n\nTwo two"
    assert taken(item(articleBody="One\n\n\nTwo\r\nThree")).body == "One\n\nTwo\n\nThree"


def test_a_folder_below_a_hidden_one_is_read(tmp_path: Path) -> None:
    folder = tmp_path / ".archive" / "past"
    folder.mkdir(parents=True)
    lines(folder / "a.ndjson", [item()])
    assert [given.path for given in given_sources([str(folder)])] == [folder / "a.ndjson"]


# With a database.


@pytest.mark.django_db
def test_what_is_told_is_stored_whatever_it_quotes(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9.ndjson")
    odd.write_text('{"@type": "\\u0000\\ud800"}\n{"a": \0\n' + json.dumps(item()))
    status, figures = run(str(odd))
    assert (status, figures["new"], figures["skipped"]) == (1, 1, 2)
    stored = ImportRun.objects.get()
    assert "caf\\xe9" in stored.source and "\ufffd" in stored.skipped_items[0]["reason"]


@pytest.mark.django_db
def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "past"
    folder.mkdir()
    lines(folder / "a.ndjson", [item()])
    (folder / "b.json").symlink_to(lines(tmp_path / "secret.ndjson", [item(2)]))
    status, figures = run(str(folder))
    assert status == 2 and "leads out" in figures["error"] and not ExternalReview.objects.exists()


def _tombstone(**fields: Any) -> dict[str, Any]:
    gone = {"@type": "DataFeedItem", "dateDeleted": "2021-01-01", "item": [{"url": f"{SITE}/checks/1/"}]}
    return gone | fields


@pytest.fixture
def stranger(settings: Any) -> Any:
    """Imports a feed of these items from an address of another site; returns the figures."""
    settings.RECHECK_HOST_DELAY = timedelta(0)
    server = Server()
    settings.CLAIMTRACK_FETCH_ALLOW = [f"127.0.0.1:{server.port}"]

    def feed(*items: Any) -> dict[str, Any]:
        server["/feed.json"] = http(200, json.dumps(list(items)), content_type="application/json")
        return run(f"{server.url}/feed.json")[1]

    yield feed
    server.close()


@pytest.mark.django_db
def test_a_strangers_feed_takes_nobody_elses_review_away(tmp_path: Path, stranger: Any) -> None:
    run(lines(tmp_path / "a.ndjson", [item()]))
    figures = stranger(_tombstone())
    assert figures["skipped"] == 1 and "neither published nor brought it" in figures["skipped_items"][0]["reason"]
    assert ExternalReview.objects.standing().count() == 1


@pytest.mark.django_db
def test_a_feed_takes_away_what_it_brought(stranger: Any) -> None:
    assert stranger(item())["new"] == 1
    assert stranger(_tombstone())["withdrawn"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("deleted", "ended"), [("2021-01-01", "repeated"), ("2023-01-01", "withdrawn"), ("2999-01-01", "skipped")]
)
def test_a_tombstone_counts_from_its_own_day_on(tmp_path: Path, deleted: str, ended: str) -> None:
    run(lines(tmp_path / "a.ndjson", [item(dateModified="2022-01-01")]))
    assert run(lines(tmp_path / "b.ndjson", [_tombstone(dateDeleted=deleted)]))[1][ended] == 1


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_at_once_store_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.services.importing.running.BATCH", 5)
    there = [item(number) for number in range(40)]
    worded = [item(number, claimReviewed=f"The bridge of village {number} fell down!") for number in range(40)]
    paths = [lines(tmp_path / "a.ndjson", there), lines(tmp_path / "b.ndjson", worded[::-1])]
    problems: list[Exception] = []

    def one(path: str) -> None:
        try:
            run_import(given_sources([path]), begin_import([path], own=False), told=lambda *_: None)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == [] and ExternalReview.objects.count() == 40
