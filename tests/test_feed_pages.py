"""Going through a list page by page, in both directions, while others publish."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from claims.models import VerdictDocument
from claims.services.documents import next_change
from feed.serving.filters import ORDERINGS, filtered
from feed.serving.paging import Place
from feed.views.lists import KeyedList, SourceList, TopicList
from tests.feed_rows import BEGIN, get, ids, newest, store_documents, walk

VERDICTS = "/api/v1/verdicts/"


def test_the_links_lead_through_everything_once_and_back(client: Client, db: None) -> None:
    stored = store_documents(7)
    pages = walk(client, get(client, VERDICTS, page_size=3))
    assert [ids(page) for page in pages] == [stored[:3:-1], stored[3:0:-1], stored[0:1]]
    back = walk(client, pages[-1], "previous")
    assert [ids(page) for page in back] == [ids(page) for page in reversed(pages)]
    assert (pages[0]["previous"], pages[-1]["next"], back[-1]["previous"]) == (None, None, None)


def test_a_page_that_is_exactly_full_has_no_next(client: Client, db: None) -> None:
    store_documents(3)
    assert get(client, VERDICTS, page_size=3)["next"] is None


@pytest.mark.parametrize("ordering", ["-published_at", "published_at", "-updated_at", "updated_at"])
def test_equal_times_neither_hide_nor_repeat_a_verdict(client: Client, db: None, ordering: str) -> None:
    stored = store_documents(7, published_at=BEGIN, updated_at=BEGIN)
    pages = walk(client, get(client, VERDICTS, page_size=2, ordering=ordering))
    assert sorted(id for page in pages for id in ids(page)) == sorted(stored)
    back = walk(client, pages[-1], "previous")
    assert [ids(page) for page in back] == [ids(page) for page in reversed(pages)]


def test_times_a_microsecond_apart_are_told_apart(client: Client, db: None) -> None:
    stored = [
        *store_documents(1, published_at=BEGIN),
        *store_documents(1, published_at=BEGIN + timedelta(microseconds=1)),
    ]
    pages = walk(client, get(client, VERDICTS, page_size=1))
    assert [ids(page) for page in pages] == [[stored[1]], [stored[0]]]


def test_equal_relevance_neither_hides_nor_repeats_a_verdict(client: Client, db: None) -> None:
    stored = [*store_documents(3, search_text="square square"), *store_documents(4, search_text="a square")]
    pages = walk(client, get(client, VERDICTS, q="square", ordering="relevance", page_size=2))
    assert [id for page in pages for id in ids(page)] == [*stored[2::-1], *stored[:2:-1]]
    back = walk(client, pages[-1], "previous")
    assert [ids(page) for page in back] == [ids(page) for page in reversed(pages)]


def test_what_is_published_meanwhile_moves_nobodys_place(client: Client, db: None) -> None:
    stored = store_documents(6)
    first = get(client, VERDICTS, page_size=3)
    newer = store_documents(2, begin=newest() + timedelta(hours=1))
    second = get(client, first["next"])
    assert ids(second) == stored[2::-1]
    back = walk(client, second, "previous")
    assert [id for page in reversed(back[1:]) for id in ids(page)] == [*newer[::-1], *stored[:2:-1]]


def test_what_leaves_the_list_meanwhile_hides_nothing_else(client: Client, db: None) -> None:
    stored = store_documents(6)
    first = get(client, VERDICTS, page_size=3)
    VerdictDocument.objects.filter(public_id=ids(first)[-1]).update(status="retracted")
    assert ids(get(client, first["next"])) == stored[2::-1]


def test_a_verdict_corrected_during_a_walk_by_change_is_met_again_not_missed(client: Client, db: None) -> None:
    stored = store_documents(4)
    query = {"ordering": "updated_at", "updated_since": "2026-01-01", "page_size": 2}
    first = get(client, VERDICTS, **query)
    VerdictDocument.objects.filter(public_id=stored[0]).update(updated_at=timezone.now(), status="retracted")
    rest = [id for page in walk(client, get(client, first["next"])) for id in ids(page)]
    assert rest == [*stored[2:], stored[0]]


def test_when_everything_before_it_is_gone_a_page_leads_on_from_the_beginning(client: Client, db: None) -> None:
    stored = store_documents(4)
    second = get(client, get(client, VERDICTS, page_size=2)["next"])
    VerdictDocument.objects.filter(public_id__in=stored[2:]).update(status="retracted", change=next_change())
    empty = get(client, second["previous"])
    assert (empty["results"], empty["previous"]) == ([], None)
    assert ids(get(client, empty["next"])) == stored[1::-1]


def test_links_are_absolute_and_keep_the_other_parameters(client: Client, db: None) -> None:
    store_documents(3, claimant_slug="иван")
    page = get(client, VERDICTS, claimant="иван", page_size=1)
    while page["next"]:
        assert page["next"].startswith("http://testserver/api/v1/verdicts/?")
        assert "claimant=%D0%B8%D0%B2%D0%B0%D0%BD&" in page["next"] and page["next"].endswith("&page_size=1")
        page = get(client, page["next"])
        assert len(page["results"]) == 1


def test_links_stay_on_the_sites_own_address_whatever_host_was_asked(client: Client, db: None, settings: Any) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://facts.example", ["*"]
    store_documents(2)
    page = client.get(VERDICTS, {"page_size": 1}, headers={"host": "evil.example"}).json()
    assert page["next"].startswith("https://facts.example/api/v1/verdicts/?")


def test_a_cursor_names_no_internal_key(client: Client, db: None) -> None:
    store_documents(2)
    page = get(client, VERDICTS, page_size=1)
    cursor = page["next"].split("cursor=")[1].split("&")[0]
    place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    assert place == ["-published_at", "next", "2026-01-01T00:01:00+00:00", ids(page)[0]]


def test_a_deep_place_is_found_in_the_index_and_not_by_reading_up_to_it(db: None) -> None:
    store_documents(300)
    keyset = ORDERINGS["-published_at"]
    place = [datetime(2026, 1, 1, 1, tzinfo=UTC), "x"]
    rows = filtered({}).filter(keyset.beyond(place, backward=False)).order_by(*keyset.ordering(backward=False))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = rows.values("body")[:50].explain()
    assert "claims_document_newest" in plan
    assert "Index Cond: (ROW(published_at, (public_id)::text) < ROW(" in plan
    assert "Sort" not in plan


def plan_of(rows: Any) -> str:
    """As if the tables were so large that nobody reads them through."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    return str(rows.explain())


