"""What `/v1alpha1/claims:search` finds, in which order and shape."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from claims import services
from claims.models import User, VerdictDocument
from claims.services.linking import link_review
from feed.google import finding, tokens
from tests.google_rows import SEARCH, make_external, search, texts
from tests.make import make_claimant, make_published_verdict

pytestmark = pytest.mark.django_db


def test_a_verdict_of_ours_has_googles_shape_and_nothing_else(
    client: Client, checker: User, editor: User, settings: Settings
) -> None:
    settings.PUBLISHER_NAME, settings.SITE_URL = "Our Desk", "https://www.desk.example"
    version = make_published_verdict(
        checker, editor, text="Thousands came", claimant=make_claimant("The Mayor"), made_on=date(2019, 6, 9)
    )
    at = version.verdict.published_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    document = VerdictDocument.objects.get()
    assert search(client, query="thousand") == {
        "claims": [
            {
                "text": "Thousands came",
                "claimant": "The Mayor",
                "claimDate": "2019-06-09T00:00:00Z",
                "claimReview": [
                    {
                        "publisher": {"name": "Our Desk", "site": "desk.example"},
                        "url": f"https://www.desk.example/claims/{document.public_id}/thousands-came/",
                        "title": document.headline,
                        "reviewDate": at,
                        "textualRating": "False",
                        "languageCode": "en",
                    }
                ],
            }
        ]
    }


def test_what_is_unknown_is_left_out(client: Client) -> None:
    row = make_external("They came", site="www2.facts.example")
    assert search(client, query="came") == {
        "claims": [
            {
                "text": "They came",
                "claimReview": [
                    {
                        "publisher": {"name": "Facts", "site": "www2.facts.example"},
                        "url": row.url,
                        "textualRating": "Mostly wrong",
                    }
                ],
            }
        ]
    }


@pytest.mark.parametrize("query", ["nothing of the kind", "!!!", "nothing", "te:*|st"])
def test_nothing_found_is_an_empty_object(client: Client, query: str) -> None:
    make_external("Others")
    assert search(client, query=query) == {}


def test_a_linked_review_stands_under_our_claim_ours_first(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor, text="The bridge was closed").verdict.claim
    theirs = make_external("A viaduct is shut", published_at=timezone.now() + timedelta(days=1))
    link_review(theirs, claim, by=checker)
    for query in ("bridge", "viaduct"):
        [found] = search(client, query=query)["claims"]
        assert found["text"] == "The bridge was closed"
        assert [each["publisher"]["site"] for each in found["claimReview"]] == ["testserver", "facts.example"]
    [found] = search(client, query="viaduct", reviewPublisherSiteFilter="facts.example")["claims"]
    assert [each["url"] for each in found["claimReview"]] == [theirs.url]


def test_a_review_linked_to_a_retracted_claim_stands_alone(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor, text="The bridge was closed").verdict.claim
    link_review(make_external("A viaduct is shut"), claim, by=checker)
    services.retract_verdict(claim, by=editor, reason="We were wrong.")
    assert texts(search(client, query="viaduct")) == ["A viaduct is shut"]
    assert search(client, query="bridge") == {}


def test_a_copied_text_is_found_by_its_own_words(client: Client) -> None:
    text = "On Saturday thousands of protesters filled the old square of the town"
    make_external(text)
    assert texts(search(client, query=text.upper())) == [text]
    assert search(client, query=text.replace("protesters", "protest")) == {}
    assert texts(search(client, query="thousand protest")) == [text]


def test_a_verdict_of_ours_is_found_by_a_copied_text_in_other_words(
    client: Client, checker: User, editor: User
) -> None:
    make_published_verdict(checker, editor, text="Thousands of protesters filled the old square")
    asked = "Look what they hide: a thousand protesters on Saturday were filling our old squares"
    assert texts(search(client, query=asked)) == ["Thousands of protesters filled the old square"]


def test_what_its_publisher_took_back_is_not_found(client: Client) -> None:
    make_external("They came", withdrawn_at=timezone.now())
    assert search(client, query="came") == {}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"query": "came", "languageCode": "en-US"}, {"English", "British"}),
        ({"query": "came", "languageCode": "en"}, {"English", "British"}),
        ({"query": "came", "languageCode": "kk-Cyrl-KZ"}, {"Kazakh"}),
        ({"query": "came", "languageCode": "tlh"}, set()),
        ({"query": "came", "reviewPublisherSiteFilter": "other.example"}, {"Other"}),
        ({"query": "came", "reviewPublisherSiteFilter": "https://www.Other.example/checks/"}, {"Other"}),
        ({"reviewPublisherSiteFilter": "other.example"}, {"Other"}),
        ({"reviewPublisherSiteFilter": "other.example", "query": "", "languageCode": "", "pageToken": ""}, {"Other"}),
        ({"reviewPublisherSiteFilter": "nobody.example"}, set()),
        ({"review_publisher_site_filter": "other.example", "language_code": "en", "page_size": "3"}, set()),
    ],
)
def test_filters_narrow(client: Client, asked: dict[str, str], found: set[str]) -> None:
    make_external("English came", language="en")
    make_external("British came", language="en-GB")
    make_external("Kazakh came", language="kk")
    make_external("Other came", site="other.example", language="ru")
    assert {text.removesuffix(" came") for text in texts(search(client, **asked))} == found


def test_our_own_site_finds_ours_alone(client: Client, checker: User, editor: User) -> None:
    make_published_verdict(checker, editor, text="Ours came")
    make_external("Others came")
    assert texts(search(client, reviewPublisherSiteFilter="testserver")) == ["Ours came"]


def test_age_goes_by_the_claim_or_the_review_whichever_is_newer(client: Client, checker: User, editor: User) -> None:
    now = timezone.now()
    old, new = now - timedelta(days=40), now - timedelta(days=20)
    make_external("New review came", published_at=new, made_on=old.date())
    make_external("New claim came", published_at=old, made_on=new.date())
    make_external("Old came", published_at=old, made_on=old.date())
    make_external("Undated came")
    make_published_verdict(checker, editor, text="Old verdict came")
    VerdictDocument.objects.update(published_at=old)
    make_published_verdict(checker, editor, text="Old verdict on a new claim came", made_on=new.date())
    VerdictDocument.objects.filter(search_text__startswith="old").update(published_at=old)
    found = {"New review came", "New claim came", "Old verdict on a new claim came"}
    assert set(texts(search(client, query="came", maxAgeDays=30))) == found
    assert len(texts(search(client, query="came", maxAgeDays=0))) == 6
    assert len(texts(search(client, query="came", maxAgeDays=2**31 - 1))) == 5


def test_the_best_match_comes_first_and_without_words_the_newest(client: Client) -> None:
    often, once = "a protest, and what a protest", "a protest among many other words of no interest"
    for day, text in enumerate(["protest", once, often], 1):
        make_external(text, published_at=datetime(2026, 1, day, tzinfo=UTC))
    make_external("undated", headline="protest")
    assert texts(search(client, query="protest")) == ["protest", "undated", often, once]
    newest = texts(search(client, reviewPublisherSiteFilter="facts.example"))
    assert newest == [often, once, "protest", "undated"]


@pytest.mark.parametrize("window", [2, 2000])
def test_every_claim_is_on_one_page(client: Client, monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    monkeypatch.setattr("claims.searching.WINDOW", window)
    made = [make_external(f"Claim {n}", published_at=timezone.now() - timedelta(days=n)).claim_text for n in range(25)]
    for asked in ({"query": "claim"}, {"reviewPublisherSiteFilter": "facts.example"}):
        first = search(client, **asked)
        assert first["nextPageToken"].startswith("CAo")
        second = search(client, **asked, pageToken=first["nextPageToken"])
        third = search(client, **asked, pageToken=second["nextPageToken"], offset=1)
        assert sum(map(texts, (first, second, third)), []) == made
        assert "nextPageToken" not in third
        assert texts(search(client, **asked, offset=20)) == made[20:]
        assert texts(search(client, **asked, pageToken="CAo")) == texts(second)
        assert search(client, **asked, offset=25) == {}


def test_far_beyond_the_end_is_empty_and_costs_no_search(client: Client, django_assert_num_queries: Any) -> None:
    make_external("They came")
    with django_assert_num_queries(1):  # the state, for the ETag
        assert search(client, query="came", offset=2**31 - 1) == {}


def test_only_the_newest_matches_are_ordered(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "CANDIDATES", 2)
    for day in (1, 2, 3):
        make_external(f"Came on day {day}", published_at=datetime(2026, 1, day, tzinfo=UTC))
    make_external("Came undated")
    assert set(texts(search(client, query="came"))) == {"Came on day 3", "Came on day 2"}


@pytest.mark.parametrize(("size", "given"), [(3, 3), (0, 10), (100, 100), (1000, 100)])
def test_pages_have_the_size_asked_for_up_to_a_hundred(client: Client, size: int, given: int) -> None:
    for number in range(101):
        make_external(f"Claim {number}")
    assert len(search(client, query="claim", pageSize=size)["claims"]) == given


def test_a_token_is_good_for_its_own_search_only(client: Client) -> None:
    for number in range(3):
        make_external(f"Claim {number}", language="en")
    token = search(client, query="claim", pageSize=1, languageCode="en-US")["nextPageToken"]
    assert len(search(client, query="claim", pageSize=1, languageCode="en-GB", pageToken=token)["claims"]) == 1
    for changed in ({"query": "other"}, {"pageSize": 2}, {"languageCode": "kk"}, {"maxAgeDays": 3}):
        asked = {"query": "claim", "pageSize": 1, "languageCode": "en", "pageToken": token} | changed
        error = client.get(SEARCH, asked).json()["error"]
        assert error["status"] == "INVALID_ARGUMENT" and "another search" in error["message"]


def test_tokens_are_googles() -> None:
    assert tokens.read_token("CAo", "") == 10
    assert tokens.read_token("CKwC", "") == 300
    for offset in (0, 1, 127, 128, 2000, 2**31 - 1):
        assert tokens.read_token(tokens.write_token(offset, "words"), "words") == offset


def test_a_page_costs_the_same_few_queries_however_long_it_is(
    client: Client, checker: User, editor: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        claim = make_published_verdict(checker, editor, text=f"Claim {number}").verdict.claim
        link_review(make_external(f"Claim {number} as others have it"), claim, by=checker)
    with django_assert_max_num_queries(30):
        assert len(search(client, query="claim", pageSize=12)["claims"]) == 12
