"""Pages that list verdicts: home, search, claimants, topics, sources, corrections."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims import services
from claims.models import User, VerdictDocument
from pages import lists
from sources.models import Source, SourceCheck
from tests.make import (
    PAGE,
    make_claim,
    make_claimant,
    make_correction,
    make_evidence,
    make_page_say,
    make_published_verdict,
    make_topic,
)
from tests.pages_rows import read

pytestmark = pytest.mark.django_db


def test_an_empty_site_says_so(client: Client) -> None:
    assert "No verdict has been published yet." in read(client, "/")
    assert "No verdict has been published yet." in read(client, "/claims/")
    assert "Nothing has been corrected so far." in read(client, "/corrections/")


def test_home_shows_the_newest_and_those_looked_at_again(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    assert "our rating stands while we look" not in read(client, "/")
    services.look_again(claim, by=editor, reason="A reader sent another count.")
    html = read(client, "/")
    assert "our rating stands while we look" in html
    assert "A reader sent another count." in html


def test_drafts_show_nowhere(client: Client, checker: User) -> None:
    person, topic = make_claimant("Secret Person"), make_topic("Secret topic")
    claim = make_claim(checker, "An unpublished claim", claimant=person, topics=[topic])
    source = make_evidence(claim, checker).source
    assert source is not None
    for path in ("/", "/claims/", "/claims/?q=unpublished", "/sitemap.xml", "/corrections/"):
        html = read(client, path)
        assert "An unpublished claim" not in html and "Secret" not in html
    for path in (f"/claimants/{person.slug}/", f"/topics/{topic.slug}/", f"/sources/{source.public_id}/"):
        read(client, path, 404)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=BRIDGE", {"bridge"}),
        ("q=bridge+closed", {"bridge"}),
        ("q=bridge+nonsense", set()),
        ("rating=false", {"bridge", "river"}),
        ("rating=true", set()),
        ("topic=water", {"river"}),
        ("claimant=the-mayor", {"bridge"}),
        ("language=ru", set()),
        ("status=under_review", set()),
        ("status=retracted", set()),
        ("status=withheld", {"bridge", "river"}),
        ("utm_source=x&nonsense=1", {"bridge", "river"}),
        ("after=nobody", {"bridge", "river"}),
        ("q=%00bridge&after=%00", {"bridge"}),
    ],
)
def test_filters_narrow_and_unknown_parameters_do_nothing(
    client: Client, checker: User, editor: User, query: str, found: set[str]
) -> None:
    make_published_verdict(checker, editor, text="The bridge was closed", claimant=make_claimant("The Mayor"))
    make_published_verdict(checker, editor, text="The river rose", topics=[make_topic("Water")])
    html = read(client, f"/claims/?{query}").replace("<mark>", "").replace("</mark>", "")
    assert {word for word in ("bridge", "river") if f"<q>The {word}" in html} == found


def test_every_verdict_is_listed_once_across_pages(
    client: Client, checker: User, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    for number in range(5):
        make_published_verdict(checker, editor, text=f"Claim number {number}")
    # All but one at the very same moment: the second part of the key decides.
    at = datetime(2026, 1, 1, tzinfo=UTC)
    VerdictDocument.objects.update(published_at=at)
    VerdictDocument.objects.filter(search_text__contains="number 3").update(published_at=at + timedelta(days=1))
    seen, path = [], "/claims/?rating=false"
    for _ in range(3):
        html = read(client, path)
        seen += [number for number in range(5) if f"<q>Claim number {number}" in html]
        older = html.partition('rel="next" href="')[2].partition('"')[0]
        path = "/claims/" + older.replace("&amp;", "&")
    assert sorted(seen) == list(range(5)) and not older


@pytest.mark.parametrize("path", ["/", "/claims/?rating=false", "/topics/water/", "/corrections/", "/sitemap.xml"])
def test_lists_make_a_constant_number_of_queries(client: Client, checker: User, editor: User, path: str) -> None:
    topic = make_topic("Water")

    def add(text: str) -> None:
        make_correction(make_published_verdict(checker, editor, text, topics=[topic]).verdict.claim, checker, editor)

    add("One claim")
    with CaptureQueriesContext(connection) as few:
        assert client.get(path).status_code == 200
    for number in range(3):
        add(f"Claim {number}")
    with CaptureQueriesContext(connection) as many:
        assert client.get(path).status_code == 200
    assert len(few) == len(many) <= 9


def test_a_claimant_has_a_page_with_what_they_said(client: Client, checker: User, editor: User) -> None:
    person = make_claimant("Әсел Оспанова")
    make_published_verdict(checker, editor, text="The bridge was closed", claimant=person)
    html = read(client, f"/claimants/{person.slug}/")
    assert "Әсел Оспанова" in html and "The bridge was closed" in html


def test_the_menu_names_no_claimant_who_is_not_published_yet(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor, claimant=make_claimant("The Mayor")).verdict.claim
    claim.refresh_from_db()
    services.update_claim(claim, by=checker, expected_revision=claim.revision, claimant=make_claimant("Secret Person"))
    html = read(client, "/claims/")
    assert ">The Mayor</option>" in html and "Secret" not in html


def test_addresses_in_the_head_are_percent_encoded(client: Client, checker: User, editor: User) -> None:
    person, topic = make_claimant("Әсел Оспанова"), make_topic("Қала")
    make_published_verdict(checker, editor, text="Көпір жабық", claimant=person, topics=[topic])
    for path in (f"/claimants/{person.slug}/", f"/ru/topics/{topic.slug}/"):
        html = read(client, path)
        assert not path.isascii()
        address = f"http://testserver{quote(path)}"
        assert f'<link rel="canonical" href="{address}">' in html
        assert f'<meta property="og:url" content="{address}">' in html
        assert all(link.isascii() for link in re.findall(r'(?:href|src)="([^"]*)"', html))


def test_words_with_quotation_marks_of_their_own_get_no_second_pair(
    client: Client, checker: User, editor: User
) -> None:
    make_published_verdict(checker, editor, text="“Thousands” gathered")
    make_published_verdict(checker, editor, text="The river rose")
    html = read(client, "/")
    assert '<q class="own-marks">“Thousands” gathered</q>' in html
    assert "<q>The river rose</q>" in html


def test_a_source_page_shows_state_visits_and_passages_but_no_capture(
    client: Client, checker: User, editor: User
) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    source = Source.objects.get(evidence__claim=claim)
    make_page_say(source, f"{PAGE} {'It rained on. ' * 30} Far away stands this.")
    SourceCheck.objects.create(source=source, outcome="not_found", http_status=404)
    html = read(client, f"/sources/{source.public_id}/")
    assert "only a few hundred had actually turned up" in html
    assert "not found" in html and "404" in html
    # The words around the quote are there; a passage further away is not.
    assert "Police said" in html and "Far away" not in html


def test_a_failing_source_is_not_called_dead(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    source = Source.objects.get(evidence__claim=claim)
    Source.objects.filter(pk=source.pk).update(availability="suspect", availability_since="2026-03-04T10:00:00Z")
    services.store_documents([claim.pk])
    page = client.get(f"/claims/{claim.public_id}/", follow=True).content.decode()
    for html in (page, read(client, f"/sources/{source.public_id}/")):
        assert 'Could not be reached since <time datetime="2026-03-04">4 March 2026</time>' in html
        assert "dead" not in html.lower() and "Gone" not in html


def test_corrections_are_listed_with_their_reasons_and_retractions_too(
    client: Client, checker: User, editor: User
) -> None:
    corrected = make_published_verdict(checker, editor).verdict.claim
    make_correction(corrected, checker, editor, reason="We had the wrong day.")
    retracted = make_published_verdict(checker, editor, text="The bridge was closed").verdict.claim
    services.retract_verdict(retracted, by=editor, reason="It was another bridge.")
    html = read(client, "/corrections/")
    assert html.index("It was another bridge.") < html.index("We had the wrong day.")


def test_a_retracted_verdict_leaves_the_lists(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor, text="The bridge was closed").verdict.claim
    services.retract_verdict(claim, by=editor, reason="It was another bridge.")
    for path in ("/", "/claims/"):
        assert "The bridge was closed" not in read(client, path)
    assert "The bridge was closed" in read(client, "/claims/?status=retracted")
