"""A person sets the day to look at a verdict again; then the desk asks, and a person says that it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from claims import services
from claims.errors import NotAllowed
from claims.models import Claim, Notice, Review, User, Verdict
from tests.desk import Desk, html
from tests.make import make_published_verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(checker: User, editor: User) -> Claim:
    return make_published_verdict(checker, editor).verdict.claim


@pytest.fixture
def due(claim: Claim, checker: User) -> Claim:
    """Its day is today; set yesterday."""
    services.set_look_again(
        claim, by=checker, on=timezone.localdate(), why="New figures", at=timezone.now() - timedelta(days=1)
    )
    return claim


def test_on_the_day_it_is_on_the_front_page_and_people_are_told_once(due: Claim, editor: User) -> None:
    assert (services.tell_of_due_looks(), services.tell_of_due_looks()) == (1, 0)
    assert set(Notice.objects.values_list("recipient__username", flat=True)) == {"checker", "editor"}
    text = Desk(editor).get("/admin/")
    assert "Look again today" in text and "New figures" in text


def test_before_the_day_nobody_is_asked(claim: Claim, checker: User) -> None:
    services.set_look_again(claim, by=checker, on=timezone.localdate() + timedelta(days=1))
    assert services.tell_of_due_looks() == 0
    assert "Look again today" not in Desk(checker).get("/admin/")


def test_it_stands_is_public_with_the_note_and_sets_the_next_day(due: Claim, checker: User, client: Client) -> None:
    version = Verdict.objects.get().current_version
    desk, next_on = Desk(checker), timezone.localdate() + timedelta(days=182)
    assert f'value="{next_on.isoformat()}"' in desk.get(desk.claim(due, "stands"))
    desk.fill(desk.claim(due, "stands"), "step_form", note="The new figures say the same.")
    verdict = Verdict.objects.get()
    assert (verdict.status, verdict.look_again_on, verdict.current_version) == ("published", next_on, version)
    review = Review.objects.get()
    assert (review.closed_by, review.outcome) == (checker, "confirmed") and not Review.objects.open().exists()
    document = client.get(f"/api/v1/verdicts/{due.public_id}/").json()
    assert document["last_review"]["note"] == "The new figures say the same."
    assert client.get(f"/claims/{due.public_id}/history/").status_code == 200
    kinds = [event.type for event in due.events.order_by("sequence")]
    assert kinds == ["verdict.published", "verdict.review_opened", "verdict.review_closed"]
    assert due.activities.filter(action="looked again: it stands", actor=checker).exists()
    assert services.verify_history().tampering is None


def test_no_machine_acts_on_the_day(due: Claim) -> None:
    before = Verdict.objects.values("status", "current_version", "look_again_on").get()
    services.tell_of_due_looks()
    assert Verdict.objects.values("status", "current_version", "look_again_on").get() == before
    assert not Review.objects.exists()


def test_a_day_that_is_over_is_refused_beside_the_field(claim: Claim, checker: User) -> None:
    with pytest.raises(ValidationError, match="still to come"):
        services.set_look_again(claim, by=checker, on=timezone.localdate())
    desk = Desk(checker)
    assert "still to come" in html(desk.fill(desk.claim(claim, "look-again-on"), "step_form", on="2020-01-01"))


def test_the_day_is_on_record_from_what_to_what_and_can_be_taken_away(claim: Claim, checker: User) -> None:
    on = timezone.localdate() + timedelta(days=9)
    services.set_look_again(claim, by=checker, on=on)
    services.set_look_again(claim, by=checker, on=None)
    line = claim.activities.filter(action="set the day to look again").first()
    assert line is not None and {"field": "look_again_on", "from": on.isoformat(), "to": None} in line.changes


def test_an_open_review_is_settled_where_it_is_open(due: Claim, checker: User) -> None:
    services.look_again(due, by=checker, reason="A reader asked.")
    with pytest.raises(NotAllowed, match="A review of this verdict is open"):
        services.confirm_again(due, by=checker, note="It stands.")


def test_what_was_retracted_is_not_looked_at_again(due: Claim, editor: User) -> None:
    services.retract_verdict(due, by=editor, reason="We were wrong.")
    assert services.tell_of_due_looks() == 0
    with pytest.raises(NotAllowed, match="stands"):
        services.set_look_again(due, by=editor, on=timezone.localdate() + timedelta(days=9))
