"""A person releases what the brake holds, or dismisses it as no change of substance."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from claims import services
from claims.errors import NotAllowed
from claims.models import Activity, Evidence, Hold, Review, TouchedQuote, User
from claims.services import braking
from sources.choices import ChangeKind
from sources.models import Source, SourceChange
from tests.drifting import ALTERED, GONE, SIX, change, new_events, six_held, statuses, under_review
from tests.make import PAGE

__all__ = ["six_held"]

pytestmark = pytest.mark.django_db

REASON = "I looked at three of them."


@pytest.fixture
def sources() -> list[Source]:
    """Six pages under six verdicts, all changed and held."""
    return list(Source.objects.order_by("pk"))


@pytest.fixture
def hold() -> Hold:
    return Hold.objects.get()


def goes_back_to(source: Source, text: str) -> None:
    """The page says again what an earlier version said."""
    snapshot = source.snapshots.filter(text=text).order_by("pk").first()
    SourceChange.objects.create(
        source=source, kind=ChangeKind.REVERTED, snapshot_before=source.current_snapshot, snapshot_after=snapshot
    )
    source.current_snapshot = snapshot
    source.save(update_fields=["current_snapshot"])
    services.assess_changes()


def test_released_changes_open_their_reviews(hold: Hold, editor: User) -> None:
    services.release_hold(hold, by=editor, reason=REASON)
    assert (under_review(), statuses()) == (SIX, ["altered"] * SIX)
    assert new_events(SIX) == ["verdict.review_opened"] * SIX
    assert {review.opened_by for review in Review.objects.all()} == {None}


def test_a_hold_is_released_once(hold: Hold, editor: User, admin: User) -> None:
    services.release_hold(hold, by=editor, reason=REASON)
    for decide in (services.release_hold, services.dismiss_hold):
        with pytest.raises(NotAllowed, match="editor has decided"):
            decide(hold, by=admin, reason=REASON)
    assert Review.objects.count() == SIX


def test_a_large_release_is_worked_off_in_steps(hold: Hold, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(braking.settle_released, "__kwdefaults__", {"limit": 4})
    services.release_hold(hold, by=editor, reason=REASON)
    assert under_review() == 4
    services.assess_changes()
    services.assess_changes()
    assert (under_review(), TouchedQuote.objects.waiting().count()) == (SIX, 0)


def test_dismissed_changes_leave_everything_as_it_was(hold: Hold, editor: User) -> None:
    services.dismiss_hold(hold, by=editor, reason=REASON)
    assert (new_events(SIX), statuses(), Review.objects.count()) == ([], ["intact"] * SIX, 0)


def test_the_same_text_asks_nobody_again_after_a_dismissal(hold: Hold, sources: list[Source], editor: User) -> None:
    services.dismiss_hold(hold, by=editor, reason=REASON)
    goes_back_to(sources[0], PAGE)
    goes_back_to(sources[0], ALTERED)
    change(sources[1:], ALTERED + " With another advertisement below.")
    assert (under_review(), statuses(), Hold.objects.open().count()) == (0, ["intact"] * SIX, 0)


def test_another_text_is_judged_anew_after_a_dismissal(hold: Hold, sources: list[Source], editor: User) -> None:
    services.dismiss_hold(hold, by=editor, reason=REASON)
    change(sources[:1], PAGE.replace("a few hundred", "two million"))
    assert (under_review(), statuses()[0]) == (1, "altered")


def test_a_missing_quote_that_was_dismissed_is_judged_anew_in_another_text(sources: list[Source], editor: User) -> None:
    change(sources, GONE)
    services.dismiss_hold(Hold.objects.get(), by=editor, reason="A consent wall.")
    change(sources[:1], GONE + " With whipped cream.")
    assert (under_review(), statuses()[0]) == (1, "missing")


def test_what_is_dismissed_is_the_text_the_page_shows_then(sources: list[Source], editor: User) -> None:
    for text in (GONE, GONE + " With cream."):
        change(sources, text)
    services.dismiss_hold(Hold.objects.get(), by=editor, reason="A consent wall.")
    change(sources[:1], GONE + " With custard.")
    assert (under_review(), statuses()[0]) == (1, "missing")


def test_after_a_decision_it_is_counted_from_nothing(hold: Hold, sources: list[Source], editor: User) -> None:
    services.release_hold(hold, by=editor, reason=REASON)
    change(sources[:2], GONE)
    assert Hold.objects.open().count() == 0
    change(sources[2:], GONE)
    assert Hold.objects.open().get().touches.count() == 4


def test_what_a_person_has_not_seen_is_not_decided_about(hold: Hold, sources: list[Source], editor: User) -> None:
    seen = hold.revision
    change(sources[:1], GONE)
    services.dismiss_hold(hold, by=editor, reason=REASON, seen=seen)
    later = Hold.objects.open().get()
    assert [row.status for row in later.touches.all()] == ["missing"]
    assert hold.touches.count() == SIX - 1
    services.release_hold(later, by=editor, reason="That one is real.")
    assert statuses() == ["missing", *["intact"] * 5]


@pytest.mark.parametrize("decide", [services.release_hold, services.dismiss_hold])
def test_a_decision_says_why(hold: Hold, editor: User, decide: object) -> None:
    with pytest.raises(ValidationError, match="Say why"):
        decide(hold, by=editor, reason="  ")  # type: ignore[operator]
    assert Hold.objects.open().exists()


@pytest.mark.parametrize("decide", [services.release_hold, services.dismiss_hold])
def test_only_reviewers_and_administrators_decide(hold: Hold, checker: User, outsider: User, decide: object) -> None:
    for person in (checker, outsider):
        with pytest.raises(NotAllowed, match="reviewer or an administrator"):
            decide(hold, by=person, reason=REASON)  # type: ignore[operator]


def test_a_decision_is_on_the_record_of_every_claim(hold: Hold, editor: User) -> None:
    services.dismiss_hold(hold, by=editor, reason=REASON)
    hold.refresh_from_db()
    assert (hold.decided_by, hold.outcome, hold.reason) == (editor, "dismissed", REASON)
    rows = Activity.objects.filter(action="dismissed held changes", actor=editor)
    assert (rows.exclude(claim=None).count(), rows.filter(claim=None).count()) == (SIX, 1)


def test_a_retracted_verdict_is_left_alone_by_a_release(hold: Hold, editor: User) -> None:
    row = Evidence.objects.order_by("pk")[0]
    services.retract_verdict(row.claim, by=editor, reason="Wrong square.")
    services.release_hold(hold, by=editor, reason=REASON)
    assert under_review() == SIX - 1


def test_a_review_opened_by_a_release_names_the_day_it_was_noticed(hold: Hold, editor: User) -> None:
    services.release_hold(hold, by=editor, reason=REASON, at=hold.opened_at + timedelta(days=3))
    day = hold.opened_at.strftime("%-d %B")
    assert all(f"noticed on {day}" in review.reason for review in Review.objects.all())


def test_a_review_settled_before_a_release_does_not_settle_it(
    hold: Hold, sources: list[Source], checker: User, editor: User
) -> None:
    row = Evidence.objects.order_by("pk")[0]
    services.look_again(row.claim, by=checker, reason="A reader asked.").evidence.add(row)
    services.confirm_verdict(row.claim, by=checker, note="Nothing known of the page then.")
    services.release_hold(hold, by=editor, reason=REASON)
    assert under_review() == SIX