@pytest.mark.parametrize("place", [None, [datetime(2026, 1, 1, 1, tzinfo=UTC), "x"]])
def test_no_other_index_is_taken_for_the_newest_whose_rows_would_have_to_be_sorted(db: None, place: Any) -> None:
    """Each verdict has a moment of its own here: an index of times alone leaves next to nothing to sort, and tempts."""
    store_documents(300)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_verdictdocument")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = plan_of(ORDERINGS["-published_at"].page_of(filtered({}).values("body"), Place(place), 50))
    assert "claims_document_newest" in plan and "Sort" not in plan


def test_verdicts_in_a_language_few_write_in_are_found_in_an_index(db: None) -> None:
    store_documents(300)
    with connection.cursor() as cursor:
        # That nobody writes in it is for the planner to see, whatever tests before this one left behind.
        cursor.execute("ANALYZE claims_verdictdocument")
    rows = filtered({"language": "kk"}).order_by(*ORDERINGS["-published_at"].ordering(backward=False))
    plan = plan_of(rows.values("body")[:50])
    assert "claims_document_by_language" in plan and "lower(split_part(" in plan.split("Index Cond")[1]


@pytest.mark.parametrize(("view", "index"), [(SourceList, "claims_document_by_source"), (TopicList, "claims_claim_")])
def test_whether_a_name_is_public_is_asked_of_an_index_and_not_of_every_verdict(
    db: None, view: type[KeyedList], index: str
) -> None:
    store_documents(300)
    plan = plan_of(view().rows().order_by(view.key).values(view.key)[:50])
    assert index in plan and "ProjectSet" not in plan


@pytest.mark.parametrize("path", ["claims", "ratings"])
def test_the_other_lists_are_walked_the_same_way(client: Client, db: None, path: str) -> None:
    store_documents(5)
    whole = get(client, f"/api/v1/{path}/")["results"]
    pages = walk(client, get(client, f"/api/v1/{path}/", page_size=2))
    assert [row for page in pages for row in page["results"]] == whole
    assert len(walk(client, pages[-1], "previous")) == len(pages)
