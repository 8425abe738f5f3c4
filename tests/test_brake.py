"""When very much changes at once, nothing becomes public before a person decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from claims import services
from claims.models import Activity, Evidence, Hold, Review, TouchedQuote, User
from claims.services.braking import BRAKE_LOCK_KEY
from sources.choices import ChangeKind
from sources.models import Source, SourceChange
from tests.drifting import ALTERED, GONE, change, new_events, publish, publish_many, say, statuses, under_review
from tests.make import PAGE

pytestmark = pytest.mark.django_db

SIX = 6


def widely_quoted(checker: User, editor: User) -> None:
    """Twenty-one more quotes from the host, so that five are no fifth of all."""
    publish(checker, editor, *(f"https://news.example/quoted-{number}" for number in range(21)))


def test_five_verdicts_at_once_open_their_reviews(checker: User, editor: User) -> None:
    widely_quoted(checker, editor)
    change(publish_many(5, checker, editor))
    assert (under_review(), Hold.objects.count()) == (5, 0)


def test_six_verdicts_at_once_are_held_and_nothing_is_public(checker: User, editor: User) -> None:
    change(publish_many(SIX, checker, editor))
    assert new_events(SIX) == []
    assert (statuses(), Review.objects.count()) == (["intact"] * SIX, 0)
    hold = Hold.objects.get()
    assert (hold.host, hold.touches.count()) == ("news.example", SIX)
    assert "6 quotes from news.example, on which 6 verdicts rest" in hold.why
    assert SourceChange.objects.unprocessed().count() == 0


def test_a_large_share_of_a_host_is_held(checker: User, editor: User) -> None:
    change(publish_many(4, checker, editor)[:3])
    assert under_review() == 0
    assert "3 of 4" in Hold.objects.get().why


def test_a_small_share_of_a_host_is_not_held(checker: User, editor: User) -> None:
    widely_quoted(checker, editor)
    change(publish_many(3, checker, editor))
    assert (under_review(), Hold.objects.count()) == (3, 0)


def test_one_edited_article_is_not_held_however_few_quotes_its_host_has(checker: User, editor: User) -> None:
    change(publish_many(2, checker, editor))
    assert (under_review(), Hold.objects.count()) == (2, 0)


def test_changes_that_trickle_in_are_counted_together(checker: User, editor: User) -> None:
    widely_quoted(checker, editor)
    sources, now = publish_many(8, checker, editor), timezone.now()
    for minute, source in enumerate(sources):
        change([source], at=now + timedelta(minutes=minute))
    assert (under_review(), Hold.objects.get().touches.count()) == (5, 3)


def test_what_changes_on_a_held_host_joins_its_hold_however_late(checker: User, editor: User) -> None:
    sources, now = publish_many(8, checker, editor), timezone.now()
    change(sources[:6], at=now)
    change(sources[6:], at=now + timedelta(days=1))
    assert (under_review(), Hold.objects.get().touches.count()) == (0, 8)


def test_changes_hours_apart_are_no_mass_change(checker: User, editor: User) -> None:
    sources, now = publish_many(SIX, checker, editor), timezone.now()
    for hours, source in enumerate(sources):
        change([source], at=now + timedelta(hours=2 * hours))
    assert (under_review(), Hold.objects.count()) == (SIX, 0)


def test_one_quote_on_each_of_six_hosts_is_one_hold(checker: User, editor: User) -> None:
    sources = [publish_many(1, checker, editor, host=f"site-{number}.example")[0] for number in range(SIX)]
    change(sources)
    hold = Hold.objects.get()
    assert (under_review(), hold.host, hold.touches.count()) == (0, "", SIX)
    assert "several hosts" in hold.why


def test_another_host_is_not_held_for_it(checker: User, editor: User) -> None:
    other = publish_many(1, checker, editor, host="other.example")
    change(publish_many(SIX, checker, editor))
    change(other)
    assert (under_review(), Hold.objects.get().host) == (1, "news.example")


def test_another_host_is_not_held_for_what_passed_before_the_limit(checker: User, editor: User) -> None:
    widely_quoted(checker, editor)
    other = publish_many(1, checker, editor, host="other.example")
    sources = publish_many(SIX, checker, editor)
    change(sources[:5])
    change(sources[5:])
    change(other)
    assert (under_review(), Hold.objects.get().host) == (SIX, "news.example")


def test_verdicts_on_one_page_count_each(checker: User, editor: User) -> None:
    for _ in range(SIX):
        version = publish(checker, editor, "https://news.example/one")
    source = version.evidence.get().source
    assert source is not None
    change([source])
    assert (under_review(), Hold.objects.get().touches.count()) == (0, SIX)


def test_intact_quotes_pass_through_however_many_pages_change(checker: User, editor: User) -> None:
    change(publish_many(SIX, checker, editor), PAGE + " Read more on our new site.")
    assert (new_events(SIX), Hold.objects.count()) == ([], 0)


def test_context_is_not_counted_but_held_with_its_host(checker: User, editor: User) -> None:
    for number in range(3):
        publish(checker, editor, f"https://news.example/context-{number}", load_bearing=False)
    context = list(Source.objects.all())
    change(context)
    assert (Hold.objects.count(), new_events(3)) == (0, ["verdict.evidence_changed"] * 3)
    change(publish_many(SIX, checker, editor))
    change(context, GONE)
    assert Hold.objects.get().touches.count() == SIX + 3


def test_without_reviews_of_the_machine_s_own_mass_changes_are_held_too(
    checker: User, editor: User, settings: Settings
) -> None:
    settings.CLAIMTRACK_AUTO_OPEN_REVIEW = False
    change(publish_many(SIX, checker, editor))
    assert (new_events(SIX), statuses()) == ([], ["intact"] * SIX)


def test_a_quote_that_comes_back_while_it_is_held_is_left_in_peace(checker: User, editor: User) -> None:
    sources = publish_many(SIX, checker, editor)
    change(sources)
    change(sources[:1], PAGE + " Corrected.")
    services.release_hold(Hold.objects.get(), by=editor, reason="They did rewrite the others.")
    assert (under_review(), statuses()[0]) == (SIX - 1, "intact")


def test_a_hold_shows_what_its_pages_say_now(checker: User, editor: User) -> None:
    sources = publish_many(SIX, checker, editor)
    change(sources)
    change(sources[:1], GONE)
    touched = TouchedQuote.objects.order_by("pk")
    assert [row.status for row in touched] == ["missing", *["altered"] * 5]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_side_by_side_do_not_count_past_each_other(checker: User, editor: User) -> None:
    say(publish_many(1, checker, editor), ALTERED)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [BRAKE_LOCK_KEY])
            assert services.assess_changes() == 0
            cursor.execute("SELECT pg_advisory_unlock(%s)", [BRAKE_LOCK_KEY])
    finally:
        other.close()
    assert services.assess_changes() == 1


def test_a_sweep_that_is_killed_holds_nothing_and_loses_nothing(
    checker: User, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(publish_many(SIX, checker, editor), ALTERED)

    def killed(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("claims.services.drift.draw_consequences", killed)
        with pytest.raises(SystemExit), transaction.atomic():
            services.assess_changes()
    assert (Hold.objects.count(), SourceChange.objects.unprocessed().count()) == (0, SIX)
    services.assess_changes()
    assert Hold.objects.get().touches.count() == SIX


def test_a_page_that_flaps_to_a_settled_text_is_not_counted(checker: User, editor: User) -> None:
    sources = publish_many(4, checker, editor)
    for source in sources[:2]:
        changed = say([source], ALTERED)[0]
        services.assess_changes()
        claim = Evidence.objects.get(source=source).claim
        services.confirm_verdict(claim, by=checker, note="A known misprint.")
        for snapshot in (changed.snapshot_before, changed.snapshot_after):
            SourceChange.objects.create(source=source, kind=ChangeKind.REVERTED, snapshot_after=snapshot)
            services.assess_changes()
    assert (TouchedQuote.objects.count(), under_review()) == (2, 0)


def test_the_database_knows_one_open_hold_per_host() -> None:
    Hold.objects.create(host="news.example", opened_at=timezone.now(), why="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.create(host="news.example", opened_at=timezone.now(), why="x")


def test_the_desk_s_record_says_that_changes_were_held(checker: User, editor: User) -> None:
    change(publish_many(SIX, checker, editor))
    assert Activity.objects.filter(action="held changes", actor=None, detail__contains="news.example").count() == 1
