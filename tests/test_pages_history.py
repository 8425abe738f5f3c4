"""The public history of a verdict."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims import services
from claims.models import Claim, Event, Rating, User
from pages.changes import shortened
from tests.make import (
    PAGE,
    make_claimant,
    make_correction,
    make_offline_evidence,
    make_page_say,
    make_published_verdict,
)

pytestmark = pytest.mark.django_db


def history(client: Client, public_id: str, prefix: str = "") -> str:
    response = client.get(f"{prefix}/claims/{public_id}/history/")
    assert response.status_code == 200
    return response.content.decode()


def change(claim: Claim, by: User, **fields: Any) -> None:
    claim.refresh_from_db()
    services.update_claim(claim, by=by, expected_revision=claim.revision, **fields)


def told(html: str, field: str) -> str:
    """What the history says about one field, as [-removed-]{+added+} text."""
    found = re.search(rf"<dt>{re.escape(field)}</dt>(.*?)</dd></div>", html, re.S)
    assert found, f"{field} is not in the history"
    text = re.sub(r'<span class="hidden">.*?</span>', "", found[1])
    text = re.sub(r"<del[^>]*>(.*?)</del>", r"[-\1-]", text)
    text = re.sub(r"<ins[^>]*>(.*?)</ins>", r"{+\1+}", text)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split())


def test_it_lists_every_event_with_its_hash_newest_first(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    make_correction(claim, checker, editor)
    html = history(client, claim.public_id)
    events = list(Event.objects.filter(claim=claim))
    assert len(events) == 2
    for event in events:
        assert event.hash in html
    assert html.index(events[1].hash) < html.index('id="event-' + str(events[0].sequence))


def test_it_shows_what_a_correction_changed_word_by_word(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    make_correction(
        claim,
        checker,
        editor,
        reason="The count was the city's.",
        summary="City officials counted a few hundred people on the square. Nobody counted thousands.",
    )
    html = history(client, claim.public_id)
    assert "The count was the city&#x27;s." in html
    assert "Police</del>" in html and "City officials</ins>" in html


def test_a_correction_of_the_claim_itself_is_shown_field_by_field(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(
        checker,
        editor,
        claimant=make_claimant("The Mayor"),
        made_on=date(2019, 6, 9),
        location="Almaty",
        quantity_as_stated="thousands of protesters",
        quantity_low=Decimal(2000),
        quantity_unit="people",
    ).verdict.claim
    change(
        claim,
        checker,
        text="Hundreds of protesters filled the square",
        language="ru",
        claimant=make_claimant("The Mayor's office"),
        made_on=date(2019, 6, 10),
        location="Astana",
        quantity_as_stated="hundreds of protesters",
        quantity_low=Decimal(200),
    )
    make_correction(claim, checker, editor, language="kk")
    html = history(client, claim.public_id)
    assert told(html, "The claim") == "[-Thousands-] {+Hundreds+} of protesters filled the square"
    assert told(html, "Language of the claim") == "[-English-] {+Русский+}"
    assert told(html, "Language of the verdict") == "[-English-] {+Қазақ+}"
    assert told(html, "Who said it") == "[-The Mayor-] {+The Mayor's office+}"
    assert told(html, "When it was said") == "[-9 June 2019-] {+10 June 2019+}"
    assert told(html, "Where it was said") == "[-Almaty-] {+Astana+}"
    assert told(html, "The number claimed") == (
        "[-thousands-] {+hundreds+} of protesters ([-2,000-] {+200+} or more people)"
    )
    assert "<dt>Headline</dt>" not in html


def test_what_was_not_there_before_is_only_added(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    change(claim, checker, made_on=date(2019, 6, 9), claimant=make_claimant("The Mayor"))
    make_correction(claim, checker, editor)
    html = history(client, claim.public_id)
    assert told(html, "When it was said") == "{+9 June 2019+}"
    assert told(html, "Who said it") == "{+The Mayor+}"


def test_fields_and_ratings_are_named_in_the_readers_language(client: Client, checker: User, editor: User) -> None:
    Rating.objects.filter(code="mostly-false").update(name_translations={"ru": "Скорее неправда"})
    claim = make_published_verdict(checker, editor, made_on=date(2019, 6, 9)).verdict.claim
    change(claim, checker, made_on=date(2019, 6, 10))
    rating = Rating.objects.get(code="mostly-false")
    make_correction(claim, checker, editor, kind="substantive", rating=rating)
    html = history(client, claim.public_id, "/ru")
    assert told(html, "Когда сказано") == "[-9 июня 2019-] {+10 июня 2019+}"
    assert "Скорее неправда" in html


def test_evidence_that_came_and_went_is_shown_with_its_number_and_note(
    client: Client, checker: User, editor: User
) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    services.correct_verdict(claim, by=checker, kind="minor", reason="We asked the police ourselves.")
    services.drop_evidence(claim.evidence.get(), by=checker)
    make_offline_evidence(
        claim,
        checker,
        note="They counted at noon.",
        quantity_as_stated="about 300",
        quantity_low=Decimal(300),
        quantity_high=Decimal(300),
        quantity_unit="people",
    )
    draft = services.save_draft(claim, by=checker, summary="The police counted about 300.")
    services.approve_and_publish(services.submit_for_review(draft, by=checker), by=editor)
    html = history(client, claim.public_id)
    added, dropped = told(html, "Evidence added"), told(html, "Evidence no longer used")
    assert "Interview with the police press office" in added
    assert "about 300 (300 people)" in added and "They counted at noon." in added
    assert "only a few hundred had actually turned up" in dropped


def test_it_takes_at_most_ten_queries(
    client: Client, checker: User, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    claim = make_published_verdict(checker, editor, claimant=make_claimant()).verdict.claim
    for number in range(4):
        make_correction(claim, checker, editor, summary=f"Version {number}.")
    with django_assert_max_num_queries(10):
        history(client, claim.public_id)


def test_it_shows_which_passage_started_a_review_and_how_it_ended(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    source = claim.evidence.get().source
    assert source is not None
    make_page_say(source, PAGE.replace("hundred", "thousand"))
    services.assess_changes()
    services.confirm_verdict(claim, by=editor, note="The page had a typing error.")
    html = history(client, claim.public_id)
    assert "We started to look again" in html and "changed on its page" in html
    assert "The page had a typing error." in html


def test_it_shows_the_head_of_the_whole_log(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    make_published_verdict(checker, editor, text="Another claim")
    head = Event.objects.head()
    assert head is not None and head.claim_id != claim.pk
    assert head.hash in history(client, claim.public_id)


def test_a_long_unchanged_stretch_is_cut_in_the_middle() -> None:
    text = " ".join(str(number) for number in range(200)) + " "
    [(op, short, _)] = shortened([("equal", text, "word")])
    assert op == "equal" and len(short) < len(text) / 2
    assert short.startswith("0 1 2") and short.endswith("199 ") and "…" in short
