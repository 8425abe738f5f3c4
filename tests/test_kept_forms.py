"""A form that is sent after its session has ended, without JavaScript: nothing that was written is lost, or saved."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from claims.models import Claim, Claimant, Draft, User
from tests.desk import Desk, fields_of, html
from tests.make import PASSWORD, make_claim, make_claimant, make_draft

pytestmark = pytest.mark.django_db


def sent_too_late(desk: Desk, path: str, fields: dict[str, Any], *, then: User) -> str:
    """The page its person finds behind the login."""
    desk.client.logout()
    login = str(desk.client.post(path, fields)["Location"])
    assert login == f"/admin/login/?next={path}"
    answer = desk.client.post(login, {"username": then.username, "password": PASSWORD, "next": path})
    assert answer["Location"] == path
    return desk.get(path)


def test_a_draft_comes_back_in_its_form_and_is_not_saved(checker: User) -> None:
    claim, desk = make_claim(checker), Desk(checker)
    make_draft(claim, checker)
    path = desk.claim(claim, "draft")
    page = sent_too_late(desk, path, desk.form(path, "draft_form") | {"headline": "Мои слова"}, then=checker)
    assert "not saved yet" in page
    back = fields_of(page, "draft_form")
    assert back["headline"] == "Мои слова" != Draft.objects.get().headline
    desk.send(path, back)
    assert Draft.objects.get().headline == "Мои слова"


def test_a_row_of_the_desk_comes_back_in_its_form_and_is_not_saved(checker: User) -> None:
    row, desk = make_claimant("A B"), Desk(checker)
    path = f"/admin/claims/claimant/{row.pk}/change/"
    form = desk.form(path, "claimant_form")
    page = sent_too_late(desk, path, form | {"name": "C D", "_save": ""}, then=checker)
    assert "not saved yet" in page and fields_of(page, "claimant_form")["name"] == "C D"
    assert Claimant.objects.get().name == "A B"
    assert "not saved yet" not in desk.get(path), "it is shown once"


def test_a_claim_with_its_rows_comes_back_and_is_not_saved(checker: User) -> None:
    claim, desk = make_claim(checker), Desk(checker)
    path = desk.claim(claim, "change")
    page = sent_too_late(desk, path, desk.form(path, "claim_form") | {"location": "Алматы"}, then=checker)
    assert "not saved yet" in page and fields_of(page, "claim_form")["location"] == "Алматы"
    assert Claim.objects.get().location == ""


def test_only_a_form_of_ours_is_kept(checker: User) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/admin/claims/log", {"text": "Words of a stranger"})
    assert answer.status_code == 403 and "sessionid" not in client.cookies


def test_whose_session_ended_is_asked_before_another_is_shown_their_words(checker: User, editor: User) -> None:
    claim, desk = make_claim(checker), Desk(checker)
    path = desk.claim(claim, "change")
    desk.get(path)
    session = desk.client.session
    session["desk"] |= {"seen": 0}
    session.save()
    desk.client.post(path, {"location": "Алматы"})
    desk.client.post("/admin/login/", {"username": editor.username, "password": PASSWORD, "next": path})
    assert "Алматы" not in html(desk.client.get(path))
