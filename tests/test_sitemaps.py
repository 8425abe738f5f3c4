"""What search engines are told there is."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from claims import services
from claims.models import Claim, User, VerdictDocument
from pages import sitemaps
from pages.links import PREFIXED
from pages.views.sitemaps import STANDING_PAGES
from tests.feed_rows import store_documents
from tests.make import make_withheld
from tests.pages_rows import path_of, published
from tests.test_share_image import translated

pytestmark = pytest.mark.django_db
HOST = "http://testserver"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def locations(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200 and response["Content-Type"].startswith("application/xml")
    return [found.text or "" for found in ElementTree.fromstring(response.content).iter(f"{SITEMAP}loc")]


def listed(client: Client) -> list[str]:
    """Every address, as a robot finds them: from robots.txt through the index."""
    robots = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {HOST}/sitemap.xml" in robots
    return [
        address
        for part in locations(client, "/sitemap.xml")
        if "/news" not in part
        for address in locations(client, part.removeprefix(HOST))
    ]


def test_a_robot_finds_every_verdict_translation_and_standing_page(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    translated(claim)
    found = listed(client)
    assert HOST + path_of(claim) in found and f"{HOST}/ru{path_of(claim)}" in found
    assert len(found) == len(set(found)) == 2 + len(STANDING_PAGES) * (1 + len(PREFIXED))


def test_retracted_verdicts_stay_and_withheld_ones_and_demonstrations_go(
    client: Client, checker: User, editor: User
) -> None:
    retracted, withheld, demo = (published(checker, editor, f"Claim {number}") for number in range(3))
    paths = [HOST + path_of(claim) for claim in (retracted, withheld, demo)]
    services.retract_verdict(retracted, by=editor, reason="We were wrong.")
    make_withheld(withheld)
    VerdictDocument.objects.filter(claim=demo).update(is_demo=True)
    assert [path in listed(client) for path in paths] == [True, False, False]


def test_the_index_names_parts_that_have_something_with_their_last_change(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(sitemaps, "PART", 2)
    monkeypatch.setattr(sitemaps, "LATELY", 3)
    store_documents(7)
    first = Claim.objects.order_by("pk").values_list("pk", flat=True)[0]
    VerdictDocument.objects.filter(claim_id__in=range(first, first + 4)).update(status="withheld")
    with django_assert_num_queries(2):
        parts = sitemaps.parts()
    left = VerdictDocument.objects.exclude(status="withheld")
    assert set(parts) == {row.claim_id // 2 for row in left}
    newest = left.order_by("-updated_at")[0]
    assert parts[newest.claim_id // 2] == newest.updated_at


def test_a_part_takes_two_queries_and_one_without_verdicts_is_not_there(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    store_documents(5)
    part = Claim.objects.order_by("-pk").values_list("pk", flat=True)[0] // sitemaps.PART
    with django_assert_num_queries(2):
        assert len(list(sitemaps.addresses(part))) == 5
    for missing in ("999999999", "01", "x", "99999999999999999999"):
        assert client.get(f"/sitemaps/claims-{missing}.xml").status_code == 404


def test_the_news_are_what_two_days_published_newest_first_and_a_thousand_at_most(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.SITE_NAME = "Checks & <facts>"
    monkeypatch.setattr(sitemaps, "MOST_NEWS", 3)
    now = timezone.now()
    store_documents(2, begin=now - timedelta(hours=49))
    fresh = store_documents(4, begin=now - timedelta(hours=47), headline="Is <it> & so\x0b?", language="en-GB")
    store_documents(1, begin=now - timedelta(hours=1), status="retracted")
    store_documents(1, begin=now - timedelta(hours=1), is_demo=True)
    response = client.get("/sitemaps/news.xml")
    entries = list(ElementTree.fromstring(response.content))
    assert [entry.findtext(f"{SITEMAP}loc") for entry in entries] == [
        f"{HOST}/claims/{public_id}/claim/" for public_id in fresh[:0:-1]
    ]
    said = entries[0].find(f"{NEWS}news")
    assert said is not None and said.findtext(f"{NEWS}title") == "Is <it> & so?"
    publication = said.find(f"{NEWS}publication")
    assert publication is not None
    assert [part.text for part in publication] == ["Checks & <facts>", "en"]
    assert "ETag" not in response, "the same rows are no news two days later"


def test_a_change_reaches_the_sitemap_at_once(client: Client, checker: User, editor: User) -> None:
    before = client.get("/sitemap.xml")["ETag"]
    published(checker, editor)
    assert client.get("/sitemap.xml", headers={"If-None-Match": before}).status_code == 200
