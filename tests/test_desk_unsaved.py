"""Words that were typed and not saved: kept for their writer, shown with the difference, taken over or discarded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from claims import services
from claims.models import ChecklistItem, Claim, Draft, UnsavedWords, User
from tests.desk import Desk, fields_of, html
from tests.make import make_claim, make_draft, make_published_verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(checker: User) -> Claim:
    claim = make_claim(checker)
    make_draft(claim, checker)
    return claim


def keep(desk: Desk, claim: Claim, **words: Any) -> Any:
    """What the page does by itself while somebody types."""
    return desk.send(desk.claim(claim, "draft/keep"), desk.form(desk.claim(claim, "draft"), "draft_form") | words)


def test_typed_words_are_kept_beside_the_draft_never_in_it(checker: User, claim: Claim) -> None:
    desk = Desk(checker)
    answer = keep(desk, claim, headline="Not saved yet")
    assert answer.json() == {"at": timezone.localtime(UnsavedWords.objects.get().kept_at).strftime("%H:%M")}
    assert (Draft.objects.get().headline, Draft.objects.get().revision) == (claim.draft.headline, claim.draft.revision)


def test_on_return_they_are_shown_with_the_difference(checker: User, claim: Claim) -> None:
    desk = Desk(checker)
    keep(desk, claim, headline="A few thousand people came, not hundreds")
    text = desk.get(desk.claim(claim, "draft"))
    assert "You have unsaved words from" in text and "Take them over" in text
    assert "<del>hundred" in text and "<ins>thousand" in text
    assert desk.form(desk.claim(claim, "draft"), "draft_form")["headline"] == Draft.objects.get().headline


def test_taken_over_they_stand_in_the_form_and_saving_clears_them(checker: User, claim: Claim) -> None:
    desk = Desk(checker)
    keep(desk, claim, headline="Мои слова", explanation="**Қазақша**")
    text = html(desk.send(desk.claim(claim, "draft"), {"_take": ""}))
    form = fields_of(text, "draft_form")
    assert (form["headline"], form["explanation"]) == ("Мои слова", "**Қазақша**")
    desk.send(desk.claim(claim, "draft"), form)
    assert Draft.objects.get().headline == "Мои слова" and not UnsavedWords.objects.exists()


def test_discarded_they_are_gone(checker: User, claim: Claim) -> None:
    desk = Desk(checker)
    keep(desk, claim, headline="Never mind")
    desk.send(desk.claim(claim, "draft"), {"_discard": ""})
    assert not UnsavedWords.objects.exists()
    assert "unsaved words" not in desk.get(desk.claim(claim, "draft"))


def test_words_that_were_saved_since_are_no_news(checker: User, claim: Claim) -> None:
    desk = Desk(checker)
    keep(desk, claim, headline="The same")
    services.save_draft(claim, by=checker, headline="The same")
    assert "unsaved words" not in desk.get(desk.claim(claim, "draft"))


def test_taken_over_after_somebody_else_saved_they_overwrite_nothing(checker: User, editor: User, claim: Claim) -> None:
    desk = Desk(checker)
    keep(desk, claim, headline="Mine")
    services.save_draft(claim, by=editor, headline="Theirs", summary="Their answer")
    form = fields_of(html(desk.send(desk.claim(claim, "draft"), {"_take": ""})), "draft_form")
    text = html(desk.send(desk.claim(claim, "draft"), form))
    assert "Saved meanwhile: “Theirs”" in text
    desk.send(desk.claim(claim, "draft"), fields_of(text, "draft_form"))
    draft = Draft.objects.get()
    assert (draft.headline, draft.summary) == ("Mine", "Their answer")


def test_ticks_are_kept_too(checker: User, claim: Claim) -> None:
    item, desk = ChecklistItem.objects.all()[0], Desk(checker)
    keep(desk, claim, **{f"tick_{item.pk}": "on"})
    assert "<ins>yes" in desk.get(desk.claim(claim, "draft"))
    form = fields_of(html(desk.send(desk.claim(claim, "draft"), {"_take": ""})), "draft_form")
    desk.send(desk.claim(claim, "draft"), form)
    assert Draft.objects.get().ticks.get().item == item


def test_nobody_sees_what_another_typed(checker: User, editor: User, claim: Claim) -> None:
    keep(Desk(checker), claim, headline="My secret first try")
    desk = Desk(editor)
    assert "secret" not in desk.get(desk.claim(claim, "draft"))
    assert "secret" not in desk.get(desk.claim(claim, "draft/unsaved"))
    desk.send(desk.claim(claim, "draft"), {"_discard": ""})
    assert UnsavedWords.objects.count() == 1


def test_words_from_a_device_that_was_offline_do_not_replace_newer_ones(checker: User, claim: Claim) -> None:
    desk = Desk(checker)
    keep(desk, claim, headline="Newer")
    keep(desk, claim, headline="Older", _age="3600")
    assert UnsavedWords.objects.get().words["headline"] == ["Newer"]


@pytest.mark.parametrize("age", ["", "-5", "x", "9" * 30, "1e9"])
def test_a_strange_age_breaks_nothing(checker: User, claim: Claim, age: str) -> None:
    assert keep(Desk(checker), claim, headline="New", _age=age).status_code == 200


def test_more_than_a_draft_may_hold_stays_on_the_device(checker: User, claim: Claim) -> None:
    answer = keep(Desk(checker), claim, explanation="ж" * 1_000_000)
    assert answer.status_code in (400, 413) and not UnsavedWords.objects.exists()
    answer = keep(Desk(checker), claim, explanation="x" * 500_000)
    assert answer.status_code == 413 and "kept on this device" in answer.json()["error"]


def test_fields_nobody_asked_for_are_not_kept(checker: User, claim: Claim) -> None:
    keep(Desk(checker), claim, headline="x", state="in_review", evil="<script>")
    assert not {"state", "evil", "csrfmiddlewaretoken"} & set(UnsavedWords.objects.get().words)


def test_hostile_words_come_back_as_words(checker: User, claim: Claim) -> None:
    desk = Desk(checker)
    keep(desk, claim, headline="<img src=x onerror=alert(1)>", rating="-1 OR 1", correction_kind="<b>")
    text = desk.get(desk.claim(claim, "draft"))
    assert "<img src=x" not in text and "&lt;img" in text


def test_an_observer_or_a_stranger_keeps_nothing(outsider: User, claim: Claim) -> None:
    desk = Desk(outsider)
    assert desk.send(desk.claim(claim, "draft/keep"), {"headline": "x"}).status_code == 403
    assert Client().post(desk.claim(claim, "draft/keep"), {"headline": "x"}).status_code == 302
    assert not UnsavedWords.objects.exists()


def test_a_draft_of_no_claim_is_404(checker: User) -> None:
    desk = Desk(checker)
    for page in ("keep", "live", "page", "unsaved"):
        assert desk.send(f"/admin/claims/claim/987654321/draft/{page}/", {}).status_code == 404


def test_what_nobody_came_back_for_goes_after_thirty_days(checker: User, editor: User, claim: Claim) -> None:
    now = timezone.now()
    services.keep_words(claim, by=checker, words={"headline": ["old"]}, at=now - timedelta(days=31))
    services.keep_words(claim, by=editor, words={"headline": ["new"]}, at=now - timedelta(days=29))
    services.note_presence(claim, by=editor, writing=True, at=now - timedelta(hours=1))
    assert services.forget_old_words(at=now) == 2
    assert UnsavedWords.objects.get().user == editor


def test_what_the_law_withholds_is_kept_by_nobody(checker: User, editor: User, admin: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    services.keep_words(claim, by=checker, words={"headline": ["The withheld words"]})
    services.propose_withholding(claim, by=admin, reason="A court said so.", legal_basis="Order 5/2026")
    services.confirm_withholding(claim, by=editor)
    assert not UnsavedWords.objects.exists()
    answer = Desk(checker).send(f"/admin/claims/claim/{claim.pk}/draft/keep/", {"headline": "Once more"})
    assert answer.status_code == 409 and not UnsavedWords.objects.exists()
