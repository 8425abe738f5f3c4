"""What the public sees of a verdict: the documented shape, valid ClaimReview, nothing that could run."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command

from claims import services
from claims.models import User, VerdictDocument
from claims.rendering.claimreview import Publisher, as_script_text, render_claimreview
from claims.rendering.lint import lint
from claims.rendering.markdown import to_html
from tests.make import make_claim, make_claimant, make_draft, make_offline_evidence, make_published_verdict, make_topic

PUBLISHER = Publisher(name="Newsroom", url="https://news.example")


@pytest.fixture
def document(checker: User, editor: User) -> dict[str, Any]:
    make_published_verdict(
        checker,
        editor,
        claimant=make_claimant("Mukhtar Example", same_as=["https://www.wikidata.org/wiki/Q1"]),
        made_on=date(2019, 6, 9),
        location="Almaty",
        topics=[make_topic("Protests")],
        quantity_as_stated="thousands of protesters",
        quantity_low=2000,
        quantity_unit="people",
    )
    body: dict[str, Any] = json.loads(VerdictDocument.objects.get().body)
    return body


def test_it_has_every_documented_key(document: dict[str, Any]) -> None:
    assert {
        "id", "url", "status", "version", "headline", "summary", "explanation", "language",
        "reviewed_by_second_person", "rating", "claim", "evidence", "published_at", "updated_at",
        "corrections", "review",
    } <= set(document)  # fmt: skip
    assert {"code", "name", "value", "best", "worst"} <= set(document["rating"])
    assert {
        "id", "text", "language", "made_on", "location", "claimant", "quantity", "topics", "appearances"
    } <= set(document["claim"])  # fmt: skip
    assert {
        "id", "kind", "stance", "load_bearing", "quote", "note", "quote_status", "quantity", "source"
    } <= set(document["evidence"][0])  # fmt: skip
    assert {
        "id", "url", "title", "publisher", "status", "status_since", "archived_url"
    } <= set(document["evidence"][0]["source"])  # fmt: skip


def test_its_values_are_as_documented(document: dict[str, Any]) -> None:
    assert document["id"] == document["claim"]["id"]
    assert document["url"].startswith(f"http://testserver/claims/{document['id']}/")
    assert document["claim"]["quantity"] == {
        "as_stated": "thousands of protesters", "low": "2000", "high": None, "unit": "people",
    }  # fmt: skip
    assert document["claim"]["made_on"] == "2019-06-09"
    assert document["claim"]["topics"] == ["protests"]
    assert document["published_at"].endswith("Z")
    assert document["evidence"][0]["quote_status"] == "intact"
    assert document["rating"]["value"] == 1


def test_evidence_without_a_page_has_no_source(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    make_offline_evidence(claim, checker)
    services.approve_and_publish(services.submit_for_review(make_draft(claim, checker), by=checker), by=editor)
    evidence = json.loads(VerdictDocument.objects.get().body)["evidence"][0]
    assert (evidence["kind"], evidence["source"], evidence["quote_status"]) == ("offline", None, "unchecked")


def test_its_claimreview_breaks_no_rule(document: dict[str, Any]) -> None:
    markup = render_claimreview(document, PUBLISHER)
    assert markup is not None
    assert [finding for finding in lint(markup) if finding.is_error] == []
    assert markup["itemReviewed"]["datePublished"] == "2019-06-09"
    assert markup["reviewRating"] == {
        "@type": "Rating", "alternateName": "False", "ratingValue": 1, "bestRating": 5, "worstRating": 1,
        "ratingExplanation": document["summary"],
    }  # fmt: skip


@pytest.mark.parametrize("status", ["retracted", "withheld"])
def test_what_no_longer_stands_has_no_claimreview(document: dict[str, Any], status: str) -> None:
    assert render_claimreview(document | {"status": status}, PUBLISHER) is None


def test_json_in_a_script_element_cannot_close_it() -> None:
    text = as_script_text({"x": "</script><script>alert(1)</script> & \u2028"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"x": "</script><script>alert(1)</script> & \u2028"}


@pytest.mark.parametrize(
    ("written", "forbidden"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("[x](javascript:alert(1))", "href"),
        ("![x](https://tracker.example/pixel.png)", "<img"),
        ('<a href="x" onclick="y">z</a>', "<a "),
        ("# A heading of level one", "<h1"),
    ],
)
def test_markdown_brings_nothing_that_runs_or_loads(written: str, forbidden: str) -> None:
    assert forbidden not in to_html(written)


def test_the_commands_agree_with_what_was_published(
    document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_history", "--json")
    assert json.loads(capsys.readouterr().out)["tampering"] is None
    call_command("lint_claimreview", "--json")
    assert json.loads(capsys.readouterr().out)["claims"] == 1
    call_command("rebuild_documents", "--check", "--json")
    assert json.loads(capsys.readouterr().out) == {"documents": 1, "stale": 0}


def test_a_stale_document_is_found_and_rebuilt(document: dict[str, Any]) -> None:
    VerdictDocument.objects.update(body="{}")
    with pytest.raises(SystemExit) as raised:
        call_command("rebuild_documents", "--check")
    assert raised.value.code == 1
    call_command("rebuild_documents")
    assert json.loads(VerdictDocument.objects.get().body) == document


def test_linting_an_unknown_claim_is_a_usage_error(db: None) -> None:
    with pytest.raises(SystemExit) as raised:
        call_command("lint_claimreview", "--claim", "nowhere")
    assert raised.value.code == 2


def test_gathering_the_facts_takes_a_constant_number_of_queries(
    checker: User, editor: User, django_assert_max_num_queries: Any
) -> None:
    ids = [make_published_verdict(checker, editor).verdict_id for _ in range(4)]
    with django_assert_max_num_queries(14):
        services.stale_documents(ids)
