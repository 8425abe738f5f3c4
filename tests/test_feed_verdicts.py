"""What one verdict and a list of verdicts look like, and what the filters find."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from claims import services
from claims.models import Event, User, VerdictDocument, VerdictVersion
from feed.describing.openapi import openapi
from tests.feed_rows import BEGIN, get, ids, store_documents
from tests.make import make_claim, make_claimant, make_correction, make_published_verdict, make_topic, make_withheld

VERDICTS = "/api/v1/verdicts/"


def problems_with(answer: Any, shape: str) -> list[str]:
    schema = {"$ref": f"#/components/schemas/{shape}", "components": openapi()["components"]}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(answer)]


@pytest.fixture
def version(checker: User, editor: User) -> VerdictVersion:
    """A published verdict with a claimant, a topic, an appearance, a quantity and one page of evidence."""
    version = make_published_verdict(
        checker,
        editor,
        claimant=make_claimant(same_as=["https://www.wikidata.org/wiki/Q1"]),
        topics=[make_topic()],
        quantity_as_stated="thousands of protesters",
        quantity_low=2000,
        quantity_unit="people",
    )
    services.add_appearance(
        version.verdict.claim, url="https://social.example/1", platform="facebook", audience=124000, by=checker
    )
    return version


def public_id(version: VerdictVersion) -> str:
    return version.verdict.claim.public_id


def test_a_verdict_has_every_key_of_the_contract(client: Client, version: VerdictVersion) -> None:
    verdict = get(client, f"{VERDICTS}{public_id(version)}/")
    assert verdict["id"] == verdict["claim"]["id"] == public_id(version)
    assert verdict["url"] == f"http://testserver/claims/{public_id(version)}/{version.verdict.claim.slug}/"
    assert (verdict["status"], verdict["version"], verdict["reviewed_by_second_person"]) == ("published", 1, True)
    assert {key: verdict["rating"][key] for key in ("code", "value", "best", "worst")} == {
        "code": "false",
        "value": 1,
        "best": 5,
        "worst": 1,
    }
    assert verdict["claim"]["quantity"] == {
        "as_stated": "thousands of protesters",
        "low": "2000",
        "high": None,
        "unit": "people",
    }
    assert verdict["claim"]["appearances"][0]["audience"] == 124000
    assert verdict["evidence"][0]["quote_status"] == "intact"
    assert verdict["evidence"][0]["source"]["status"] == "live"
    assert "last_checked_at" not in json.dumps(verdict)


def test_the_list_gives_each_verdict_byte_for_byte_as_stored(client: Client, version: VerdictVersion) -> None:
    body = VerdictDocument.objects.get().body
    assert body in client.get(VERDICTS).content.decode()
    assert client.get(f"{VERDICTS}{public_id(version)}/").content.decode() == body


def test_a_claim_without_a_published_verdict_is_nowhere(client: Client, checker: User) -> None:
    claim = make_claim(checker)
    assert get(client, VERDICTS)["results"] == get(client, "/api/v1/claims/")["results"] == []
    for path in (
        f"{VERDICTS}{claim.public_id}/",
        f"/api/v1/claims/{claim.public_id}/",
        f"{VERDICTS}{claim.public_id}/versions/1/",
    ):
        assert client.get(path).status_code == 404


def test_a_retracted_verdict_leaves_the_list_and_stays_addressable(
    client: Client, version: VerdictVersion, editor: User
) -> None:
    services.retract_verdict(version.verdict.claim, by=editor, reason="We mixed up two squares.")
    assert get(client, VERDICTS)["results"] == []
    assert ids(get(client, VERDICTS, status="retracted")) == [public_id(version)]
    verdict = get(client, f"{VERDICTS}{public_id(version)}/")
    assert verdict["status"] == "retracted"
    assert verdict["corrections"][0]["reason"] == "We mixed up two squares."
    assert problems_with(verdict, "AnyVerdict") == []


def test_a_client_that_polls_by_updated_since_learns_of_retractions(
    client: Client, version: VerdictVersion, editor: User
) -> None:
    since = get(client, VERDICTS)["results"][0]["updated_at"]
    services.retract_verdict(version.verdict.claim, by=editor, reason="We mixed up two squares.")
    changed = get(client, VERDICTS, updated_since=since, ordering="updated_at")["results"]
    assert [(row["id"], row["status"]) for row in changed] == [(public_id(version), "retracted")]


def test_a_withheld_verdict_is_a_stub_without_its_text(client: Client, version: VerdictVersion) -> None:
    make_withheld(version.verdict.claim)
    for path in (f"{VERDICTS}{public_id(version)}/", f"{VERDICTS}{public_id(version)}/versions/1/"):
        answer = get(client, path)
        assert problems_with(answer, "WithheldVerdict") == []
        assert (answer["status"], answer["legal_basis"]) == ("withheld", "Art. 17 GDPR")
        assert not {"headline", "claim", "evidence", "content", "content_salt"} & set(answer)
    assert get(client, VERDICTS)["results"] == []
    assert problems_with(get(client, f"/api/v1/claims/{public_id(version)}/"), "Claim") == []
    assert get(client, "/api/v1/sources/")["results"] == []


def test_an_earlier_version_is_what_was_published_then(
    client: Client, version: VerdictVersion, checker: User, editor: User
) -> None:
    make_correction(version.verdict.claim, checker, editor, headline="Another headline")
    first, second = (get(client, f"{VERDICTS}{public_id(version)}/versions/{number}/") for number in (1, 2))
    assert (first["version"], first["headline"]) == (1, "A few hundred people came, not thousands")
    assert (second["version"], second["headline"]) == (2, "Another headline")


def test_anyone_can_recompute_the_digest_that_the_log_recorded(client: Client, version: VerdictVersion) -> None:
    answer = get(client, f"{VERDICTS}{public_id(version)}/versions/1/")
    recorded = json.loads(Event.objects.get(type="verdict.published").entry)["data"]["content_digest"]
    digest = hashlib.sha256((answer["content_salt"] + answer["content"]).encode()).hexdigest()
    assert f"sha256:{digest}" == recorded == answer["content_digest"]
    assert json.loads(answer["content"])["headline"] == answer["headline"]


@pytest.mark.parametrize("path", ["versions/2/", "versions/0/", "versions/999999999/"])
def test_a_version_that_is_not_there_says_which_are(client: Client, version: VerdictVersion, path: str) -> None:
    response = client.get(f"{VERDICTS}{public_id(version)}/{path}")
    assert response.status_code == 404
    assert response.json()["detail"] == "This verdict has the versions 1 to 1."


@pytest.mark.parametrize(
    ("wanted", "other", "query"),
    [
        ({"rating_code": "true"}, {"rating_code": "false"}, {"rating": "true"}),
        ({"claimant_slug": "иван"}, {"claimant_slug": "ivan"}, {"claimant": "иван"}),
        ({"topic_slugs": ["health", "vaccines"]}, {"topic_slugs": ["protests"]}, {"topic": "vaccines"}),
        ({"language": "kk"}, {"language": "en"}, {"language": "kk"}),
        ({"language": "en-GB"}, {"language": "ru"}, {"language": "EN"}),
        ({"status": "under_review"}, {"status": "published"}, {"status": "under_review"}),
        ({"status": "withheld"}, {"status": "published"}, {"status": "withheld"}),
        ({"search_text": "Тысячи вышли на площадь"}, {"search_text": "Площадь"}, {"q": "площадь тысячи"}),
        ({"search_text": "100 % sure"}, {"search_text": "1000 sure"}, {"q": "100 %"}),
        ({"published_at": BEGIN}, {"published_at": BEGIN - timedelta(days=1)}, {"published_after": "2026-01-01"}),
        ({"published_at": BEGIN - timedelta(days=1)}, {"published_at": BEGIN}, {"published_before": "2026-01-01"}),
        ({"updated_at": BEGIN}, {"updated_at": BEGIN - timedelta(seconds=1)}, {"updated_since": "2026-01-01T04:00+04"}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)  # fmt: skip
def test_each_filter_finds_what_it_names_and_nothing_else(
    client: Client, db: None, wanted: dict[str, Any], other: dict[str, Any], query: dict[str, str]
) -> None:
    found = store_documents(1, **wanted)
    store_documents(1, **other)
    assert ids(get(client, VERDICTS, **query)) == found


def test_a_language_does_not_find_longer_names(client: Client, db: None) -> None:
    store_documents(1, language="kkj")
    assert get(client, VERDICTS, language="kk")["results"] == []


def test_filters_narrow_each_other(client: Client, db: None) -> None:
    store_documents(1, rating_code="true", language="kk")
    found = store_documents(1, rating_code="true", language="en")
    assert ids(get(client, VERDICTS, rating="true", language="en")) == found


@pytest.mark.parametrize(("ordering", "order"), [("published_at", [0, 1, 2]), ("-published_at", [2, 1, 0])])
@pytest.mark.parametrize("column", ["published_at", "updated_at"])
def test_it_orders_by_either_time(client: Client, db: None, column: str, ordering: str, order: list[int]) -> None:
    stored = store_documents(3)
    found = ids(get(client, VERDICTS, ordering=ordering.replace("published_at", column)))
    assert found == [stored[place] for place in order]


def test_relevance_puts_what_speaks_most_of_the_words_first(client: Client, db: None) -> None:
    [often] = store_documents(1, search_text="protest and protest and protest")
    [once] = store_documents(1, search_text="a protest among many other words that say nothing")
    assert ids(get(client, VERDICTS, q="protest", ordering="relevance")) == [often, once]


def test_a_rating_without_truth_value_has_no_numbers(client: Client, db: None) -> None:
    ratings = {row["code"]: row for row in get(client, "/api/v1/ratings/")["results"]}
    assert {"value", "best", "worst"} <= set(ratings["false"])
    assert not {"value", "best", "worst"} & set(next(row for row in ratings.values() if row["tone"] == "none"))


def test_a_source_tells_of_visits_only_on_its_own_address(client: Client, version: VerdictVersion) -> None:
    [source] = get(client, "/api/v1/sources/")["results"]
    assert "last_checked_at" not in source
    detail = get(client, f"/api/v1/sources/{source['id']}/")
    assert "last_checked_at" in detail
    assert detail["verdicts"] == [public_id(version)]


def test_a_source_no_public_verdict_rests_on_is_not_public(client: Client, checker: User) -> None:
    from sources.services import register_source

    source = register_source("https://news.example/unpublished")
    assert client.get(f"/api/v1/sources/{source.public_id}/").status_code == 404
    assert get(client, "/api/v1/sources/")["results"] == []


def test_claimants_and_topics_are_those_of_standing_verdicts(
    client: Client, version: VerdictVersion, editor: User
) -> None:
    make_claimant("Nobody Quoted")
    make_topic("Unused")
    named = [(row["name"], row["kind"]) for row in get(client, "/api/v1/claimants/")["results"]]
    assert named == [("Mukhtar Example", "")]
    assert [row["slug"] for row in get(client, "/api/v1/topics/")["results"]] == ["protests"]
    services.retract_verdict(version.verdict.claim, by=editor, reason="We mixed up two squares.")
    assert get(client, "/api/v1/claimants/")["results"] == get(client, "/api/v1/topics/")["results"] == []
