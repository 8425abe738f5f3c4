"""Google's own Python client against our server, changed in nothing but its endpoint."""

from __future__ import annotations

from typing import Any

import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from tests.google_rows import make_external

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def claims(live_server: Any) -> Any:
    service = build(
        "factchecktools",
        "v1alpha1",
        developerKey="AIza-not-ours",
        static_discovery=True,
        client_options={"api_endpoint": f"{live_server.url}/"},
    )
    with service:
        yield service.claims()


def test_it_searches_and_turns_pages(claims: Any) -> None:
    for number in range(23):
        make_external(f"Thousands of protesters, claim {number}", language="en-GB")
    make_external("Тысячи", language="ru")
    request = claims.search(query="thousands of protesters", languageCode="en-US", maxAgeDays=0)
    found = []
    while request is not None:
        answer = request.execute()
        found.append([claim["text"] for claim in answer.get("claims", [])])
        request = claims.search_next(request, answer)
    assert [len(page) for page in found] == [10, 10, 3]
    assert len({text for page in found for text in page}) == 23


def test_it_finds_by_publisher_alone_and_pages_by_offset_until_nothing_is_left(claims: Any) -> None:
    for number in range(5):
        make_external(f"Claim {number}", site="facts.example")
    make_external("Another", site="other.example")
    found, offset = [], 0
    while answer := claims.search(reviewPublisherSiteFilter="facts.example", pageSize=3, offset=offset).execute():
        found += [claim["claimReview"][0]["publisher"]["site"] for claim in answer["claims"]]
        offset += 3
    assert found == ["facts.example"] * 5


def test_a_query_too_long_for_an_address_arrives(claims: Any) -> None:
    text = " ".join(f"слово{number}" for number in range(300))
    make_external(text)
    make_external("слово1 and no more")
    request = claims.search(query=text)
    assert len(request.uri) > 2048  # the client then sends POST with x-http-method-override
    assert [claim["text"] for claim in request.execute()["claims"]] == [text]


def test_what_is_wrong_is_in_the_error_a_programmer_sees(claims: Any) -> None:
    with pytest.raises(HttpError) as refusal:
        claims.search().execute()
    assert refusal.value.status_code == 400
    assert "Request contains an invalid argument. query: Required unless" in str(refusal.value)
    assert refusal.value.error_details[0]["fieldViolations"][0]["field"] == "query"


def test_what_we_do_not_have_says_so(claims: Any) -> None:
    with pytest.raises(HttpError) as refusal:
        claims.imageSearch(imageUri="https://news.example/a.png").execute()
    assert refusal.value.status_code == 501 and "Images are not searched here" in str(refusal.value)
