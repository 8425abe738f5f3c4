"""Many claims of the list at once: asked first, each by itself, and what was refused is listed with its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils import timezone

from claims import services
from claims.admin.bulk import STEPS
from claims.errors import NotAllowed
from claims.models import Claim, Draft, User, Verdict
from tests.desk import CLAIMS, Desk, fields_of, html
from tests.make import make_claim, make_published_verdict, make_topic

pytestmark = pytest.mark.django_db


def chosen(desk: Desk, step: str, claims: list[Claim], **more: Any) -> Any:
    fields = {"action": step, ACTION_CHECKBOX_NAME: [str(claim.pk) for claim in claims]}
    return desk.send(CLAIMS, fields | more)


def test_nothing_happens_before_it_is_confirmed(checker: User) -> None:
    claims, desk = [make_claim(checker, f"Claim number {number}") for number in (1, 2)], Desk(checker)
    text = html(chosen(desk, "assign_to_me", claims))
    assert "Claim number 1" in text and "2 claims" in text and not Draft.objects.exists()
    assert desk.send(CLAIMS, fields_of(text, "bulk_form")).status_code == 302
    assert set(Draft.objects.values_list("assigned_to", flat=True)) == {checker.pk}


def test_what_is_refused_is_listed_and_holds_up_no_other(checker: User, editor: User) -> None:
    free, published = make_claim(checker, "A free one"), make_published_verdict(checker, editor, text="A published one")
    text = html(chosen(Desk(checker), "assign_to", [free, published.verdict.claim], apply="1", to=editor.pk))
    assert "A published one" in text and "Begin a correction" in text and "A free one" not in text
    assert Draft.objects.get().assigned_to == editor


def test_a_topic_joins_those_each_claim_has(checker: User) -> None:
    old, new = make_topic("Health"), make_topic("Protests")
    claims = [make_claim(checker, "One with a topic", topics=[old]), make_claim(checker, "One without")]
    chosen(Desk(checker), "add_topic", claims, apply="1", topic=new.pk)
    assert [sorted(claim.topics.values_list("name", flat=True)) for claim in claims] == [
        ["Health", "Protests"],
        ["Protests"],
    ]


def test_a_day_to_look_again_is_set_on_verdicts_that_stand(checker: User, editor: User) -> None:
    version, on = make_published_verdict(checker, editor), timezone.localdate() + timedelta(days=30)
    logged = make_claim(checker, "Not published yet")
    text = html(chosen(Desk(checker), "look_again", [version.verdict.claim, logged], apply="1", on=on.isoformat()))
    assert "Not published yet" in text and "stands" in text
    assert Verdict.objects.get().look_again_on == on


def test_an_observer_is_offered_nothing(outsider: User, checker: User) -> None:
    claim, desk = make_claim(checker), Desk(outsider)
    assert "assign_to_me" not in desk.get(CLAIMS)
    chosen(desk, "assign_to_me", [claim], apply="1")
    assert not Draft.objects.exists()


def test_nothing_is_published_or_taken_back_in_bulk() -> None:
    assert set(STEPS) == {"assign_to_me", "assign_to", "add_topic", "look_again"}


def test_at_most_five_hundred(checker: User) -> None:
    with pytest.raises(NotAllowed, match="At most 500"):
        services.assign_all(range(501), to=checker, by=checker)
