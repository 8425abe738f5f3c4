"""How a dump is streamed: in constant memory, holding nothing open, never looking whole when it is not."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from claims.models import VerdictDocument
from feed import dumps
from feed.views import dumps as views
from tests.feed_readers import dumped
from tests.feed_rows import store_documents
from tests.test_feeds_dumps import NAMES

pytestmark = pytest.mark.django_db


def test_a_head_request_streams_nothing(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(1):
        response = client.head("/feeds/claimreview.ndjson")
    assert (response.status_code, response["Content-Type"]) == (200, "application/x-ndjson")
    assert "Content-Length" not in response


@pytest.mark.parametrize("name", NAMES)
def test_a_cut_dump_does_not_look_whole(monkeypatch: pytest.MonkeyPatch, db: None, name: str) -> None:
    store_documents(3)
    VerdictDocument.objects.update(claimreview="{}")
    monkeypatch.setattr(dumps, "PIECE", 10)
    real = dumps._batches

    def dies(*args: Any) -> Iterator[Any]:
        yield next(real(*args))[:2]
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(dumps, "_batches", dies)
    pieces: list[str] = []
    with pytest.raises(OperationalError):
        for piece in dumps.write(name):
            pieces.append(piece)
    torn = "".join(pieces)
    if name.endswith("ndjson"):
        last = json.loads(torn.splitlines()[-1])
        assert (last["complete"], last["count"]) == (False, 2) and last["after"]
    elif name.endswith("csv"):
        with pytest.raises(csv.Error):
            list(csv.reader(io.StringIO(torn, newline=""), strict=True))
    else:
        with pytest.raises(ValueError, match="Expecting"):
            json.loads(torn)


def test_a_database_that_is_away_from_the_start_is_a_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*args: Any) -> Iterator[Any]:
        raise OperationalError("gone")

    monkeypatch.setattr(dumps, "_batches", dies)
    for _ in range(views.AT_ONCE + 1):
        assert client.get("/feeds/verdicts.ndjson").status_code == 503


def test_only_so_many_downloads_go_on_at_once_and_each_gives_its_place_back(client: Client) -> None:
    open_ones = [client.get("/feeds/verdicts.ndjson") for _ in range(views.AT_ONCE)]
    refused = client.get("/feeds/verdicts.csv")
    assert (refused.status_code, refused["Retry-After"]) == (503, "30")
    assert "downloads are going on" in refused.json()["detail"]
    for response in open_ones:
        b"".join(response.streaming_content)  # type: ignore[attr-defined]
    for _ in range(views.AT_ONCE + 1):
        dumped(client, "verdicts.csv")


def test_a_reader_who_leaves_early_gives_its_place_back_once() -> None:
    freed: list[str] = []
    stream = views.Stream(iter(["a", "b"]), lambda: freed.append("place"))
    assert next(iter(stream)) == b"a" and not freed
    stream.close()
    stream.close()
    assert freed == ["place"]


def test_the_end_gives_the_place_back_though_no_server_closes_the_stream() -> None:
    freed: list[str] = []
    assert list(views.Stream(iter(["a", "b"]), lambda: freed.append("place"))) == [b"a", b"b"]
    assert freed == ["place"]


@pytest.mark.django_db(transaction=True)
def test_a_slow_reader_holds_no_transaction_open(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    store_documents(3)
    monkeypatch.setattr(dumps, "BATCH", 1)
    monkeypatch.setattr(dumps, "PIECE", 1)
    response = client.get("/feeds/verdicts.ndjson")
    pieces = iter(response.streaming_content)  # type: ignore[attr-defined]
    next(pieces)
    states: list[str] = []
    pid = connection.connection.info.backend_pid

    def look() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", [pid])
            states.append(cursor.fetchone()[0])
        connection.close()

    watcher = threading.Thread(target=look)
    watcher.start()
    watcher.join()
    assert states == ["idle"]
    response.close()


def test_a_dump_has_the_size_of_a_batch_in_memory_and_a_statement_per_batch(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    store_documents(7)
    monkeypatch.setattr(dumps, "BATCH", 2)
    with django_assert_num_queries(1 + 5):
        assert len("".join(dumps.write("verdicts.ndjson")).splitlines()) == 8
