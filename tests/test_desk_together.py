"""Two people, or one person's impatient finger, on one form: nothing is lost and nothing happens twice."""

from __future__ import annotations

import threading
from typing import Any
from unittest.mock import DEFAULT, patch

import pytest
from django.db import connection

from claims import services
from claims.admin.once import refuse_twice
from claims.models import Appearance, Claim, Draft, User
from tests.desk import CLAIMS, Desk, fields_of, row
from tests.make import (
    PAGE,
    QUOTE,
    make_claim,
    make_draft,
    make_evidence,
    make_offline_evidence,
    make_page_say,
    make_topic,
)

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.headers.get("Location")
    return str(response.content.decode())


def test_saving_again_keeps_what_only_the_other_person_changed_on_the_claim(checker: User, editor: User) -> None:
    claim = make_claim(checker, location="Almaty", topics=[make_topic("Old")])
    new = make_topic("New")
    first, second = Desk(editor), Desk(checker)
    stale = second.form(second.claim(claim))
    first.fill(first.claim(claim), location="Astana", made_on="2019-06-09", topics=[str(new.pk)])

    text = text_of(second.send(second.claim(claim), stale | {"text": "My words"}))
    assert "Theirs is in the form now where you had changed nothing: Made on, Place, Topics." in text
    assert "Saved meanwhile" not in text and "Both of you" not in text
    assert second.send(second.claim(claim), fields_of(text, "claim_form")).status_code == 302
    claim = Claim.objects.get()
    assert (claim.text, claim.location, str(claim.made_on)) == ("My words", "Astana", "2019-06-09")
    assert list(claim.topics.all()) == [new]


