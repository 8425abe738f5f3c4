"""The page of one verdict: what it shows, to people and to machines."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims import services
from claims.models import User, VerdictDocument
from pages.reading import with_reach
from pages.templatetags.pages import claimreview
from sources.models import Source
from tests.make import (
    PAGE,
    QUOTE,
    make_claim,
    make_claimant,
    make_correction,
    make_draft,
    make_evidence,
    make_page_say,
    make_topic,
)
from tests.pages_rows import path_of, published, read

pytestmark = pytest.mark.django_db


def test_a_claim_without_a_published_verdict_is_not_there(client: Client, checker: User) -> None:
    claim = make_claim(checker)
    read(client, f"/claims/{claim.public_id}/", 404)
    read(client, f"/claims/{claim.public_id}/claim/", 404)
    read(client, f"/claims/{claim.public_id}/history/", 404)


@pytest.mark.parametrize("slug", ["", "wrong/", "%D0%BD%D0%B5-%D1%82%D0%BE/"])
def test_a_wrong_slug_leads_to_the_right_one(client: Client, checker: User, editor: User, slug: str) -> None:
    claim = published(checker, editor)
    response = client.get(f"/claims/{claim.public_id}/{slug}?utm_source=x")
    assert response.status_code == 301
    assert response["Location"] == f"{path_of(claim)}?utm_source=x"


def test_it_shows_claim_claimant_rating_answer_and_quoted_passage(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor, claimant=make_claimant("Mukhtar Example"), location="Almaty")
    html = read(client, path_of(claim))
    for words in ("Thousands of protesters filled the square", "Mukhtar Example", "Almaty", "False", QUOTE):
        assert words in html
    assert "Police counted a few hundred people" in html
    assert "On the page as quoted." in html


def test_the_rating_is_a_word_and_a_shape_and_not_colour_alone(client: Client, checker: User, editor: User) -> None:
    html = read(client, path_of(published(checker, editor)))
    plate = html[html.index('class="plate') :]
    assert re.search(r'<p class="plate-word"><svg class="glyph tone-false".*?</svg>\s*<span>False</span>', plate, re.S)


def test_it_carries_exactly_one_claimreview_that_cannot_leave_its_script(
    client: Client, checker: User, editor: User
) -> None:
    claim = published(checker, editor, text="</script><script>alert(1)</script> & more")
    html = read(client, path_of(claim))
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    assert len(blocks) == 1 and html.count("<script") == 1 + html.count('<script src="/static/')
    assert not set("<>&\u2028\u2029") & set(blocks[0])
    markup = json.loads(blocks[0])
    assert markup["@type"] == "ClaimReview"
    assert markup["claimReviewed"] == claim.text
    assert markup["url"].endswith(path_of(claim))


def test_markup_that_was_stored_unescaped_would_not_get_out_either() -> None:
    block = claimreview('{"a":"</script><b>\u2028 & c"}')
    inside = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&\u2028") & set(inside)
    assert json.loads(inside) == {"a": "</script><b>\u2028 & c"}


def test_words_of_others_arrive_escaped(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor, text='<img src=x onerror="alert(1)">', location="<b>Almaty</b>")
    html = read(client, path_of(claim))
    assert "<img" not in html and "<b>" not in html
    assert "&lt;b&gt;Almaty&lt;/b&gt;" in html


def test_it_has_no_inline_style_script_or_form_token(client: Client, checker: User, editor: User) -> None:
    # What stands in a text area is for other people's pages.
    html = re.sub(r"<textarea.*?</textarea>", "", read(client, path_of(published(checker, editor))), flags=re.S)
    assert not re.search(r"\sstyle=|\son\w+=|<style|csrfmiddlewaretoken", html)


def test_it_names_its_address_its_json_and_its_preview(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    html = read(client, path_of(claim))
    url = f"http://testserver{path_of(claim)}"
    assert f'<link rel="canonical" href="{url}">' in html
    assert f'type="application/json" href="http://testserver/api/v1/verdicts/{claim.public_id}/"' in html
    for name in ("og:title", "og:description", "og:url", "og:type", "twitter:card", "twitter:title"):
        assert f'"{name}"' in html
    assert 'name="robots"' not in html


def test_a_demonstration_says_so_and_stays_out_of_indexes(client: Client, checker: User, editor: User) -> None:
    html = read(client, path_of(published(checker, editor, is_demo=True)))
    assert '<meta name="robots" content="noindex">' in html
    assert "Demonstration:" in html


def test_it_says_who_checked_and_that_a_second_person_approved(client: Client, checker: User, editor: User) -> None:
    User.objects.filter(pk=editor.pk).update(byline="Daniyar K.")
    html = read(client, path_of(published(checker, editor)))
    assert "read and approved by Daniyar K." in html


def test_it_says_when_one_person_published_alone(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    row = VerdictDocument.objects.get(claim=claim)
    body = json.loads(row.body) | {"reviewed_by_second_person": False, "approved_by": None}
    VerdictDocument.objects.filter(pk=row.pk).update(body=json.dumps(body))
    assert "one person published this alone" in read(client, path_of(claim))


def test_the_claimed_number_stands_beside_the_found_ones(client: Client, checker: User, editor: User) -> None:
    claim = make_claim(checker, quantity_as_stated="thousands", quantity_low=Decimal(2000), quantity_unit="people")
    evidence = make_evidence(
        claim, checker, quantity_low=Decimal(200), quantity_high=Decimal(500), quantity_unit="people"
    )
    assert evidence.source is not None
    make_page_say(evidence.source, PAGE)
    services.assess_changes()
    services.approve_and_publish(services.submit_for_review(make_draft(claim, checker), by=checker), by=editor)
    html = read(client, path_of(claim))
    assert 'class="claimed"' in html and 'class="found"' in html
    assert "2,000 or more" in html and "200 to 500" in html
    assert "The same as a table" in html


@pytest.mark.parametrize(
    ("text", "decorated"), [("“Thousands” came", False), ("«Мыңдаған» келді", False), ("He said “thousands”", True)]
)
def test_a_claim_that_opens_with_a_quotation_mark_gets_no_second_one(
    client: Client, checker: User, editor: User, text: str, decorated: bool
) -> None:
    html = read(client, path_of(published(checker, editor, text=text)))
    assert (f'class="said{"" if decorated else " own-marks"}"' in html) and text in html


def test_a_claim_by_nobody_with_no_explanation_is_still_a_page(client: Client, checker: User, editor: User) -> None:
    claim = make_claim(checker)
    make_evidence(claim, checker, kind="offline", stance="context", url="", quote="", description="We asked.")
    draft = make_draft(claim, checker, rating="unproven", explanation="")
    services.approve_and_publish(services.submit_for_review(draft, by=checker), by=editor)
    html = read(client, path_of(claim))
    assert "Nobody is known to have said it first" in html
    assert "where 5 is true" not in html


def test_it_takes_at_most_twelve_queries(
    client: Client, checker: User, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    claim = published(checker, editor, claimant=make_claimant(), topics=[make_topic("Protests"), make_topic("Cities")])
    for number in range(4):
        make_correction(claim, checker, editor, summary=f"Version {number}.")
    with django_assert_max_num_queries(12):
        read(client, path_of(claim))


def test_evidence_for_and_against_stands_side_by_side_and_a_side_without_any_says_so(
    client: Client, checker: User, editor: User
) -> None:
    html = read(client, path_of(published(checker, editor)))
    against, supporting = html.index('class="side refutes"'), html.index('class="side supports"')
    assert against < html.index(f"<p>{QUOTE}") < supporting
    assert "This verdict quotes nothing for the claim." in html[supporting:]


@pytest.mark.parametrize(
    ("hours", "words"), [(0, "within the last hour"), (2, "2 hours ago"), (50, "2 days ago"), (2000, "9 January 2026")]
)
def test_each_source_says_how_it_is_and_when_it_was_checked(
    client: Client, checker: User, editor: User, hours: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 4, 2, 12, tzinfo=UTC)
    claim = published(checker, editor)
    Source.objects.update(last_checked_at=now - timedelta(hours=hours))
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    assert re.search(rf"Live\s+· checked <time [^>]*>{words}</time>", read(client, path_of(claim)))


def test_a_page_that_says_how_long_ago_is_asked_for_anew_after_ten_minutes(
    client: Client, checker: User, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(published(checker, editor))
    monkeypatch.setattr("pages.responses.time.time", lambda: 6000.0)
    etag = client.get(path)["ETag"]
    assert client.get(path, headers={"if-none-match": etag}).status_code == 304
    monkeypatch.setattr("pages.responses.time.time", lambda: 6600.0)
    assert client.get(path, headers={"if-none-match": etag}).status_code == 200


def test_the_timeline_begins_before_the_verdict(client: Client, checker: User, editor: User) -> None:
    html = read(client, path_of(published(checker, editor, made_on=date(2019, 6, 9))))
    told = html[html.index('class="timeline"') :]
    assert told.index("The claim was made") < told.index("We began to look at it") < told.index("Verdict published")


def test_the_largest_audience_has_the_longest_bar() -> None:
    seen = with_reach([{"audience": 500}, {"audience": 2000}, {"audience": None}])
    assert [appearance["reach"] for appearance in seen] == ["25.0%", "100.0%", ""]
