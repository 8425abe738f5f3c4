"""Validators, caches, browsers of other sites: an answer may be kept by anyone, and a correction is never hidden."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from django.utils.http import http_date

from claims import services
from claims.models import DocumentCounter, User, VerdictDocument, VerdictVersion
from claims.services.documents import next_change
from claims.serving.page_cache import page_cache
from feed.views import base
from feed.views.verdicts import VerdictList
from tests.feed_rows import store_documents
from tests.make import make_correction, make_published_verdict

VERDICTS = "/api/v1/verdicts/"
EVERYTHING = (
    *("verdicts", "events", "claims", "claimants", "topics", "ratings", "sources"),
    *("verdicts/{id}", "verdicts/{id}/versions/1", "claims/{id}"),
)


@pytest.fixture
def version(checker: User, editor: User) -> VerdictVersion:
    return make_published_verdict(checker, editor)


def again(client: Client, response: Any) -> Any:
    """Ask for the same with what a client keeps."""
    url = response.request["PATH_INFO"] + "?" + response.request["QUERY_STRING"]
    return client.get(url, headers={"if-none-match": response["ETag"]})


@pytest.mark.parametrize("path", EVERYTHING)
def test_an_unchanged_answer_is_not_sent_again(client: Client, version: VerdictVersion, path: str) -> None:
    first = client.get(f"/api/v1/{path.format(id=version.verdict.claim.public_id)}/")
    assert first.status_code == 200
    assert first["ETag"].startswith('"')
    assert "public" in first["Cache-Control"] and "s-maxage" in first["Cache-Control"]
    second = again(client, first)
    assert (second.status_code, second.content) == (304, b"")
    assert (second["ETag"], second["Cache-Control"]) == (first["ETag"], first["Cache-Control"])
    assert second["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("change", ["correct", "retract", "look_again"])
@pytest.mark.parametrize("path", ["verdicts/", "verdicts/?page_size=1", "verdicts/?rating=false", "events/", "claims/"])
def test_no_304_hides_a_change(
    client: Client, version: VerdictVersion, checker: User, editor: User, path: str, change: str
) -> None:
    claim = version.verdict.claim
    before = client.get(f"/api/v1/{path}")
    if change == "correct":
        make_correction(claim, checker, editor)
    elif change == "retract":
        services.retract_verdict(claim, by=editor, reason="We were wrong.")
    else:
        services.look_again(claim, by=checker, reason="A reader wrote to us.")
    after = again(client, before)
    assert after.status_code == 200
    assert after.content != before.content


def test_what_leaves_a_filtered_list_moves_its_etag_although_nothing_newer_entered(
    client: Client, version: VerdictVersion, editor: User
) -> None:
    before = client.get(VERDICTS, {"status": "published"})
    services.retract_verdict(version.verdict.claim, by=editor, reason="We were wrong.")
    assert again(client, before).status_code == 200


def test_a_rebuilt_document_moves_the_etag_although_no_event_was_written(client: Client, db: None) -> None:
    store_documents(1)
    before = client.get(VERDICTS)
    next_change()
    assert again(client, before).status_code == 200


def test_a_new_renderer_moves_every_etag(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before = client.get(VERDICTS)
    monkeypatch.setattr(base, "RENDERER_VERSION", "next")
    assert again(client, before).status_code == 200


@pytest.mark.parametrize("first", ["the change", "the rows"])
@pytest.mark.parametrize("query", ["", "?rating=nope", "?q=claim"])
def test_a_change_between_state_and_rows_is_never_hidden(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, query: str, first: str
) -> None:
    """New rows under an old ETag come once more when asked for again; old rows under a new one would never go away."""
    store_documents(1, rating_code="nope", search_text="claim")
    read = VerdictList.read

    def changed_meanwhile(self: VerdictList, asked: Any) -> Any:
        if first == "the rows":
            found = read(self, asked)
        store_documents(1, rating_code="nope", search_text="claim")
        return found if first == "the rows" else read(self, asked)

    monkeypatch.setattr(VerdictList, "read", changed_meanwhile)
    answer = client.get(VERDICTS + query)
    monkeypatch.undo()
    shown = len(answer.json()["results"])
    assert shown == VerdictDocument.objects.count() - (first == "the rows")
    assert again(client, answer).status_code == 200 or shown == VerdictDocument.objects.count()


def test_no_view_reads_its_state_after_its_rows(
    client: Client, version: VerdictVersion, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/feeds/verdicts.json"
    view = resolve(path).func.view_class  # type: ignore[attr-defined]
    body = view.body

    def changed_afterwards(self: Any, asked: Any, **kwargs: Any) -> Any:
        found = body(self, asked, **kwargs)
        services.look_again(version.verdict.claim, by=checker, reason="A reader wrote to us.")
        return found

    monkeypatch.setattr(view, "body", changed_afterwards)
    answer = client.get(path)
    monkeypatch.undo()
    assert again(client, answer).status_code == 200


def test_the_order_of_parameters_does_not_matter_and_their_values_do(client: Client, db: None) -> None:
    one, two, other = (
        client.get(f"{VERDICTS}?{query}")["ETag"]
        for query in ("rating=a&language=en", "language=en&rating=a", "language=en&rating=b")
    )
    assert one == two != other


def test_a_304_reads_no_row(client: Client, db: None, django_assert_num_queries: Any) -> None:
    first = client.get(VERDICTS)
    with django_assert_num_queries(1):
        again(client, first)


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("verdicts/", 1),
        ("verdicts/?page_size=2&rating=false&language=en&ordering=updated_at", 1),
        # An empty page, which no row tells the state of: the state, and the page again.
        ("verdicts/?topic=x", 3),
        ("claims/", 1),
        ("events/", 1),
        ("claimants/", 1),
        ("topics/", 1),
        ("ratings/", 1),
        ("sources/", 1),
    ],
)
def test_a_list_makes_the_same_few_queries_however_long_it_is(
    client: Client, checker: User, editor: User, django_assert_num_queries: Any, path: str, queries: int
) -> None:
    for _ in range(2):
        make_published_verdict(checker, editor)
        page_cache.clear()
        with django_assert_num_queries(queries):
            client.get(f"/api/v1/{path}")


def test_a_deep_page_makes_no_more_queries_than_the_first(
    client: Client, db: None, django_assert_num_queries: Any
) -> None:
    store_documents(5)
    link = client.get(VERDICTS, {"page_size": 2}).json()["next"]
    with django_assert_num_queries(1):
        client.get(link)


@pytest.mark.parametrize("path", [*EVERYTHING, "nothing"])
def test_nobody_is_followed(client: Client, version: VerdictVersion, path: str) -> None:
    response = client.get(f"/api/v1/{path.format(id=version.verdict.claim.public_id)}/")
    assert "Set-Cookie" not in response and not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_a_person_who_is_logged_in_gets_what_everyone_gets(
    client: Client, version: VerdictVersion, admin: User
) -> None:
    stranger = client.get(VERDICTS)
    client.force_login(admin)
    answer = client.get(VERDICTS)
    assert (answer.content, answer["ETag"]) == (stranger.content, stranger["ETag"])
    assert "Cookie" not in answer.get("Vary", "")


@pytest.fixture
def long_ago(version: VerdictVersion) -> datetime:
    """When the last change was: no change of the test's own shares its second."""
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    DocumentCounter.objects.update(changed_at=at)
    return at