def test_only_what_both_changed_is_told_as_contested(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    make_draft(claim, checker)
    first, second = Desk(editor), Desk(checker)
    stale = second.form(second.claim(claim, "draft"), "draft_form")
    first.fill(first.claim(claim, "draft"), "draft_form", headline="Theirs", summary="Their answer")

    mine = {"headline": "Mine", "explanation": "My explanation"}
    text = text_of(second.send(second.claim(claim, "draft"), stale | mine))
    assert "Both of you changed: Headline." in text and text.count("Saved meanwhile") == 1
    assert "Saved meanwhile: “Theirs”" in text
    second.send(second.claim(claim, "draft"), fields_of(text, "draft_form"))
    draft = Draft.objects.get()
    assert (draft.headline, draft.summary, draft.explanation) == ("Mine", "Their answer", "My explanation")


def test_a_script_that_sends_no_memory_of_the_form_is_told_all_that_differs(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    first, second = Desk(editor), Desk(checker)
    stale = {name: value for name, value in second.form(second.claim(claim)).items() if not name.startswith("initial-")}
    first.fill(first.claim(claim), location="Astana")
    text = text_of(second.send(second.claim(claim), stale | {"location": "Almaty"}))
    assert "Saved meanwhile: “Astana”" in text
    assert Claim.objects.get().location == "Astana"


def test_a_row_of_evidence_is_not_put_back_by_an_older_page(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    evidence = make_evidence(claim, checker)
    first, second = Desk(editor), Desk(checker)
    stale = second.form(second.claim(claim))
    first.fill(first.claim(claim), **{"evidence-0-note": "Theirs."})
    assert second.send(second.claim(claim), stale | {"evidence-0-description": "Mine."}).status_code == 302
    evidence.refresh_from_db()
    assert (evidence.note, evidence.description) == ("Theirs.", "Mine.")


def test_one_field_of_evidence_written_by_two_is_told(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    evidence = make_evidence(claim, checker)
    first, second = Desk(editor), Desk(checker)
    stale = second.form(second.claim(claim))
    first.fill(first.claim(claim), **{"evidence-0-note": "Theirs."})
    text = text_of(second.send(second.claim(claim), stale | {"evidence-0-note": "Mine."}))
    assert "Saved meanwhile: “Theirs.”" in text and "Mine." in text
    assert second.send(second.claim(claim), fields_of(text, "claim_form")).status_code == 302
    evidence.refresh_from_db()
    assert evidence.note == "Mine."


def test_an_appearance_is_not_put_back_by_an_older_page(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    services.add_appearance(claim, url="https://a.example/1", by=checker)
    first, second = Desk(editor), Desk(checker)
    stale = second.form(second.claim(claim))
    first.fill(first.claim(claim), **{"appearances-0-audience": "12"})
    second.send(second.claim(claim), stale | {"appearances-0-platform": "telegram"})
    appearance = Appearance.objects.get()
    assert (appearance.audience, appearance.platform) == (12, "telegram")


def test_the_line_ends_of_a_browser_are_no_change(checker: User) -> None:
    claim = make_claim(checker)
    make_draft(claim, checker, explanation="One line.\nAnother.")
    desk = Desk(checker)
    form = desk.form(desk.claim(claim, "draft"), "draft_form")
    crlf = {name: value.replace("\n", "\r\n") if isinstance(value, str) else value for name, value in form.items()}
    services.save_draft(claim, by=checker, headline="Theirs")
    text = text_of(desk.send(desk.claim(claim, "draft"), crlf | {"summary": "Mine"}))
    assert "where you had changed nothing: Headline." in text


# The add form, sent twice.


def test_a_form_sent_twice_logs_one_claim_and_lands_on_it(checker: User) -> None:
    desk = Desk(checker)
    form = desk.form(f"{CLAIMS}add/") | {"text": "Thousands came"}
    form |= row("evidence", 0, kind="page", stance="refutes", url="https://news.example/a", quote=QUOTE)
    answers = [desk.send(f"{CLAIMS}add/", form) for _ in range(2)]
    claim = Claim.objects.get()
    assert [answer.headers["Location"] for answer in answers] == [desk.claim(claim)] * 2
    assert claim.evidence.count() == 1
    assert "the form arrived twice" in desk.get(desk.claim(claim))


def test_other_words_in_the_old_form_are_another_claim(checker: User) -> None:
    desk = Desk(checker)
    form = desk.form(f"{CLAIMS}add/")
    for text in ("Thousands came", "Nobody came"):
        desk.send(f"{CLAIMS}add/", form | {"text": text})
    assert {claim.text for claim in Claim.objects.all()} == {"Thousands came", "Nobody came"}


def test_a_refused_form_may_be_sent_again(checker: User) -> None:
    desk = Desk(checker)
    broken = row("evidence", 0, kind="page", stance="refutes", url="nonsense", quote=QUOTE)
    text = text_of(desk.fill(f"{CLAIMS}add/", text="Thousands came", **broken))
    fields = fields_of(text, "claim_form") | {"evidence-0-url": "https://news.example/a"}
    assert desk.send(f"{CLAIMS}add/", fields).status_code == 302
    assert Claim.objects.get().evidence.count() == 1


def test_nobody_chooses_the_public_id_of_a_claim(checker: User) -> None:
    desk = Desk(checker)
    for ticket in ("vanity", "vanity:forged"):
        assert desk.fill(f"{CLAIMS}add/", text=ticket, ticket=ticket).status_code == 302
    assert not Claim.objects.filter(public_id__startswith="vanity").exists()


def test_one_person_s_ticket_does_not_lead_another_to_their_claim(checker: User, editor: User) -> None:
    form = Desk(checker).form(f"{CLAIMS}add/") | {"text": "Thousands came"}
    Desk(checker).send(f"{CLAIMS}add/", form)
    Desk(editor).send(f"{CLAIMS}add/", form)
    assert {claim.created_by for claim in Claim.objects.all()} == {checker, editor}


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_logs_one_claim(checker: User) -> None:
    desks = [Desk(checker), Desk(checker)]
    form = desks[0].form(f"{CLAIMS}add/") | {"text": "Thousands came"}
    gate, landed = threading.Barrier(2), []

    def press(desk: Desk) -> None:
        gate.wait()
        landed.append(desk.send(f"{CLAIMS}add/", form).headers.get("Location"))
        connection.close()

    threads = [threading.Thread(target=press, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    claim = Claim.objects.get()
    assert landed == [desks[0].claim(claim)] * 2


def test_a_form_whose_twin_comes_between_its_look_and_its_save_lands_on_the_same_claim(checker: User) -> None:
    desk = Desk(checker)
    form = desk.form(f"{CLAIMS}add/") | {"text": "Thousands came"}
    first = desk.send(f"{CLAIMS}add/", form)
    # The first look comes too early to see the twin's claim.
    with patch("claims.admin.claims.refuse_twice", wraps=refuse_twice, side_effect=[None, DEFAULT]):
        second = desk.send(f"{CLAIMS}add/", form)
    assert second.headers["Location"] == first.headers["Location"] == desk.claim(Claim.objects.get())


# A number that no longer fits its quote.


def test_taking_the_nearest_passage_asks_for_the_number_anew(checker: User) -> None:
    claim = make_claim(checker)
    evidence = make_evidence(
        claim, checker, quantity_as_stated="a few hundred", quantity_low=200, quantity_unit="people"
    )
    assert evidence.source is not None
    make_page_say(evidence.source, PAGE.replace("hundred", "thousand"))
    services.assess_changes()
    desk = Desk(checker)
    answer = desk.fill(desk.claim(claim), **{"evidence-0-take_nearest": "on", "evidence-0-note": "Kept."})
    assert "a few hundred (200 or more people)) was taken out" in desk.get(answer.headers["Location"])
    evidence.refresh_from_db()
    assert (evidence.quantity, evidence.note) == (None, "Kept.")


def test_taking_the_nearest_passage_keeps_a_number_that_still_holds(checker: User) -> None:
    claim = make_claim(checker)
    evidence = make_evidence(
        claim, checker, quote="only a few hundred had really turned up", quantity_as_stated="hundreds"
    )
    assert evidence.source is not None
    make_page_say(evidence.source, PAGE)
    services.assess_changes()
    desk = Desk(checker)
    answer = desk.fill(desk.claim(claim), **{"evidence-0-take_nearest": "on"})
    assert "was taken out" not in desk.get(answer.headers["Location"])
    evidence.refresh_from_db()
    assert evidence.quantity is not None and evidence.quote == QUOTE


def test_evidence_of_a_claim_in_review_is_told_to_wait(checker: User) -> None:
    claim = make_claim(checker)
    make_offline_evidence(claim, checker)
    services.submit_for_review(make_draft(claim, checker), by=checker)
    desk = Desk(checker)
    text = text_of(desk.fill(desk.claim(claim), **{"evidence-0-note": "Late."}))
    assert "draft is in review" in text and "Late." in text
