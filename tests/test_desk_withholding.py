"""Withholding at the desk: listed, typed, proposed by one and confirmed by another."""

from __future__ import annotations

import pytest

from claims import services
from claims.models import Claim, User, Verdict
from tests.desk import Desk, html
from tests.make import make_claim, make_published_verdict, make_user

pytestmark = pytest.mark.django_db
BASIS = "Court of Almaty, docket 12/2026"


@pytest.fixture
def claim(checker: User, editor: User) -> Claim:
    return make_published_verdict(checker, editor).verdict.claim


@pytest.fixture
def proposed(claim: Claim, admin: User) -> Claim:
    services.propose_withholding(claim, by=admin, reason="A court ordered it.", legal_basis=BASIS)
    return claim


def test_two_people_withhold_a_verdict(claim: Claim, admin: User, editor: User) -> None:
    desk = Desk(admin)
    answer = desk.fill(
        desk.claim(claim, "withhold"), "step_form", legal_basis=BASIS, reason="A court.", typed=claim.public_id
    )
    assert answer.status_code == 302
    second = Desk(editor)
    assert BASIS in second.get(second.claim(claim))
    assert (
        second.fill(second.claim(claim, "confirm-withholding"), "step_form", typed=claim.public_id).status_code == 302
    )
    assert Verdict.objects.get(claim=claim).status == "withheld"
    shown = second.get(second.claim(claim))
    assert "Thousands of protesters" not in shown and "[withheld]" in shown and 'name="_save"' not in shown


def test_the_page_lists_what_goes_and_what_cannot_be_undone(proposed: Claim, editor: User) -> None:
    desk = Desk(editor)
    text = desk.get(desk.claim(proposed, "confirm-withholding"))
    assert "Captures of pages, with their files in the archive: <strong>1</strong>" in text
    assert "Pieces of evidence: quotes, notes, descriptions, numbers, names of files: <strong>1</strong>" in text
    assert "Nobody gets the text back" in text and "backups" in text and "A court ordered it." in text


def test_the_page_names_the_public_claims_for_whose_sake_captures_stay(
    proposed: Claim, checker: User, editor: User
) -> None:
    source = proposed.evidence.get().source
    assert source is not None
    other = make_published_verdict(checker, editor, text="The other claim on this page").verdict.claim
    services.attach_evidence(other, by=checker, stance="context", url=source.canonical_url, quote="It rained.")
    text = Desk(editor).get(Desk(editor).claim(proposed, "confirm-withholding"))
    assert "The other claim on this page" in text and "Captures of pages" not in text


@pytest.mark.parametrize("typed", ["", "yes", "withhold"])
def test_nothing_happens_before_the_id_is_typed(proposed: Claim, editor: User, typed: str) -> None:
    desk = Desk(editor)
    text = html(desk.fill(desk.claim(proposed, "confirm-withholding"), "step_form", typed=typed))
    assert "not the id of this claim" in text or "required" in text
    assert Verdict.objects.get(claim=proposed).status == "published"


def test_who_proposed_it_gets_no_button_to_confirm_it(proposed: Claim, admin: User) -> None:
    desk = Desk(admin)
    assert "step_form" not in desk.get(desk.claim(proposed, "confirm-withholding"))
    desk.send(desk.claim(proposed, "confirm-withholding"), {"typed": proposed.public_id})
    assert Verdict.objects.get(claim=proposed).status == "published"


def test_the_proposal_is_withdrawn_by_an_administrator_alone(proposed: Claim, editor: User) -> None:
    assert "withdraw-withholding" not in Desk(editor).get(Desk(editor).claim(proposed))
    desk = Desk(make_user("chief", "admin"))
    assert desk.fill(desk.claim(proposed, "withdraw-withholding"), "step_form").status_code == 302
    assert not proposed.withholdings.pending().exists()
    assert "/withhold/" in desk.get(desk.claim(proposed))


def test_what_was_never_public_is_not_withheld(checker: User, admin: User) -> None:
    desk, claim = Desk(admin), make_claim(checker)
    assert "/withhold/" not in desk.get(desk.claim(claim))
    answer = desk.fill(
        desk.claim(claim, "withhold"), "step_form", legal_basis=BASIS, reason="A court.", typed=claim.public_id
    )
    assert "never public" in html(answer)
