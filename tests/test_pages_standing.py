"""What a verdict's page says once something happened to it: looked at again, corrected, retracted, withheld."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from claims import services
from claims.models import Claim, User, VerdictDocument
from tests.make import PAGE, make_correction, make_page_say
from tests.pages_rows import path_of, published, read

pytestmark = pytest.mark.django_db


def test_an_altered_passage_shows_a_calm_banner_and_the_difference(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    source = claim.evidence.get().source
    assert source is not None
    make_page_say(source, PAGE.replace("a few hundred", "a few thousand"))
    services.assess_changes()
    html = read(client, path_of(claim))
    assert "We are looking at this verdict again" in html
    assert "our rating stands while we look" in html
    assert re.search(r"<del[^>]*>.*?hundred</del>\s<ins[^>]*>.*?thousand</ins>", html, re.S)
    assert "Changed since we quoted it" in html


def confirmed(checker: User, editor: User, *, says: str) -> Claim:
    """A verdict whose quoted page says something else now; a person looked again and let the rating stand."""
    claim = published(checker, editor)
    source = claim.evidence.get().source
    assert source is not None
    make_page_say(source, says)
    services.assess_changes()
    services.confirm_verdict(claim, by=editor, note="The page rounds now; <the count> is the same.")
    return claim


def test_after_a_confirmed_review_it_says_that_the_rating_stands_and_why(
    client: Client, checker: User, editor: User
) -> None:
    claim = confirmed(checker, editor, says=PAGE.replace("a few hundred", "several hundred"))
    html = read(client, path_of(claim))
    sentence = r"We looked again on <time[^>]*>[^<]+</time>: the rating stands\."
    note = "The page rounds now; &lt;the count&gt; is the same."
    top, _, below = html.partition("<h1")
    for part in (top, below[below.index("Changed since we quoted it") :]):
        assert re.search(sentence, part) and note in part
    assert "We are looking at this verdict again" not in html
    assert "We finished looking again: the rating stands" in html
    russian = read(client, f"/ru{path_of(claim)}")
    assert "оценка остаётся в силе" in russian and '<p lang="en">The page rounds now' in russian


@pytest.mark.parametrize("change", ["the passage is back", "another review opened"])
def test_it_stops_saying_so_when(client: Client, checker: User, editor: User, change: str) -> None:
    claim = confirmed(checker, editor, says="Nothing is left of the report. It rained.")
    assert "We looked again on" in read(client, path_of(claim))
    source = claim.evidence.get().source
    assert source is not None
    if change == "the passage is back":
        make_page_say(source, PAGE)
        services.assess_changes()
    else:
        services.look_again(claim, by=editor, reason="A reader sent another count.")
    assert "We looked again on" not in read(client, path_of(claim))


def test_a_source_page_says_it_too(client: Client, checker: User, editor: User) -> None:
    claim = confirmed(checker, editor, says=PAGE.replace("a few hundred", "several hundred"))
    source = claim.evidence.get().source
    assert source is not None
    assert "We looked again on" in read(client, f"/sources/{source.public_id}/")


def test_a_corrected_verdict_says_when_and_why_on_top(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    make_correction(claim, checker, editor, reason="We had the wrong day.")
    html = read(client, path_of(claim))
    assert "We had the wrong day." in html
    assert html.index("We had the wrong day.") < html.index("<h1")


def test_a_retracted_verdict_keeps_its_page_with_the_reason_and_loses_the_markup(
    client: Client, checker: User, editor: User
) -> None:
    claim = published(checker, editor)
    services.retract_verdict(claim, by=editor, reason="It was another square.")
    html = read(client, path_of(claim))
    assert "We have taken this verdict back" in html and "It was another square." in html
    assert "application/ld+json" not in html


def test_a_withheld_verdict_is_a_stub_under_any_slug(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    document = VerdictDocument.objects.get(claim=claim)
    stub = {"id": claim.public_id, "status": "withheld", "legal_basis": "Court order 12/2026"}
    VerdictDocument.objects.filter(pk=document.pk).update(status="withheld", body=json.dumps(stub), claimreview="")
    for address in (path_of(claim), f"/claims/{claim.public_id}/", f"/claims/{claim.public_id}/history/"):
        html = read(client, address, 451)
        assert "Court order 12/2026" in html
        assert "protesters" not in html.replace(document.slug, "")
