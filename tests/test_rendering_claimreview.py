"""The ClaimReview of a verdict: what stands in it, and that it follows the verdict."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from pytest_django import Settings

from claims import services
from claims.choices import ClaimantKind
from claims.models import Claim, User, VerdictDocument
from claims.rendering.document import RENDERER_VERSION
from sources.models import Snapshot
from tests.make import (
    PAGE,
    make_claim,
    make_claimant,
    make_correction,
    make_draft,
    make_evidence,
    make_offline_evidence,
    make_page_say,
    make_published_verdict,
)
from tests.pages_rows import path_of, published, read
from tests.schema_org import misused

pytestmark = pytest.mark.django_db


def markup_of(claim: Claim) -> dict[str, Any]:
    markup: dict[str, Any] = json.loads(VerdictDocument.objects.get(claim=claim).claimreview)
    return markup


def with_appearances(checker: User, editor: User, *urls: str, first: str = "") -> Claim:
    claim = make_published_verdict(checker, editor).verdict.claim
    for url in urls:
        services.add_appearance(claim, url=url, by=checker, is_first=url == first, published_on=date(2019, 6, 9))
    return claim


def test_it_holds_what_a_newsroom_needs(checker: User, editor: User, settings: Settings) -> None:
    settings.PUBLISHER_LOGO, settings.FEED_LICENSE = "https://news.example/logo.png", "https://licence.example/"
    claimant = make_claimant(
        "Mukhtar Example", kind=ClaimantKind.PERSON, job_title="Senator", same_as=["https://www.wikidata.org/wiki/Q1"]
    )
    claim = published(checker, editor, claimant=claimant, made_on=date(2019, 6, 9), location="Almaty")
    markup, url = markup_of(claim), f"http://testserver{path_of(claim)}"
    assert misused_nothing(markup)
    assert markup["url"] == url and markup["@id"] == f"{url}#claimreview"
    assert markup["isAccessibleForFree"] is True and markup["inLanguage"] == "en" and markup["version"] == 1
    assert markup["author"] == markup["publisher"] == markup["sdPublisher"]
    assert markup["author"]["logo"] == "https://news.example/logo.png"
    assert markup["sdLicense"] == "https://licence.example/"
    assert markup["itemReviewed"] == {
        "@type": "Claim",
        "@id": f"{url}#claim",
        "text": claim.text,
        "inLanguage": "en",
        "datePublished": "2019-06-09",
        "author": {
            "@type": "Person", "name": "Mukhtar Example", "jobTitle": "Senator",
            "sameAs": ["https://www.wikidata.org/wiki/Q1"],
        },
        "contentLocation": {"@type": "Place", "name": "Almaty"},
    }  # fmt: skip


def misused_nothing(markup: dict[str, Any]) -> bool:
    assert list(misused(markup)) == []
    return True


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (ClaimantKind.ORGANIZATION, {"@type": "Organization", "name": "The Party", "description": "in opposition"}),
        ("", {"@type": "Thing", "name": "The Party", "description": "in opposition"}),
    ],
)
def test_only_a_person_has_an_office(checker: User, editor: User, kind: str, shown: dict[str, str]) -> None:
    claimant = make_claimant("The Party", kind=kind, job_title="in opposition")
    markup = markup_of(published(checker, editor, claimant=claimant))
    assert markup["itemReviewed"]["author"] == shown
    assert misused_nothing(markup)


def test_a_claim_by_nobody_has_no_author(checker: User, editor: User) -> None:
    assert "author" not in markup_of(published(checker, editor))["itemReviewed"]


def test_an_appearance_is_the_first_or_another_one_and_never_both(checker: User, editor: User) -> None:
    claim = with_appearances(checker, editor, "https://a.example/1", "https://b.example/2", first="https://b.example/2")
    item = markup_of(claim)["itemReviewed"]
    assert item["firstAppearance"] == {
        "@type": "CreativeWork", "url": "https://b.example/2", "datePublished": "2019-06-09",
    }  # fmt: skip
    assert [one["url"] for one in item["appearance"]] == ["https://a.example/1"]
    assert misused_nothing(markup_of(claim))


def test_where_no_first_is_known_there_is_none(checker: User, editor: User) -> None:
    item = markup_of(with_appearances(checker, editor, "https://a.example/1"))["itemReviewed"]
    assert "firstAppearance" not in item and len(item["appearance"]) == 1


def test_a_correction_is_told_and_the_id_stays(checker: User, editor: User) -> None:
    claim = published(checker, editor)
    before = markup_of(claim)
    assert "correction" not in before
    version = make_correction(claim, checker, editor, reason="A date was wrong.")
    after = markup_of(claim)
    assert after["@id"] == before["@id"] and after["url"] == before["url"]
    assert after["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "A date was wrong.",
            "datePublished": version.published_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
    ]
    assert after["version"] == 2 and after["datePublished"] == before["datePublished"]
    assert after["dateModified"] > before["dateModified"]
    assert misused_nothing(after)


def test_a_page_quoted_twice_is_cited_once_and_an_interview_is_not_cited(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    for quote in ("only a few hundred", "It rained"):
        evidence = make_evidence(claim, checker, quote=quote)
    make_offline_evidence(claim, checker)
    assert evidence.source is not None
    make_page_say(evidence.source, PAGE)
    services.assess_changes()
    services.approve_and_publish(services.submit_for_review(make_draft(claim, checker), by=checker), by=editor)
    assert [one["url"] for one in markup_of(claim)["citation"]] == ["https://news.example/square"]


@pytest.mark.parametrize("mode", ["text", "full"])
def test_it_leads_to_our_capture_where_readers_may_see_it(
    checker: User, editor: User, settings: Settings, mode: str
) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = mode
    claim = published(checker, editor)
    snapshot = Snapshot.objects.get()
    address = f"http://testserver/sources/{snapshot.source.public_id}/captures/{snapshot.public_id}/"
    assert markup_of(claim)["citation"][0]["archivedAt"] == address
    evidence = json.loads(VerdictDocument.objects.get().body)["evidence"][0]
    assert evidence["source"]["archived_url"] == address
    assert misused_nothing(markup_of(claim))


def test_that_capture_is_there_and_the_page_links_it(
    client: Client, checker: User, editor: User, settings: Settings
) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = "text"
    claim = published(checker, editor)
    address = markup_of(claim)["citation"][0]["archivedAt"]
    assert f'<a href="{address}">Archived copy</a>' in read(client, path_of(claim))
    assert "Memento-Datetime" in client.get(address).headers


def test_it_leads_to_no_capture_that_readers_may_not_see(checker: User, editor: User, settings: Settings) -> None:
    claim = published(checker, editor)
    assert "archivedAt" not in markup_of(claim)["citation"][0]
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = "text"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL claimtrack.allow_erasure = 'on'")
        Snapshot.objects.update(text="", storage_key="")
        cursor.execute("SET LOCAL claimtrack.allow_erasure = 'off'")
    call_command("rebuild_documents")
    assert "archivedAt" not in markup_of(claim)["citation"][0]


def test_documents_of_an_older_renderer_are_stale_until_rebuilt(checker: User, editor: User) -> None:
    claim = published(checker, editor)
    row = VerdictDocument.objects.get()
    fresh, row.claimreview = row.claimreview, '{"@type":"ClaimReview"}'
    row.save()
    assert services.stale_documents([claim.pk]) == [claim.pk]
    call_command("rebuild_documents")
    assert VerdictDocument.objects.get().claimreview == fresh
    assert RENDERER_VERSION == "2"


def test_what_it_names_as_our_principles_is_a_page_of_ours(client: Client, checker: User, editor: User) -> None:
    principles = markup_of(published(checker, editor))["publishingPrinciples"]
    assert principles == "http://testserver/methodology/"
    html = read(client, principles.removeprefix("http://testserver"))
    assert '<data value="1">False</data>' in html and "The number 1 in our data." in html
    assert html.count("<data ") == 5
