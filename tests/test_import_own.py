"""A newsroom brings its past: verdicts that say they were imported, in a history that still verifies."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from claims import services
from claims.models import Claim, Event, ExternalReview, ImportedVerdict, Rating, User, Verdict, VerdictVersion
from tests.import_items import item, lines, own_item, run
from tests.make import make_correction, make_offline_evidence, make_published_verdict, make_user, tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path: Path, settings: Any) -> Any:
    """Imports these items as our own; returns the figures."""
    settings.SITE_URL = "https://testserver.example"

    def bring(*items: Any, options: tuple[str, ...] = ()) -> dict[str, Any]:
        return run(lines(tmp_path / "items.ndjson", list(items)), "--own", *options)[1]

    return bring


def entries() -> list[dict[str, Any]]:
    return [json.loads(event.entry) for event in Event.objects.order_by("sequence")]


def test_our_own_review_becomes_a_verdict_that_says_it_was_imported(bring: Any, client: Client) -> None:
    before = timezone.now()
    figures = bring(own_item(reviewBody="It stands.", correction=None))
    assert figures["new"] == 1, figures
    verdict = Verdict.objects.select_related("claim", "current_version__author").get()
    version = verdict.current_version
    assert version is not None and version.imported and version.approved_by is None
    assert not version.second_review_required and not version.approved_by_second_person
    assert verdict.published_at == version.published_at == datetime(2020, 5, 1, tzinfo=UTC)
    assert verdict.updated_at >= before
    (entry,) = entries()
    assert entry["type"] == "verdict.published" and entry["data"]["imported"] is True
    document = client.get(f"/api/v1/verdicts/{verdict.claim.public_id}/").json()
    assert document["reviewed_by_second_person"] is False
    assert document["imported"] == {"url": "http://testserver.example/old/1"}
    assert (document["headline"], document["summary"]) == ("The bridge stands", "It stands.")
    assert document["claim"]["claimant"]["name"] == "Ann" and document["rating"]["code"] == "false"
    assert not ExternalReview.objects.exists()


def test_its_page_says_so(bring: Any, client: Client) -> None:
    bring(own_item())
    claim = Claim.objects.get()
    page = client.get(f"/claims/{claim.public_id}/{claim.slug}/").content.decode()
    assert "brought along from before this site" in page and "http://testserver.example/old/1" in page
    assert "one person published this alone" not in page


def test_the_history_still_verifies(bring: Any, checker: User, editor: User) -> None:
    make_published_verdict(checker, editor)
    bring(*(own_item(number) for number in range(20)))
    bring(own_item(3, headline="Corrected"))
    report = services.verify_history()
    assert report.tampering is None and report.checked == 22
    assert services.stale_documents(Verdict.objects.values_list("pk", flat=True)) == []


def test_forging_the_imported_mark_is_found(bring: Any, checker: User, editor: User) -> None:
    bring(own_item())
    tamper("UPDATE claims_verdictversion SET imported = false")
    tampering = services.verify_history().tampering
    assert tampering is not None and "imported" in tampering.problem


def test_an_imported_version_with_an_approver_is_refused_by_the_database(bring: Any, editor: User) -> None:
    bring(own_item())
    with pytest.raises(IntegrityError, match="claims_imported_version_has_no_approver"), transaction.atomic():
        tamper(f"UPDATE claims_verdictversion SET approved_by_id = {editor.pk}")


def test_nobody_can_sign_in_as_the_author(bring: Any, client: Client) -> None:
    bring(own_item())
    author = VerdictVersion.objects.get().author
    assert not author.is_active and not author.has_usable_password() and author.byline == ""
    bring(own_item(2))
    assert User.objects.count() == 1


def test_the_author_is_never_an_account_that_somebody_uses(bring: Any) -> None:
    person = make_user("imported")
    bring(own_item())
    author = VerdictVersion.objects.get().author
    assert author != person and author.username == "imported-2"


def test_importing_again_changes_nothing(bring: Any) -> None:
    bring(own_item())
    assert bring(own_item())["unchanged"] == 1
    assert Event.objects.count() == VerdictVersion.objects.count() == 1


def test_a_changed_original_becomes_a_correction_with_its_reason(bring: Any) -> None:
    bring(own_item())
    correction = {"@type": "CorrectionComment", "text": "A wrong headline."}
    assert bring(own_item(headline="It still stands", correction=correction))["changed"] == 1
    version = VerdictVersion.objects.get(number=2)
    assert (version.correction_kind, version.correction_reason) == ("substantive", "A wrong headline.")
    assert version.imported and entries()[1]["type"] == "verdict.corrected" and entries()[1]["data"]["imported"]


def test_a_changed_rating_is_told_as_one(bring: Any) -> None:
    bring(own_item())
    bring(own_item(reviewRating={"alternateName": "True"}, dateModified="2020-06-01"))
    version = VerdictVersion.objects.get(number=2)
    assert version.correction_kind == "rating_changed" and version.published_at == datetime(2020, 6, 1, tzinfo=UTC)
    assert entries()[1]["type"] == "verdict.rating_changed" and entries()[1]["data"]["previous_rating"] == "false"
    assert services.verify_history().tampering is None


def test_a_reworded_claim_stays_the_same_claim(bring: Any) -> None:
    bring(own_item(claimReviewed="The brigde of the village fell down"))
    public_id = Claim.objects.get().public_id
    bring(own_item(claimReviewed="The bridge of the village fell down"))
    claim = Claim.objects.get()
    assert claim.public_id == public_id and claim.text == "The bridge of the village fell down"


def test_what_people_corrected_here_is_left_to_them(bring: Any, checker: User, editor: User) -> None:
    bring(own_item())
    claim = Claim.objects.get()
    services.attach_evidence(claim, by=checker, kind="offline", stance="refutes", description="An interview.")
    make_correction(claim, checker, editor)
    figures = bring(own_item(headline="Another"))
    assert figures["skipped"] == 1 and "corrected on the desk" in figures["skipped_items"][0]["reason"]


def test_an_older_state_of_the_original_changes_nothing(bring: Any) -> None:
    bring(own_item(headline="New", dateModified="2022-01-01"))
    assert bring(own_item(headline="Old", dateModified="2021-01-01"))["repeated"] == 1
    assert VerdictVersion.objects.get().number == 1
    assert bring(own_item(headline="Newest", dateModified="2023-01-01"))["changed"] == 1


def test_what_one_person_noted_is_not_published_by_the_next_import(bring: Any, checker: User) -> None:
    bring(own_item())
    claim = Claim.objects.get()
    services.update_claim(claim, by=checker, expected_revision=claim.revision, location="Almaty")
    figures = bring(own_item(headline="Corrected"))
    assert "changed or got evidence" in figures["skipped_items"][0]["reason"]
    assert VerdictVersion.objects.count() == 1


def test_an_import_is_no_way_around_evidence_in_waiting(bring: Any, checker: User) -> None:
    bring(own_item())
    make_offline_evidence(Claim.objects.get(), checker)
    assert bring(own_item(headline="Corrected"))["skipped"] == 1


def test_a_long_text_keeps_its_paragraphs_and_its_stars(bring: Any, client: Client) -> None:
    bring(own_item(articleBody="<p>2 * 3 * 4 = 24</p><p># no [heading](http://x.example/)</p>"))
    document = client.get(f"/api/v1/verdicts/{Claim.objects.get().public_id}/").json()
    assert document["explanation"] == "<p>2 * 3 * 4 = 24</p>\n<p># no [heading](http://x.example/)</p>\n"


def test_the_kind_of_a_claimant_comes_along(bring: Any) -> None:
    bring(own_item(itemReviewed={"author": {"@type": "schema:Organization", "name": "The Ministry"}}))
    assert Claim.objects.get().claimant.kind == "organization"  # type: ignore[union-attr]


def test_a_retracted_one_is_not_published_again(bring: Any, editor: User) -> None:
    bring(own_item())
    services.retract_verdict(Claim.objects.get(), by=editor, reason="It was wrong.")
    assert "retracted" in bring(own_item(headline="Another"))["skipped_items"][0]["reason"]
    assert bring(own_item())["unchanged"] == 1


def test_a_tombstone_retracts_nothing_of_ours(bring: Any) -> None:
    bring(own_item())
    gone = {"@type": "DataFeedItem", "dateDeleted": "2021-01-01", "item": [{"url": own_item()["url"]}]}
    assert "by a person" in bring(gone)["skipped_items"][0]["reason"]
    assert Verdict.objects.standing().count() == 1


def test_others_reviews_beside_ours_stay_theirs(bring: Any) -> None:
    bring(own_item(), item(2))
    assert Verdict.objects.count() == ExternalReview.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"reviewRating": {"alternateName": "Three shovels"}}, "add the word to the rating labels"),
        ({"datePublished": None}, "no datePublished"),
        ({"datePublished": f"{timezone.now() + timedelta(days=3):%Y-%m-%d}"}, "still to come"),
        ({"claimReviewed": "word " * 900}, "at most 4,000 fit"),
        ({"inLanguage": None}, "--language"),
    ],
)
def test_what_a_verdict_needs_is_asked_for(bring: Any, fields: dict[str, Any], reason: str) -> None:
    figures = bring(own_item(**fields))
    assert reason in figures["skipped_items"][0]["reason"] and not Claim.objects.exists()


def test_the_language_of_silent_items_is_said_on_the_command_line(bring: Any) -> None:
    bring(own_item(inLanguage=None), options=("--language", "kk"))
    assert Claim.objects.get().language == "kk"


def test_a_rule_of_claimreview_blocks_an_import(bring: Any, settings: Any) -> None:
    settings.PUBLISHER_NAME, settings.PUBLISHER_URL, settings.SITE_URL = "", "", "https://testserver.example"
    Rating.objects.filter(code="false").update(value=9)
    figures = bring(own_item())
    assert "CR4" in figures["skipped_items"][0]["reason"] and not Verdict.objects.exists()


def test_a_verdict_of_this_site_is_not_imported_into_it(bring: Any, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    figures = bring(own_item(url=f"https://testserver.example/claims/{claim.public_id}/slug/"))
    assert "already" in figures["skipped_items"][0]["reason"]


@pytest.mark.parametrize("name", ["claimreview.jsonld", "claimreview.ndjson"])
def test_our_own_exports_are_read_whole(
    bring: Any, client: Client, checker: User, editor: User, tmp_path: Path, name: str
) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    response = client.get(f"/feeds/{name}")
    export = tmp_path / name
    export.write_bytes(b"".join(response))
    figures = run(str(export), "--own")[1]
    assert [one["reason"] for one in figures["skipped_items"]] == ["it is a verdict of this site already"]
    # As in another installation that takes the place of the first.
    export.write_text(export.read_text().replace(claim.public_id, "AnotherPlace"))
    assert run(str(export), "--own")[1]["new"] == 1
    assert services.verify_history().tampering is None


def test_followers_by_time_see_what_was_imported(bring: Any, client: Client) -> None:
    before = timezone.now().isoformat()
    bring(own_item())
    found = client.get("/api/v1/verdicts/", {"updated_since": before}).json()["results"]
    assert [row["published_at"][:10] for row in found] == ["2020-05-01"]


def test_a_claimant_known_here_is_not_made_twice(bring: Any, checker: User) -> None:
    bring(own_item(1), own_item(2))
    claimants = {claim.claimant for claim in Claim.objects.select_related("claimant")}
    assert len(claimants) == 1


def test_a_page_can_hold_an_appearance_and_its_first(bring: Any) -> None:
    claimed = {"firstAppearance": "https://a.example/1", "appearance": ["https://b.example/2", "https://a.example/1"]}
    bring(own_item(itemReviewed=claimed))
    rows = Claim.objects.get().appearances.all()
    assert [(row.url, row.is_first) for row in rows] == [("https://a.example/1", True), ("https://b.example/2", False)]


def test_many_are_published_in_batches_that_the_log_takes(bring: Any) -> None:
    figures = bring(*(own_item(number) for number in range(501)))
    assert figures["new"] == 501 and Event.objects.count() == 501
    assert ImportedVerdict.objects.count() == 501
