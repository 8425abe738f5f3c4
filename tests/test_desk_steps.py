"""The steps of the workflow: who may take them, when, and what they say when they refuse."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from claims import services
from claims.admin.actions import ACTIONS
from claims.admin.step_forms import stamp
from claims.models import Claim, Draft, User, VerdictVersion
from tests.desk import CLAIMS, Desk, fields_of
from tests.make import (
    make_claim,
    make_draft,
    make_offline_evidence,
    make_published_verdict,
)

pytestmark = pytest.mark.django_db


def ready(by: User) -> Claim:
    """A claim whose draft may be handed in."""
    claim = make_claim(by)
    make_offline_evidence(claim, by)
    make_draft(claim, by)
    return Claim.objects.get(pk=claim.pk)


def in_review(by: User) -> Claim:
    claim = ready(by)
    services.submit_for_review(Draft.objects.get(claim=claim), by=by)
    return Claim.objects.get(pk=claim.pk)


def text_of(response: Any) -> str:
    return str(response.content.decode())


# Who may open a step's page and post it. Anonymous people are sent to sign in; everybody else is listed here.
CHECKERS = {"checker", "editor", "admin"}
APPROVERS = {"editor", "admin"}
MAY = {
    "draft": CHECKERS,
    "assign": CHECKERS,
    "submit": CHECKERS,
    "send-back": CHECKERS,
    "confirm": CHECKERS,
    "correct": CHECKERS,
    "look-again": CHECKERS,
    "approve": APPROVERS,
    "retract": APPROVERS,
    "read": APPROVERS,
    "stop-reading": APPROVERS,
    "drop": CHECKERS,
    "remove": {"admin"},
    "reopen": CHECKERS,
    "stands": CHECKERS,
    "look-again-on": CHECKERS,
    "note": CHECKERS,
    "contact": CHECKERS,
    "withhold": {"admin"},
    "confirm-withholding": APPROVERS,
    "withdraw-withholding": APPROVERS,
}


def test_the_truth_table_knows_every_step() -> None:
    assert set(MAY) == {"draft", *ACTIONS}


@pytest.mark.parametrize("step", MAY)
@pytest.mark.parametrize("name", ["outsider", "checker", "editor", "admin"])
def test_a_step_is_open_to_the_roles_in_the_table_alone(
    step: str, name: str, request: pytest.FixtureRequest, checker: User
) -> None:
    desk = Desk(request.getfixturevalue(name))
    claim = ready(checker)
    expected = 200 if name in MAY[step] else 403
    assert desk.client.get(desk.claim(claim, step)).status_code == expected
    if expected == 403:
        before = claim.activities.count()
        assert desk.client.post(desk.claim(claim, step), {"reason": "x", "note": "x"}).status_code == 403
        assert claim.activities.count() == before


@pytest.mark.parametrize("step", MAY)
def test_nobody_takes_a_step_without_signing_in(step: str, checker: User, client: Client) -> None:
    response = client.post(f"{CLAIMS}{ready(checker).pk}/{step}/", {})
    assert response.status_code == 302 and "/admin/login/" in response.headers["Location"]


@pytest.mark.parametrize("step", MAY)
def test_looking_at_a_step_takes_it_for_nobody(step: str, checker: User, admin: User) -> None:
    claim = in_review(checker)
    before = claim.activities.count()
    Desk(admin).client.get(f"{CLAIMS}{claim.pk}/{step}/")
    assert claim.activities.count() == before
    assert Draft.objects.get(claim=claim).state == "in_review"


@pytest.mark.parametrize("step", MAY)
def test_a_step_asks_for_the_token_against_forgery(step: str, checker: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(checker)
    assert client.post(f"{CLAIMS}{ready(checker).pk}/{step}/", {}).status_code == 403


def test_an_observer_reads_the_claim_and_gets_nothing_to_press(outsider: User, checker: User) -> None:
    claim = in_review(checker)
    text = Desk(outsider).get(f"{CLAIMS}{claim.pk}/change/")
    assert claim.text in text
    assert "Write the verdict" not in text and "Approve" not in text and 'name="_save"' not in text


def test_handing_in_names_every_reason_at_once_and_keeps_what_was_written(checker: User) -> None:
    claim = make_claim(checker)
    desk = Desk(checker)
    answer = desk.fill(desk.claim(claim, "draft"), "draft_form", headline="Hundreds came", _submit="1")
    text = desk.get(answer.headers["Location"])
    assert "Choose a rating." in text and "Write the answer" in text and "Attach at least one" in text
    assert Draft.objects.get().headline == "Hundreds came"
    assert Draft.objects.get().state == "drafted"


def test_a_refused_step_says_all_its_reasons_on_its_page(checker: User) -> None:
    claim = make_claim(checker)
    services.assign(claim, to=checker, by=checker)
    text = text_of(Desk(checker).send(f"{CLAIMS}{claim.pk}/submit/", {}))
    assert "Choose a rating." in text and "Write a headline" in text


def test_handing_in_twice_is_harmless(checker: User) -> None:
    claim = ready(checker)
    desk = Desk(checker)
    desk.send(desk.claim(claim, "submit"), {})
    assert desk.send(desk.claim(claim, "submit"), {}).status_code == 302
    assert claim.activities.filter(action="submitted for review").count() == 1


def test_publishing_twice_is_harmless(checker: User, editor: User) -> None:
    claim = in_review(checker)
    desk = Desk(editor)
    form = desk.form(desk.claim(claim, "approve"), "step_form")
    assert desk.send(desk.claim(claim, "approve"), form).status_code == 302
    assert desk.send(desk.claim(claim, "approve"), form).status_code == 302
    assert VerdictVersion.objects.count() == 1


def test_nobody_publishes_what_they_wrote(editor: User) -> None:
    claim = in_review(editor)
    desk = Desk(editor)
    assert "Approve &amp; publish" not in desk.get(desk.claim(claim))
    read = {"read": stamp(Draft.objects.get())}
    assert "a second person has to approve it" in text_of(desk.send(desk.claim(claim, "approve"), read))
    assert not VerdictVersion.objects.exists()


def test_nobody_publishes_words_that_changed_after_they_read_them(checker: User, editor: User) -> None:
    claim = in_review(checker)
    desk = Desk(editor)
    form = desk.form(desk.claim(claim, "approve"), "step_form")
    draft = Draft.objects.get()
    services.send_back(draft, by=checker, because="A typing error.")
    draft = services.save_draft(claim, by=checker, headline="Nobody came")
    services.submit_for_review(draft, by=checker)

    text = text_of(desk.send(desk.claim(claim, "approve"), form))
    assert "This draft changed since you opened the page" in text and "Nobody came" in text
    assert not VerdictVersion.objects.exists()
    assert desk.send(desk.claim(claim, "approve"), fields_of(text, "step_form")).status_code == 302


def test_a_draft_is_sent_back_with_a_comment_its_author_sees(checker: User, editor: User) -> None:
    claim = in_review(checker)
    services.assign(claim, to=checker, by=checker)
    Desk(editor).fill(f"{CLAIMS}{claim.pk}/send-back/", "step_form", because="Name the office.")
    assert "Name the office." in Desk(checker).get(f"{CLAIMS}{claim.pk}/change/")
    assert "Name the office." in Desk(checker).get("/admin/")


def test_sending_back_without_a_comment_is_refused(checker: User, editor: User) -> None:
    claim = in_review(checker)
    assert "This field is required" in text_of(Desk(editor).send(f"{CLAIMS}{claim.pk}/send-back/", {"because": ""}))
    assert Draft.objects.get().state == "in_review"


def test_a_claim_is_assigned_to_somebody_else(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    Desk(checker).fill(f"{CLAIMS}{claim.pk}/assign/", "step_form", to=editor.pk)
    assert Draft.objects.get().assigned_to == editor


def test_two_people_writing_one_draft_lose_nothing(checker: User, editor: User) -> None:
    claim = ready(checker)
    first, second = Desk(editor), Desk(checker)
    stale = second.form(second.claim(claim, "draft"), "draft_form")
    first.fill(first.claim(claim, "draft"), "draft_form", headline="Theirs")

    text = text_of(second.send(second.claim(claim, "draft"), stale | {"headline": "Mine"}))
    assert "while you were editing" in text and "Saved meanwhile: “Theirs”" in text and 'value="Mine"' in text
    assert Draft.objects.get().headline == "Theirs"
    assert second.send(second.claim(claim, "draft"), fields_of(text, "draft_form")).status_code == 302
    assert Draft.objects.get().headline == "Mine"


def test_two_people_beginning_one_draft_lose_nothing(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    first, second = Desk(editor), Desk(checker)
    stale = second.form(second.claim(claim, "draft"), "draft_form")
    first.fill(first.claim(claim, "draft"), "draft_form", headline="Theirs")
    assert "while you were editing" in text_of(second.send(second.claim(claim, "draft"), stale | {"headline": "Mine"}))


def test_a_draft_in_review_is_not_written_to(checker: User) -> None:
    claim = in_review(checker)
    desk = Desk(checker)
    answer = desk.fill(desk.claim(claim, "draft"), "draft_form", headline="Sneaked in")
    assert "This draft is in review" in text_of(answer)
    assert Draft.objects.get().headline != "Sneaked in"


def test_a_correction_goes_from_reason_to_a_second_version(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    desk = Desk(checker)
    answer = desk.fill(desk.claim(claim, "correct"), "step_form", kind="minor", reason="A date was wrong.")
    assert answer.headers["Location"] == desk.claim(claim, "draft")
    desk.fill(desk.claim(claim, "draft"), "draft_form", summary="With the right date.", _submit="1")
    Desk(editor).fill(desk.claim(claim, "approve"), "step_form")
    assert VerdictVersion.objects.get(number=2).correction_reason == "A date was wrong."


def test_correction_fields_wait_for_a_verdict(checker: User, editor: User) -> None:
    assert "correction_reason" not in Desk(checker).get(f"{CLAIMS}{ready(checker).pk}/draft/")
    claim = make_published_verdict(checker, editor).verdict.claim
    services.correct_verdict(claim, by=checker, kind="minor", reason="A date was wrong.")
    assert "correction_reason" in Desk(checker).get(f"{CLAIMS}{claim.pk}/draft/")


def test_a_verdict_is_retracted_with_its_reason(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    Desk(editor).fill(f"{CLAIMS}{claim.pk}/retract/", "step_form", reason="The count was invented.")
    assert Claim.objects.get().verdict.status == "retracted"


def test_a_person_opens_a_review(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    Desk(checker).fill(f"{CLAIMS}{claim.pk}/look-again/", "step_form", reason="A reader asked.")
    review = Claim.objects.get().verdict.reviews.get()
    assert (review.reason, review.opened_by) == ("A reader asked.", checker)
    again = text_of(Desk(checker).send(f"{CLAIMS}{claim.pk}/look-again/", {"reason": "Me too."}))
    assert "being looked at already" in again


def test_a_page_nobody_captured_needs_the_acknowledgement(checker: User) -> None:
    from tests.make import make_evidence

    claim = make_claim(checker)
    make_evidence(claim, checker)
    make_draft(claim, checker)
    desk = Desk(checker)
    assert "acknowledge it on the draft" in text_of(desk.send(desk.claim(claim, "submit"), {}))
    answer = desk.fill(desk.claim(claim, "draft"), "draft_form", unchecked_acknowledged="on", _submit="1")
    assert answer.headers["Location"] == desk.claim(claim)
    assert Draft.objects.get().state == "in_review"


def test_a_published_verdict_is_written_on_by_a_correction_alone(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    desk = Desk(checker)
    text = desk.get(desk.claim(claim, "draft"))
    assert "Begin a correction" in text and f"/admin/claims/claim/{claim.pk}/correct/" in text
    assert 'id="draft_form"' not in text


def test_words_for_a_draft_that_was_published_meanwhile_are_not_lost(checker: User, editor: User) -> None:
    claim = ready(checker)
    desk = Desk(checker)
    stale = desk.form(desk.claim(claim, "draft"), "draft_form")
    services.approve_and_publish(services.submit_for_review(claim.draft, by=checker), by=editor)
    text = text_of(desk.send(desk.claim(claim, "draft"), stale | {"summary": "My late words"}))
    assert "My late words" in text and "Begin a correction" in text and 'name="_save"' not in text
    assert not Draft.objects.exists()


def test_a_correction_is_written_under_its_own_name(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    services.correct_verdict(claim, by=checker, kind="minor", reason="A slip")
    text = Desk(checker).get(f"{CLAIMS}{claim.pk}/draft/")
    assert "Write the correction" in text and "Write the verdict" not in text
