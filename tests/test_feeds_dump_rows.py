"""Dumps of nothing, of odd rows, and from a place in the middle."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from claims.models import VerdictDocument
from claims.rendering.times import rfc3339
from feed.formats.verdict_table import COLUMNS
from tests.feed_readers import LINES, dumped, lines
from tests.feed_rows import BEGIN, store_documents

pytestmark = pytest.mark.django_db


def test_a_standing_verdict_without_markup_is_not_called_deleted(client: Client) -> None:
    (public_id,) = store_documents(1)
    stub = {"id": public_id, "url": "https://x.example/", "status": "published"}
    times = {"published_at": rfc3339(BEGIN), "updated_at": rfc3339(BEGIN)}
    VerdictDocument.objects.update(body=json.dumps(stub | times))
    (item,), _ = lines(client)
    assert "dateDeleted" not in item and "creativeWorkStatus" not in item["item"][0]


@pytest.mark.parametrize("microsecond", [0, 999, 1000, 123_456, 999_999])
def test_times_are_spelled_as_everywhere_else(client: Client, microsecond: int) -> None:
    at = BEGIN.replace(microsecond=microsecond)
    store_documents(1, claimreview="{}", published_at=at, updated_at=at)
    (item,), _ = lines(client)
    assert item["dateCreated"] == item["dateModified"] == rfc3339(at)


@pytest.mark.parametrize("name", LINES)
def test_an_empty_corpus_is_complete(client: Client, name: str) -> None:
    rows, last = lines(client, name)
    assert (rows, last["complete"], last["count"], last["after"]) == ([], True, 0, "")


def test_empty_dumps_of_the_other_formats_are_whole_too(client: Client) -> None:
    assert json.loads(dumped(client, "claimreview.jsonld"))["dataFeedElement"] == []
    assert dumped(client, "verdicts.csv") == ",".join(COLUMNS) + "\r\n"


def test_a_broken_download_goes_on_behind_the_last_verdict(client: Client) -> None:
    ids = store_documents(5)
    rest, last = lines(client, "verdicts.ndjson", after=ids[1])
    assert [row["id"] for row in rest] == ids[2:] and last["count"] == 3
    rest, last = lines(client, "verdicts.ndjson", after=ids[-1])
    assert (rest, last["after"], last["complete"]) == ([], ids[-1], True)


@pytest.mark.parametrize("after", ["nobody", "x" * 17, "", "\x00"])
def test_an_unknown_place_is_refused(client: Client, after: str) -> None:
    response = client.get("/feeds/verdicts.ndjson", {"after": after})
    assert response.status_code == (404 if after == "nobody" else 400)
    assert "the last verdict you have" in response.json()["errors"]["after"][0]
