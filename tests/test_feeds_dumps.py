"""The whole corpus in one answer: DataFeed, lines, table."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from claims import services
from claims.models import User, VerdictDocument
from claims.rendering.times import rfc3339
from feed import dumps
from tests.feed_readers import LINES, dumped, lines
from tests.feed_rows import get, withhold
from tests.held import held
from tests.make import make_correction, make_published_verdict

pytestmark = pytest.mark.django_db
NAMES = tuple(dumps.DUMPS)


@pytest.fixture
def corpus() -> list[VerdictDocument]:
    """In the order of the dumps."""
    return list(VerdictDocument.objects.order_by("pk"))


@held
def three(checker: User, editor: User) -> None:
    """A verdict that stands corrected, one retracted, one withheld."""
    stands, retracted, withheld = (
        make_published_verdict(checker, editor, text=name).verdict.claim for name in ("Stands", "Retracted", "Withheld")
    )
    make_correction(stands, checker, editor)
    services.retract_verdict(retracted, by=editor, reason="It was another bridge.")
    withhold(VerdictDocument.objects.get(claim=withheld))


def test_the_data_feed_is_what_importers_out_there_read(client: Client, corpus: list[VerdictDocument]) -> None:
    feed = json.loads(dumped(client, "claimreview.jsonld"))
    assert (feed["@context"], feed["@type"]) == ("https://schema.org", "DataFeed")
    assert [item["@type"] for item in feed["dataFeedElement"]] == ["DataFeedItem"] * 3
    for item in feed["dataFeedElement"]:
        first = item["item"][0]
        assert first["url"].startswith("http://testserver/claims/")
        assert (first.get("datePublished") or item["dateCreated"]).endswith("Z")
    head = client.get("/api/v1/events/").json()["head"]
    assert feed["version"] == f"{head['sequence']}:{head['hash']}"


def test_markup_goes_out_byte_for_byte_with_its_licence(
    client: Client, corpus: list[VerdictDocument], settings: Settings
) -> None:
    for name in ("claimreview.jsonld", "claimreview.ndjson"):
        assert f'"item":[{corpus[0].claimreview}]}}' in dumped(client, name)
    assert json.loads(corpus[0].claimreview)["sdLicense"] == settings.FEED_LICENSE


@pytest.mark.parametrize(("place", "word"), [(1, "Retracted"), (2, "Withheld")])
def test_what_was_taken_back_is_a_tombstone_that_nobody_can_publish(
    client: Client, corpus: list[VerdictDocument], place: int, word: str
) -> None:
    item = lines(client)[0][place]
    assert item["dateDeleted"] and item["dateCreated"] == rfc3339(corpus[place].published_at)
    (stub,) = item["item"]
    url = json.loads(corpus[place].body)["url"]
    assert (stub["@type"], stub["@id"], stub["creativeWorkStatus"]) == ("CreativeWork", f"{url}#claimreview", word)
    assert not {"claimReviewed", "reviewRating", "itemReviewed", "author"} & set(stub)


def test_the_day_of_a_retraction_does_not_move_with_later_changes(
    client: Client, corpus: list[VerdictDocument]
) -> None:
    before = lines(client)[0][1]["dateDeleted"]
    later = corpus[1].updated_at + timedelta(days=9)
    document = json.loads(corpus[1].body) | {"updated_at": rfc3339(later)}
    VerdictDocument.objects.filter(pk=corpus[1].pk).update(updated_at=later, body=json.dumps(document))
    item = lines(client)[0][1]
    assert (item["dateDeleted"], item["dateModified"]) == (before, rfc3339(later))


def test_verdicts_are_those_of_the_api_byte_for_byte(client: Client, corpus: list[VerdictDocument]) -> None:
    got = dumped(client, "verdicts.ndjson").splitlines()[:-1]
    assert got == [client.get(f"/api/v1/verdicts/{row.public_id}/").content.decode() for row in corpus]


@pytest.mark.parametrize("name", LINES)
def test_the_last_line_says_that_it_is_complete_and_of_which_state(
    client: Client, corpus: list[VerdictDocument], name: str
) -> None:
    rows, last = lines(client, name)
    head = client.get("/api/v1/events/").json()["head"]
    assert last == {"complete": True, "count": 3, "after": corpus[-1].public_id, "head": head}
    assert not any("complete" in row for row in rows)


@pytest.mark.parametrize("name", NAMES)
def test_every_verdict_is_in_it_once_however_many_batches_there_are(
    client: Client, monkeypatch: pytest.MonkeyPatch, corpus: list[VerdictDocument], name: str
) -> None:
    whole = dumped(client, name)
    monkeypatch.setattr(dumps, "BATCH", 1)
    monkeypatch.setattr(dumps, "PIECE", 100)
    pieces = list(client.get(f"/feeds/{name}").streaming_content)  # type: ignore[attr-defined]
    assert len(pieces) >= 4 and b"".join(pieces).decode() == whole


def test_an_increment_holds_what_changed_since_taken_back_or_not(client: Client, corpus: list[VerdictDocument]) -> None:
    since = corpus[1].updated_at.isoformat()
    rows, _ = lines(client, updated_since=since)
    assert [bool(row.get("dateDeleted")) for row in rows] == [row.status != "published" for row in corpus
                                                              if row.updated_at >= corpus[1].updated_at]  # fmt: skip
    assert client.get("/feeds/verdicts.csv", {"updated_since": "x", "utm": "x"}).status_code == 400


def test_the_table_has_a_line_per_verdict(client: Client, corpus: list[VerdictDocument]) -> None:
    rows = list(csv.DictReader(io.StringIO(dumped(client, "verdicts.csv"), newline=""), strict=True))
    assert [row["id"] for row in rows] == [row.public_id for row in corpus]
    assert [row["status"] for row in rows] == ["published", "retracted", "withheld"]
    stands, withheld = rows[0], rows[2]
    assert (stands["claim"], stands["rating"], stands["rating_value"], stands["corrections"]) == (
        "Stands",
        "false",
        "1",
        "1",
    )
    assert stands["last_correction_reason"] and stands["sources"].startswith("https://news.example/")
    assert {name for name, value in withheld.items() if value} == {
        "id", "url", "status", "version", "published_at", "updated_at", "corrections"}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_an_unchanged_corpus_is_304_and_a_changed_one_is_not(
    client: Client, corpus: list[VerdictDocument], editor: User, name: str
) -> None:
    first = client.get(f"/feeds/{name}")
    b"".join(first.streaming_content)  # type: ignore[attr-defined]
    assert first["ETag"].startswith('W/"') and "no-cache" in first["Cache-Control"]
    headers = {"If-None-Match": first["ETag"]}
    assert client.get(f"/feeds/{name}", headers=headers).status_code == 304
    services.retract_verdict(corpus[0].claim, by=editor, reason="x")
    again = client.get(f"/feeds/{name}", headers=headers)
    assert again.status_code == 200 and b"".join(again.streaming_content)  # type: ignore[attr-defined]


def test_the_command_writes_what_the_address_serves(
    client: Client, corpus: list[VerdictDocument], tmp_path: Any
) -> None:
    for form, name in (("jsonld", "claimreview.jsonld"), ("ndjson", "claimreview.ndjson"), ("csv", "verdicts.csv")):
        output = tmp_path / name
        call_command("export_claimreview", "--format", form, "--output", str(output))
        assert output.read_bytes().decode() == dumped(client, name)
    assert get(client, "/api/v1/verdicts/")["results"]
