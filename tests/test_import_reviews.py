"""Reviews by others: added once, updated when they change, never doubled, never ours."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims import services
from claims.errors import NotAllowed
from claims.models import DocumentCounter, Event, ExternalReview, ImportRun, RatingLabel, User, Verdict
from claims.services.importing import running
from claims.services.importing.sources import given_sources
from tests.import_items import SITE, item, lines, run
from tests.make import make_claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path: Path) -> Any:
    """Imports these items; returns the figures."""

    def bring(*items: Any) -> dict[str, Any]:
        return run(lines(tmp_path / "items.ndjson", list(items)))[1]

    return bring


def test_a_review_is_stored_whole_and_found_by_its_words(bring: Any) -> None:
    figures = bring(item())
    row = ExternalReview.objects.get()
    assert figures["new"] == 1
    assert (row.claim_text, row.rating_label, row.publisher_site) == (
        "The bridge of village 1 fell down", "False", "facts.example",
    )  # fmt: skip
    assert row.rating is not None and row.rating.code == "false" and row.run == ImportRun.objects.get()
    assert json.loads(row.raw)["claimReviewed"] == row.claim_text
    assert ExternalReview.objects.standing().matching("bridge village").get() == row
    row.full_clean()


def test_others_reviews_are_no_verdicts_of_ours(bring: Any) -> None:
    bring(item())
    assert not Verdict.objects.exists() and not Event.objects.exists()


def test_importing_again_touches_nothing(bring: Any) -> None:
    bring(item(), item(2))
    before = list(ExternalReview.objects.order_by("pk").values())
    counter = DocumentCounter.objects.get().value
    assert bring(item(), item(2))["unchanged"] == 2
    assert list(ExternalReview.objects.order_by("pk").values()) == before
    assert DocumentCounter.objects.get().value == counter


def test_the_same_review_from_its_page_and_from_a_feed_is_one_that_did_not_change(bring: Any, tmp_path: Path) -> None:
    bring(item())
    before = list(ExternalReview.objects.values())
    page = tmp_path / "page.html"
    page.write_text(f'<html><script type="application/ld+json">{json.dumps(item())}</script></html>')
    assert run(str(page))[1]["unchanged"] == 1
    assert list(ExternalReview.objects.values()) == before


def test_the_last_day_a_review_was_seen_is_kept(bring: Any) -> None:
    bring(item())
    ExternalReview.objects.update(last_seen=timezone.now() - timedelta(days=2))
    bring(item())
    row = ExternalReview.objects.get()
    assert row.last_seen > timezone.now() - timedelta(hours=1) and row.changed_at == row.first_seen


def test_a_correction_arrives(bring: Any) -> None:
    bring(item())
    first = ExternalReview.objects.get()
    corrected = item(reviewRating={"alternateName": "True"}, dateModified="2020-06-01")
    assert bring(corrected)["changed"] == 1
    row = ExternalReview.objects.get()
    assert row.pk == first.pk and row.rating is not None and row.rating.code == "true"
    assert row.first_seen == first.first_seen and row.changed_at > first.changed_at


def test_a_correction_moves_the_counter_that_lists_are_validated_by(bring: Any) -> None:
    bring(item())
    before = DocumentCounter.objects.get().value
    bring(item(headline="Another"))
    assert DocumentCounter.objects.get().value > before


def test_a_claim_reworded_a_little_stays_one_review(bring: Any) -> None:
    bring(item(claimReviewed="The brigde of the village fell down"))
    key = ExternalReview.objects.get().pk
    assert bring(item(claimReviewed="The bridge of the village fell down"))["changed"] == 1
    assert ExternalReview.objects.get().pk == key
    assert bring(item(claimReviewed="The bridge of the village fell down"))["unchanged"] == 1


def test_several_claims_on_one_page_are_several_reviews(bring: Any) -> None:
    both = [item(claimReviewed=f"{count} people came to the square") for count in (100, 200)]
    assert bring(*both)["new"] == 2
    assert bring(*both[::-1])["unchanged"] == 2


def test_spelling_an_address_differently_makes_no_second_review(bring: Any) -> None:
    bring(item(url="http://www.facts.example/checks/1?utm_source=x"))
    assert bring(item(url=f"{SITE}/checks/1/"))["changed"] == 1
    assert ExternalReview.objects.count() == 1


def test_of_two_in_one_file_the_newer_is_taken_whatever_their_order(bring: Any) -> None:
    old, new = item(headline="Old", dateModified="2020-05-01"), item(headline="New", dateModified="2020-06-01")
    for both in ([old, new], [new, old]):
        figures = bring(*both)
        assert figures["repeated"] == 1 and ExternalReview.objects.get().headline == "New"


def test_an_older_version_of_what_is_known_changes_nothing(bring: Any) -> None:
    bring(item(headline="New", dateModified="2020-06-01"))
    assert bring(item(headline="Old", dateModified="2020-05-01"))["repeated"] == 1
    assert ExternalReview.objects.get().headline == "New"


def test_a_wrong_date_in_the_future_does_not_shut_corrections_out(bring: Any) -> None:
    bring(item(headline="Old", dateModified="2099-06-01"))
    assert bring(item(headline="New", dateModified="2020-05-01"))["changed"] == 1


def test_what_its_publisher_withdrew_is_marked_and_may_come_back(bring: Any) -> None:
    bring(item(), item(2))
    gone = {"@type": "DataFeedItem", "dateDeleted": "2021-01-01", "item": [{"url": f"{SITE}/checks/1/"}]}
    assert bring(gone)["withdrawn"] == 1
    assert [row.url for row in ExternalReview.objects.standing()] == [f"{SITE}/checks/2/"]
    assert bring(gone)["withdrawn"] == 0
    assert bring(item())["changed"] == 1 and ExternalReview.objects.standing().count() == 2


def test_a_word_nobody_knows_stays_without_a_rating(bring: Any) -> None:
    bring(item(reviewRating={"alternateName": "Three shovels", "ratingValue": 1, "bestRating": 5, "worstRating": 1}))
    assert ExternalReview.objects.get().rating is None


def test_our_own_hosts_reviews_are_skipped_with_what_to_do(bring: Any, settings: Any) -> None:
    settings.SITE_URL = SITE
    figures = bring(item())
    assert figures["skipped"] == 1 and "--own" in figures["skipped_items"][0]["reason"]
    assert not ExternalReview.objects.exists()


def test_a_database_without_the_publisher_refuses_the_row() -> None:
    run_ = ImportRun.objects.create(source="x")
    with pytest.raises(IntegrityError, match="claims_external_review_is_whole"), transaction.atomic():
        ExternalReview.objects.create(key="1", url=SITE, claim_text="x", publisher_site="x", rating_label="x", run=run_)


def test_an_interrupted_import_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 10)
    path = lines(tmp_path / "many.ndjson", [*(item(number) for number in range(35)), {"broken": 1}])
    began = services.begin_import([path], own=False)
    told: list[int] = []

    def break_off(_: Any, progress: Any) -> None:
        told.append(progress.counts["new"])
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        services.run_import(given_sources([path]), began, told=break_off)
    assert ExternalReview.objects.count() == 20
    status, figures = run(path, "--resume")
    assert (status, figures["import"], figures["new"], figures["unchanged"]) == (1, began.pk, 15, 0)
    began.refresh_from_db()
    assert began.is_finished and began.counts["new"] == 35 and began.skipped == 1
    assert run(path, "--resume")[0] == 2


def test_a_file_that_changed_meanwhile_is_read_from_its_begin(tmp_path: Path) -> None:
    path = lines(tmp_path / "many.ndjson", [item(1)])
    began = services.begin_import([path], own=False)
    ImportRun.objects.update(position_source=path, position_stamp="another", position_items=1)
    assert run(path, "--resume")[1]["new"] == 1 and ImportRun.objects.get().pk == began.pk


def test_a_batch_is_stored_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down() -> int:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(running, "next_change", break_down)
    with pytest.raises(RuntimeError):
        run(lines(tmp_path / "x.ndjson", [item()]))
    assert not ExternalReview.objects.exists() and ImportRun.objects.get().new == 0


def test_text_that_looks_like_copy_commands_stays_text(bring: Any) -> None:
    odd = "\\N and \\. and\\tsquare {\"curly\"} 'quote' \\\\"
    bring(item(claimReviewed=odd, itemReviewed={"appearance": [f"{SITE}/a?x={{,}}&y=%22", f"{SITE}/b"]}))
    row = ExternalReview.objects.get()
    assert row.claim_text == odd and row.appearances == [f"{SITE}/a?x=%7B,%7D&y=%22", f"{SITE}/b"]


# What the words mean.


def test_a_changed_table_maps_known_reviews_anew(bring: Any) -> None:
    bring(
        item(reviewRating={"alternateName": "Three shovels"}), item(2, reviewRating={"alternateName": "THREE SHOVELS!"})
    )
    rating = RatingLabel.objects.get(key="half true").rating
    row = RatingLabel(label="three shovels", rating=rating)
    assert services.save_label(row) == 2
    assert {review.rating for review in ExternalReview.objects.all()} == {rating}
    assert services.remove_label(row) == 2
    assert {review.rating for review in ExternalReview.objects.all()} == {None}


def test_the_publishers_own_row_decides_before_anybodys(bring: Any) -> None:
    satire = RatingLabel.objects.get(key="satire").rating
    bring(item(), item(2, url="https://other.example/1"))
    assert (
        services.save_label(RatingLabel(label="False", publisher_site="https://www.Facts.example/", rating=satire)) == 1
    )
    assert ExternalReview.objects.get(rating=satire).publisher_site == "facts.example"


def test_a_row_without_a_rating_takes_the_word_out(bring: Any) -> None:
    bring(item())
    assert services.save_label(RatingLabel(label="False", publisher_site="facts.example", language="en")) == 1
    assert ExternalReview.objects.get().rating is None


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("FALSE!", "false"), ("“Half-true”", "half-true"), ("False. The photo is old", "false"),
        ("Ложь: так не было", "false"), ("Жалған", "false"), ("❌ Fake", "false"), ("फ़र्ज़ी", "false"),
        ("Not exactly false", None), ("True?", "true"), ("Falsehoods abound", None),
    ],
)  # fmt: skip
def test_labels_are_known_by_their_words(bring: Any, label: str, code: str | None) -> None:
    bring(item(reviewRating={"alternateName": label}))
    rating = ExternalReview.objects.get().rating
    assert (rating.code if rating else None) == code


# Links are people's.


def test_a_person_links_a_review_and_an_import_leaves_the_link_alone(bring: Any, checker: User) -> None:
    bring(item())
    claim = make_claim(checker)
    services.link_review(ExternalReview.objects.get(), claim, by=checker)
    bring(item(headline="Another"))
    row = ExternalReview.objects.get()
    assert (row.linked_claim, row.linked_by, row.headline) == (claim, checker, "Another")
    services.unlink_review(row, by=checker)
    assert ExternalReview.objects.get().linked_claim is None
    assert [row.action for row in claim.activities.all()][:2] == [
        "unlinked a review by others",
        "linked a review by others",
    ]


def test_an_observer_links_nothing(bring: Any, checker: User, outsider: User) -> None:
    bring(item())
    with pytest.raises(NotAllowed):
        services.link_review(ExternalReview.objects.get(), make_claim(checker), by=outsider)


def test_a_link_without_a_person_is_refused_by_the_database(bring: Any, checker: User) -> None:
    bring(item())
    with pytest.raises(IntegrityError, match="claims_external_link_says_who"), transaction.atomic():
        ExternalReview.objects.update(linked_claim=make_claim(checker))
