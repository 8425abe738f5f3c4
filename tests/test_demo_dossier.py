"""What load_demo leaves: the dossier published by two people, its quotes pinned where they could be."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from claims import services
from claims.choices import QuoteStatus
from claims.models import AudienceFigure, Claim, Claimant, Event, Evidence, User, Verdict, VerdictDocument
from demo import dossier, local_claims, local_pages
from demo.dossier_people import SOURCES
from sources.models import Source, SourceCheck
from tests.newsroom import PASSWORD, loaded_demo

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with loaded_demo(tmp_path_factory.mktemp("newsroom"), django_db_blocker) as base_url:
        yield base_url


def test_what_is_loaded_is_the_dossier(loaded: str, client: Client) -> None:
    ratings = dict(VerdictDocument.objects.values_list("claim__text", "rating_code"))
    assert {claim.text: ratings.get(claim.text) for claim in dossier.CLAIMS} == {
        dossier.INDEX.text: None,
        dossier.YOUTUBE.text: "unproven",
        dossier.VOTES.text: "true",
        dossier.INTERFERENCE.text: "mostly-false",
        dossier.FREE_AIRING.text: "mostly-false",
        dossier.SQUARE.text: "false",
    }
    assert Source.objects.filter(url__in=[source.url for source in SOURCES]).count() == 5
    audiences = AudienceFigure.objects.values_list("account__claimant__name", "account__platform", "followers")
    assert sorted(audiences) == [
        ("Amirzhan Kosanov", "facebook", 26_117),
        ("Tokayev", "instagram", 376_000),
        ("Tokayev", "twitter", 124_000),
        ("Toleutai Rakhimbekov", "facebook", 4_996),
        ("Zhambyl Akhmetbekov", "facebook", 1_751),
    ]

    # The flagship shows the claimed range and the counted ones, and comes first.
    newest = json.loads(client.get("/api/v1/verdicts/").content)["results"][0]
    assert newest["claim"]["quantity"] == {
        "as_stated": "thousands of protesters", "low": "2000", "high": None, "unit": "people",
    }  # fmt: skip
    ranges = [(row["quantity"]["low"], row["quantity"]["high"]) for row in newest["evidence"] if row["quantity"]]
    assert ranges == [("200", "500"), ("500", "500")]
    assert "demonstration built from a handful of public pages" in newest["explanation"]


def test_the_unrated_claim_waits_on_the_desk_and_is_not_public(loaded: str, client: Client) -> None:
    claim = Claim.objects.get(text=dossier.INDEX.text)
    assert (claim.draft.state, claim.draft.assigned_to) == ("assigned", User.objects.get(username="checker"))
    assert client.get(claim.get_absolute_url()).status_code == 404
    assert list(Claim.objects.filter(verdict=None)) == [claim]


def test_one_verdict_has_a_correction_that_says_it_is_for_show(loaded: str) -> None:
    corrected = [verdict for verdict in Verdict.objects.all() if verdict.versions.count() > 1]
    assert [verdict.claim.text for verdict in corrected] == [dossier.INTERFERENCE.text]
    version = corrected[0].current_version
    assert version is not None
    assert "part of the demonstration" in version.correction_reason
    assert version.evidence.count() == 4


def test_two_verdicts_are_translated(loaded: str) -> None:
    languages = {
        document.claim.text: [row["language"] for row in json.loads(document.body)["translations"]]
        for document in VerdictDocument.objects.select_related("claim")
    }
    assert {text: rows for text, rows in languages.items() if rows} == {
        dossier.SQUARE.text: ["ru"],
        dossier.VOTES.text: ["kk"],
    }


def test_the_newsrooms_quotes_are_pinned_and_the_dossiers_pages_are_left_alone(loaded: str) -> None:
    local = Evidence.objects.filter(source__canonical_url__startswith=loaded)
    assert local.count() == len(local_claims.CLAIMS)
    assert all(row.quote_status == QuoteStatus.INTACT and row.snapshot_id for row in local)
    remote = Evidence.objects.exclude(source__canonical_url__startswith=loaded)
    assert {row.quote_status for row in remote} == {QuoteStatus.UNCHECKED}
    assert set(SourceCheck.objects.values_list("source__host", flat=True)) == {"127.0.0.1"}
    acknowledged = Counter(
        (verdict.claim.text in {claim.text for claim in dossier.CLAIMS}, bool(version.unchecked_acknowledged_by_id))
        for verdict in Verdict.objects.select_related("claim")
        for version in verdict.versions.all()
    )
    assert acknowledged == {(True, True): 6, (False, False): 5}


def test_two_people_did_it_and_every_row_is_marked_as_demo(loaded: str) -> None:
    assert {
        (version.author.username, version.approved_by.username)  # type: ignore[union-attr]
        for verdict in Verdict.objects.all()
        for version in verdict.versions.all()
    } == {("checker", "editor")}
    for model in (Claim, Claimant, Source, VerdictDocument):
        assert not model._default_manager.filter(is_demo=False).exists()
    assert services.verify_history().tampering is None
    assert all(user.check_password(PASSWORD) for user in User.objects.all())
    assert list(User.objects.filter(is_superuser=True).values_list("username", flat=True)) == ["admin"]


def test_outbox_and_documents_are_settled_afterwards(loaded: str) -> None:
    events = Event.objects.count()
    services.assess_changes()
    assert Event.objects.count() == events
    assert services.stale_documents(Verdict.objects.values_list("pk", flat=True)) == []


def test_every_quote_of_the_newsroom_stands_on_its_page() -> None:
    pages = {page.path: " ".join(page.paragraphs) for page in local_pages.PAGES}
    for claim in local_claims.CLAIMS:
        for row in claim.evidence:
            assert row.quote in pages[row.source.url]
