"""A reader's program that is given a page finds the feed of what is on it."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import html

from claims.models import User
from tests.make import make_claimant, make_published_verdict, make_topic

pytestmark = pytest.mark.django_db
TYPES = ["application/rss+xml", "application/atom+xml", "application/feed+json"]


def feeds(client: Client, path: str) -> dict[str, str]:
    """Address by media type, from the page's head."""
    response = client.get(path)
    assert response.status_code == 200
    links = html.fromstring(response.content).findall("head/link")
    return {link.get("type"): link.get("href") for link in links if link.get("type") in TYPES}


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/", ""),
        ("/ru/", ""),
        ("/claims/", ""),
        ("/claims/?rating=false&q=river+rose&utm_source=x&after=nobody", "?q=river+rose&rating=false"),
        ("/kk/claims/?language=kk&status=retracted", "?language=kk&status=retracted"),
        ("/claimants/әсел/", "?claimant=%D3%99%D1%81%D0%B5%D0%BB"),
        ("/topics/water/", "?topic=water"),
    ],
)
def test_a_page_links_the_feeds_of_its_own_verdicts(
    client: Client, checker: User, editor: User, path: str, query: str
) -> None:
    make_published_verdict(checker, editor, claimant=make_claimant("Әсел"), topics=[make_topic("Water")])
    found = feeds(client, path)
    assert list(found) == TYPES
    for media_type, url in found.items():
        assert url.endswith(query) and url.startswith("http://testserver/feeds/verdicts.")
        response = client.get(url)
        assert (response.status_code, response["Content-Type"].partition(";")[0]) == (200, media_type)


@pytest.mark.parametrize("query", ["q=1+2+3+4+5+6+7+8+9", "language=english+please", "status=nonsense"])
def test_a_page_links_no_feed_that_would_refuse(client: Client, query: str) -> None:
    assert feeds(client, f"/claims/?{query}") == {}


def test_a_page_of_one_verdict_links_no_list(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    claim.refresh_from_db()
    assert feeds(client, f"/claims/{claim.public_id}/{claim.slug}/") == {}
