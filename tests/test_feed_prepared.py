"""Prepared statements: the same rows, also behind poolers and after PostgreSQL came back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feed.serving import prepared
from tests.feed_rows import get, ids, store_documents

VERDICTS = "/api/v1/verdicts/"


@pytest.fixture(autouse=True)
def still_on() -> Iterator[None]:
    yield
    prepared._off.clear()


def rows(sql: str, fixed: tuple[object, ...] = (), values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        prepared.run(cursor, sql, fixed, values)
        found: list[tuple[object, ...]] = cursor.fetchall()
    return found


def deallocate() -> None:
    """The connection is another one all of a sudden, as behind a pooler."""
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")


def test_what_is_fixed_and_what_differs_each_reach_their_place(db: None) -> None:
    sql = "SELECT %s || '100 %%' || %s::text || %s::text"
    assert rows(sql, ("a",), (1, "'; --")) == rows(sql, ("a",), (1, "'; --")) == [("a100 %1'; --",)]
    assert rows(sql, ("b",), (2, "x")) == [("b100 %2x",)]


def test_a_statement_is_prepared_once(db: None) -> None:
    # As on a new connection: tests before this one may have prepared as many as it holds.
    deallocate()
    prepared._known.clear()
    rows("SELECT 41 + %s", values=(1,))
    with CaptureQueriesContext(connection) as queries:
        assert rows("SELECT 41 + %s", values=(2,)) == [(43,)]
    assert [query["sql"].split()[0] for query in queries] == ["EXECUTE"]


@pytest.mark.django_db(transaction=True)
def test_behind_a_pooler_statements_are_sent_whole_and_nobody_notices(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    stored = store_documents(5)
    for _ in range(2):
        first = get(client, VERDICTS, page_size=2)
        deallocate()
    second = get(client, first["next"])
    assert (ids(first), ids(second)) == (stored[:2:-1], stored[2:0:-1])
    assert prepared._off and len(caplog.records) == 1


@pytest.mark.django_db(transaction=True)
def test_an_error_of_another_kind_is_not_hidden() -> None:
    with pytest.raises(Exception, match="division by zero"):
        rows("SELECT 1 / %s", values=(0,))
    assert not prepared._off


def test_a_connection_keeps_so_many_and_sends_others_whole(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST", 0)
    with CaptureQueriesContext(connection) as queries:
        assert rows("SELECT 7 + %s", values=(1,)) == [(8,)]
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_prepares_anew() -> None:
    rows("SELECT 5")
    connection.close()
    assert rows("SELECT 5") == [(5,)] and not prepared._off
