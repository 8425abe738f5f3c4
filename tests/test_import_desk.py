"""The desk: reviews by others, links, rating labels, imports. And the public list of publishers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from claims.models import ExternalReview, ImportRun, RatingLabel, User
from tests.desk import Desk, html
from tests.import_items import item, lines, run
from tests.make import make_claim

pytestmark = pytest.mark.django_db
REVIEWS = "/admin/claims/externalreview/"
LABELS = "/admin/claims/ratinglabel/"


@pytest.fixture
def review(tmp_path: Path) -> ExternalReview:
    other = item(
        2, url="https://other.example/1", claimReviewed="A dam broke", reviewRating={"alternateName": "Shovel"}
    )
    run(lines(tmp_path / "a.ndjson", [item(), other, item(3, url=None)]))
    return ExternalReview.objects.get(publisher_site="facts.example")


def test_the_list_finds_by_words_publisher_rating_and_link(review: ExternalReview, checker: User) -> None:
    desk = Desk(checker)
    bridge, dam = "The bridge of village 1 fell down", "A dam broke"
    for query, shown, hidden in [
        ("?q=bridge+fell", bridge, dam), ("?site=other.example", dam, bridge), ("?rating=none", dam, bridge),
        ("?rating=false", bridge, dam), ("?q=facts", bridge, "other.example/1"),
    ]:  # fmt: skip
        page = desk.get(REVIEWS + query)
        assert shown in page and hidden not in page, query
    assert bridge in desk.get(f"{REVIEWS}?linked_claim__isempty=1") and bridge not in desk.get(
        f"{REVIEWS}?linked_claim__isempty=0"
    )
    assert "No" in desk.get(f"{REVIEWS}?q=%00&site=%00")


def test_a_checker_links_and_unlinks(review: ExternalReview, checker: User) -> None:
    claim = make_claim(checker)
    desk, path = Desk(checker), f"{REVIEWS}{review.pk}/change/"
    assert desk.send(path, {"linked_claim": str(claim.pk)}).status_code == 302
    review.refresh_from_db()
    assert (review.linked_claim, review.linked_by) == (claim, checker)
    assert desk.send(path, {"linked_claim": ""}).status_code == 302
    review.refresh_from_db()
    assert review.linked_claim is None and review.linked_by is None


def test_nothing_of_theirs_can_be_changed(review: ExternalReview, checker: User) -> None:
    Desk(checker).send(f"{REVIEWS}{review.pk}/change/", {"linked_claim": "", "claim_text": "Ours", "rating": "1"})
    review.refresh_from_db()
    assert review.claim_text == "The bridge of village 1 fell down"


def test_an_observer_looks_and_links_nothing(review: ExternalReview, checker: User, outsider: User) -> None:
    claim = make_claim(checker)
    path = f"{REVIEWS}{review.pk}/change/"
    assert "The bridge of village 1 fell down" in Desk(outsider).get(path)
    assert Desk(outsider).send(path, {"linked_claim": str(claim.pk)}).status_code == 403


def test_a_word_added_to_the_table_maps_what_is_known(review: ExternalReview, admin: User) -> None:
    rating = RatingLabel.objects.get(key="satire").rating
    assert rating is not None
    fields = {
        "label": "SHOVEL!",
        "publisher_site": "https://www.Other.example/x",
        "language": "en-GB",
        "rating": rating.pk,
    }
    assert Desk(admin).send(f"{LABELS}add/", fields | {"rating": rating.pk}).status_code == 302
    row = RatingLabel.objects.get(key="shovel")
    assert (row.publisher_site, row.language) == ("other.example", "en")
    assert ExternalReview.objects.get(publisher_site="other.example").rating == rating
    assert Desk(admin).send(f"{LABELS}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert ExternalReview.objects.get(publisher_site="other.example").rating is None


@pytest.mark.parametrize(
    ("label", "why"), [("FALSE!", "in the table already"), ("?!", "with letters or digits"), ("", "required")]
)
def test_a_row_that_says_nothing_new_is_refused_beside_the_form(admin: User, label: str, why: str) -> None:
    page = html(Desk(admin).send(f"{LABELS}add/", {"label": label, "publisher_site": "", "language": "", "rating": ""}))
    assert why in page


def test_the_table_is_for_administrators(checker: User) -> None:
    assert Desk(checker).client.get(f"{LABELS}add/").status_code == 403


def test_an_import_shows_what_it_skipped(review: ExternalReview, checker: User) -> None:
    page = Desk(checker).get(f"/admin/claims/importrun/{ImportRun.objects.get().pk}/change/")
    assert "line 3: url is missing" in page and "to its end" in page


def test_the_public_list_names_every_publisher(review: ExternalReview, client: Client) -> None:
    page = client.get("/publishers/").content.decode()
    assert "other.example" in page and "Facts" in page and "a file or feed" in page
    ExternalReview.objects.filter(publisher_site="other.example").update(withdrawn_at=review.first_seen)
    assert "other.example" not in Client().get("/publishers/").content.decode()
    assert "Другие фактчекеры" in client.get("/ru/publishers/").content.decode()
    assert "Басқа фактчекерлер" in client.get("/kk/publishers/").content.decode()


def test_the_public_list_is_empty_at_first_and_validated_by_what_changes_it(client: Client, tmp_path: Path) -> None:
    first = client.get("/publishers/")
    assert "No fact-checks by others" in first.content.decode()
    assert client.get("/publishers/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    run(lines(tmp_path / "a.ndjson", [item()]))
    assert client.get("/publishers/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_hostile_publisher_is_only_text(client: Client, tmp_path: Path, checker: User) -> None:
    author = {"@type": "Organization", "name": "<img src=x onerror=alert(1)>Ha &lt;svg onload=x&gt;"}
    run(lines(tmp_path / "a.ndjson", [item(author=author, claimReviewed="<svg/onload=alert(1)> a bridge")]))
    review = ExternalReview.objects.get()
    pages = client.get("/publishers/").content.decode(), Desk(checker).get(f"{REVIEWS}{review.pk}/change/")
    for page in pages:
        assert "<svg/onload" not in page.lower()
        assert "<img src=x" not in page and "<svg onload" not in page
    assert json.loads(review.raw)["author"] == author


def test_others_are_never_in_our_feeds(review: ExternalReview, client: Client) -> None:
    for path in ("/api/v1/verdicts/", "/api/v1/claims/", "/api/v1/events/"):
        assert client.get(path).json()["results"] == []