@pytest.mark.parametrize("path", ["api/v1/verdicts/", "api/v1/events/", "api/v1/claims/", "feeds/verdicts.rss"])
def test_the_time_of_the_last_change_is_told_and_answered(client: Client, long_ago: datetime, path: str) -> None:
    told = client.get(f"/{path}")["Last-Modified"]
    assert parsedate_to_datetime(told) == long_ago
    answer = client.get(f"/{path}", headers={"if-modified-since": told})
    assert (answer.status_code, answer.content, answer["Last-Modified"]) == (304, b"", told)


def test_changes_of_one_moment_have_a_second_each(client: Client, long_ago: datetime) -> None:
    told = set()
    with transaction.atomic():
        for _ in range(3):
            next_change()
            told.add(DocumentCounter.objects.get().changed_at)
    assert len(told) == 3 and min(told) > long_ago


def test_a_second_that_is_yet_to_come_is_not_told(client: Client, version: VerdictVersion) -> None:
    DocumentCounter.objects.update(changed_at=timezone.now() + timedelta(seconds=5))
    assert "Last-Modified" not in client.get(VERDICTS)


def test_another_time_than_the_one_told_is_no_reason_for_304(client: Client, long_ago: datetime) -> None:
    for other in (long_ago - timedelta(seconds=1), long_ago + timedelta(days=1)):
        answer = client.get(VERDICTS, headers={"if-modified-since": http_date(other.timestamp())})
        assert answer.status_code == 200


def test_an_etag_that_moved_outweighs_the_time(client: Client, long_ago: datetime) -> None:
    told = client.get(VERDICTS)["Last-Modified"]
    headers = {"if-modified-since": told, "if-none-match": '"an older one"'}
    assert client.get(VERDICTS, headers=headers).status_code == 200


def test_one_verdict_tells_its_time_and_is_known_by_its_etag_alone(client: Client, version: VerdictVersion) -> None:
    """Its time is the verdict's: documents may be rendered anew without it moving."""
    url = f"/api/v1/verdicts/{version.verdict.claim.public_id}/"
    told = client.get(url)["Last-Modified"]
    assert client.get(url, headers={"if-modified-since": told}).status_code == 200


def test_head_is_get_without_a_body(client: Client, version: VerdictVersion) -> None:
    whole, head = client.get(VERDICTS), client.head(VERDICTS)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Cache-Control", "Content-Type", "Content-Length"):
        assert head[name] == whole[name]


def test_a_browser_on_another_site_may_ask(client: Client, db: None) -> None:
    preflight = client.options(
        VERDICTS, headers={"origin": "https://paper.example", "access-control-request-headers": "if-none-match"}
    )
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert preflight["Access-Control-Allow-Origin"] == "*"
    assert preflight["Access-Control-Allow-Methods"] == preflight["Allow"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in preflight["Access-Control-Allow-Headers"]
    assert "ETag" in client.get(VERDICTS)["Access-Control-Expose-Headers"]


def test_a_visit_shows_on_its_source_at_once(client: Client, version: VerdictVersion) -> None:
    source = version.evidence.get().source
    assert source is not None
    before = client.get(f"/api/v1/sources/{source.public_id}/")
    source.last_checked_at = timezone.now()
    source.save(update_fields=["last_checked_at"])
    after = again(client, before)
    assert after.status_code == 200
    assert after.json()["last_checked_at"] is not None


def test_the_page_for_people_loads_nothing_from_elsewhere(client: Client, db: None) -> None:
    page = client.get("/api/docs/", headers={"accept": "text/html"})
    assert page.status_code == 200
    text = page.content.decode()
    loaded = re.findall(r"<(?:script|img|link|iframe)[^>]*?(?:src|href)=[\"']?([^\"' >]+)", text)
    assert loaded and all(address.startswith("/static/") for address in loaded)
    assert "style=" not in text and not re.search(r"<script(?![^>]*\bsrc=)", text)
