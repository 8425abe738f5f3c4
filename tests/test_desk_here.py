"""Who else has a claim open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from claims import services
from claims.models import Claim, Presence, User
from tests.desk import Desk, html
from tests.make import make_claim, make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(checker: User) -> Claim:
    claim = make_claim(checker)
    make_draft(claim, checker)
    return claim


def test_opening_the_draft_says_who_is_writing_without_javascript(checker: User, editor: User, claim: Claim) -> None:
    first, second = Desk(editor), Desk(checker)
    first.get(first.claim(claim, "draft"))
    for page in ("draft", "change"):
        text = second.get(second.claim(claim, page))
        assert "editor</span> is writing the verdict here since" in text, page


def test_opening_the_claim_says_who_has_it_open(checker: User, editor: User, claim: Claim) -> None:
    Desk(editor).get(f"/admin/claims/claim/{claim.pk}/change/")
    assert "has this claim open since" in Desk(checker).get(f"/admin/claims/claim/{claim.pk}/draft/")


def test_nobody_is_told_of_themselves(checker: User, claim: Claim) -> None:
    desk = Desk(checker)
    desk.get(desk.claim(claim, "draft"))
    assert "is writing the verdict here" not in desk.get(desk.claim(claim, "draft"))


def test_the_page_asks_again_and_says_when_it_is_left(checker: User, editor: User, claim: Claim) -> None:
    here = f"/admin/claims/claim/{claim.pk}/here/"
    first, second = Desk(editor), Desk(checker)
    first.send(here, {"writing": "1"})
    assert "is writing" in html(second.send(here, {}))
    assert first.send(here, {"gone": "1"}).status_code == 204
    assert "is writing" not in html(second.send(here, {}))
    assert second.client.get(here).status_code == 405


def test_who_was_not_seen_for_a_while_is_not_here(checker: User, editor: User, claim: Claim) -> None:
    services.note_presence(claim, by=editor, writing=True, at=timezone.now() - timedelta(minutes=2))
    assert "is writing" not in Desk(checker).get(f"/admin/claims/claim/{claim.pk}/draft/")


def test_since_is_when_they_came_and_begins_anew_when_they_come_back(checker: User, claim: Claim) -> None:
    began = timezone.now()
    for minutes in (0, 1, 2):
        services.note_presence(claim, by=checker, writing=True, at=began + timedelta(minutes=minutes))
    assert Presence.objects.get().since == began
    services.note_presence(claim, by=checker, writing=True, at=began + timedelta(minutes=30))
    assert Presence.objects.get().since == began + timedelta(minutes=30)


def test_observers_are_told_and_warn_nobody(checker: User, outsider: User, claim: Claim) -> None:
    desk = Desk(outsider)
    Desk(checker).get(f"/admin/claims/claim/{claim.pk}/draft/")
    assert "is writing the verdict here" in desk.get(desk.claim(claim))
    desk.send(f"/admin/claims/claim/{claim.pk}/here/", {})
    assert not Presence.objects.filter(user=outsider).exists()
