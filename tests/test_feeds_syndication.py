"""RSS, Atom and JSON Feed as readers' programs meet them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import feedparser  # type: ignore[import-untyped]
import pytest
from django.test import Client
from pytest_django import Settings

from claims import services
from claims.models import User, VerdictDocument
from tests.feed_readers import CHECKS, FORMATS, XML, feed, items
from tests.held import held
from tests.make import make_claimant, make_correction, make_published_verdict, make_topic

pytestmark = pytest.mark.django_db
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


@held
def three(checker: User, editor: User) -> None:
    """A verdict that stands, one under review with everything a document may hold, and one taken back."""
    make_published_verdict(checker, editor, text="The river rose")
    full = make_published_verdict(
        checker, editor, text="A <b> & claim", claimant=make_claimant("Әсел"), topics=[make_topic("Water")]
    ).verdict.claim
    make_correction(full, checker, editor, reason="The day was <wrong>.", explanation="See [the list](/claims/) & co.")
    services.look_again(full, by=checker, reason="A reader wrote.")
    gone = make_published_verdict(checker, editor, text="The bridge was closed").verdict.claim
    services.retract_verdict(gone, by=editor, reason="It was another bridge.")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("query", ["", "?page_size=1", "?topic=water&utm_source=x", "?q=nothing+such", "?language=kk"])
def test_a_validator_finds_nothing(client: Client, form: str, query: str) -> None:
    response = client.get(f"/feeds/verdicts.{form}{query}")
    known = query.replace("&utm_source=x", "").replace("?topic", "?topic")
    assert CHECKS[form](response.content, f"http://testserver/feeds/verdicts.{form}{known}") == []
    assert response["Content-Type"].partition(";")[0] == TYPES[form]


@pytest.mark.parametrize("form", XML)
def test_a_reader_finds_every_part_of_an_entry(client: Client, form: str) -> None:
    entry = next(entry for entry in feed(client, form).entries if "water" in str(entry.tags).lower())
    row = VerdictDocument.objects.get(topic_slugs=["water"])
    document = json.loads(row.body)
    assert entry.link == document["url"]
    assert entry.title == "False: A few hundred people came, not thousands"
    assert entry.summary == document["summary"]
    assert entry.id.endswith(f":verdict/{row.public_id}") and not entry.guidislink
    assert entry.published_parsed[:6] == row.published_at.timetuple()[:6]
    assert entry.updated_parsed[:6] == row.updated_at.timetuple()[:6]
    tags = {(tag.scheme, tag.label or tag.term) for tag in entry.tags}
    assert {("urn:claimtrack:rating", "False"), ("urn:claimtrack:topic", "Water")} < tags
    content = entry.content[0].value
    assert "The day was &lt;wrong&gt;." in content and "A &lt;b&gt; &amp; claim" in content and "Әсел" in content
    assert "We are looking at this verdict again" in content
    assert 'href="http://testserver/claims/"' in content


@pytest.mark.parametrize("form", XML)
def test_a_reader_finds_publisher_licence_and_the_head_of_the_log(
    client: Client, form: str, settings: Settings
) -> None:
    settings.PUBLISHER_NAME, settings.PUBLISHER_LOGO = "Newsroom & Sons", "https://news.example/logo.png"
    channel = feed(client, form).feed
    head = client.get("/api/v1/events/").json()["head"]
    assert "Newsroom & Sons" in channel.rights
    assert [link.href for link in channel.links if link.rel == "license"] == [settings.FEED_LICENSE]
    assert (int(channel.claimtrack_head["sequence"]), channel.claimtrack_head["hash"]) == tuple(head.values())
    assert "https://news.example/logo.png" in client.get(f"/feeds/verdicts.{form}").content.decode()


def test_json_readers_find_the_same(client: Client) -> None:
    whole = client.get("/feeds/verdicts.json").json()
    assert whole["_claimtrack"]["head"] == client.get("/api/v1/events/").json()["head"]
    assert whole["_claimtrack"]["license"].startswith("https://creativecommons.org/")
    entry = next(item for item in whole["items"] if "Water" in item["tags"])
    assert entry["_claimtrack"]["status"] == "under_review" and entry["_claimtrack"]["rating"] == "false"
    assert entry["date_modified"] > entry["date_published"]


def test_a_filtered_feed_says_so_and_links_the_same_selection_for_people(client: Client) -> None:
    channel = feed(client, "atom", topic="water", rating="false", page_size="5", utm_source="x").feed
    assert channel.title == "Claimtrack: verdicts (rating: False, topic: Water)"
    page = urlsplit(channel.link)
    assert (page.path, parse_qs(page.query)) == ("/claims/", {"topic": ["water"], "rating": ["false"]})
    # The same feed, whatever the size of its pages.
    assert channel.id == "http://testserver/feeds/verdicts.atom?rating=false&topic=water"


def test_filters_are_those_of_the_api(client: Client) -> None:
    assert len(items(client)) == 3
    assert len(items(client, topic="water")) == 1
    assert len(items(client, status="retracted")) == 1
    assert len(items(client, q="river")) == 1
    newest = VerdictDocument.objects.latest("updated_at").updated_at
    assert len(items(client, updated_since=(newest + timedelta(days=1)).isoformat())) == 0


@pytest.mark.parametrize("form", FORMATS)
def test_paging_links_lead_through_every_entry_and_back(client: Client, form: str) -> None:
    def page(url: str) -> tuple[list[str], dict[str, str]]:
        response = client.get(url)
        if form == "json":
            whole = response.json()
            links = {"next": whole.get("next_url"), "previous": whole["_claimtrack"].get("previous_url")}
            return [item["id"] for item in whole["items"]], {**links, "first": whole["_claimtrack"]["first_url"]}
        parsed = feedparser.parse(response.content)
        return [entry.id for entry in parsed.entries], {link.rel: link.href for link in parsed.feed.links}

    first = f"http://testserver/feeds/verdicts.{form}?page_size=1"
    url, seen = first, []
    for _ in range(3):
        ids, links = page(url)
        seen += ids
        assert links["first"] == first
        url = links.get("next") or ""
    assert len(set(seen)) == 3 and not url
    assert page(links["previous"])[0] == [seen[1]]


@pytest.mark.parametrize("form", FORMATS)
def test_an_unusable_value_is_a_problem_and_an_unknown_name_is_none(client: Client, form: str) -> None:
    response = client.get(f"/feeds/verdicts.{form}", {"page_size": "x", "ordering": "x", "utm": "x"})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert set(response.json()["errors"]) == {"page_size"}


@pytest.mark.parametrize("form", FORMATS)
def test_no_accept_is_refused_and_any_site_may_ask(client: Client, form: str) -> None:
    response = client.get(f"/feeds/verdicts.{form}", headers={"accept": "text/html;q=0.1"})
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (200, "*")
    assert "Set-Cookie" not in response and client.head(f"/feeds/verdicts.{form}").content == b""


@pytest.mark.parametrize("form", FORMATS)
def test_an_unchanged_feed_is_304_and_the_same_bytes(client: Client, form: str) -> None:
    url = f"/feeds/verdicts.{form}"
    first, second = client.get(url), client.get(url)
    assert first.content == second.content
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    services.retract_verdict(
        VerdictDocument.objects.filter(status="published").get().claim,
        by=User.objects.get(username="editor"),
        reason="x",
    )
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("name", ["PUBLISHER_NAME", "SITE_NAME", "FEED_LICENSE"])
def test_a_new_publisher_moves_the_etag(client: Client, settings: Settings, name: str) -> None:
    before = client.get("/feeds/verdicts.rss")["ETag"]
    setattr(settings, name, "https://other.example/")
    assert client.get("/feeds/verdicts.rss", headers={"If-None-Match": before}).status_code == 200


def test_what_is_not_there_is_a_problem(client: Client) -> None:
    response = client.get("/feeds/nothing.xml")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_a_feed_makes_the_same_few_queries_however_long_it_is(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(3):
        client.get("/feeds/verdicts.rss")
