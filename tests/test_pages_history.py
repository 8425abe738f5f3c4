"""The public history of a verdict."""

from __future__ import annotations

import pytest
from django.test import Client

from claims import services
from claims.models import Event, User
from pages.changes import shortened
from tests.make import PAGE, make_correction, make_page_say, make_published_verdict

pytestmark = pytest.mark.django_db


def history(client: Client, public_id: str) -> str:
    response = client.get(f"/claims/{public_id}/history/")
    assert response.status_code == 200
    return response.content.decode()


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
