"""The newsroom in figures on the front page, each with its table and the list behind it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from claims import services
from claims.admin.figures import in_words, newsroom_figures, week_starts
from claims.models import Claim, User
from tests.desk import Desk
from tests.make import PAGE, make_claim, make_draft, make_offline_evidence, make_page_say, make_published_verdict

pytestmark = pytest.mark.django_db

NOW = timezone.now()
HOUR = timedelta(hours=1)


def published(checker: User, editor: User, *, logged: datetime, took: timedelta) -> Claim:
    claim = make_claim(checker, at=logged)
    make_offline_evidence(claim, checker)
    draft = services.submit_for_review(make_draft(claim, checker), by=checker)
    services.approve_and_publish(draft, by=editor, at=logged + took)
    return claim


def test_a_week_counts_what_was_logged_and_published_and_how_long_it_took(checker: User, editor: User) -> None:
    this_week = week_starts(NOW)[-1]
    last_week = this_week - timedelta(days=3)
    for hours in (1, 2, 30):
        published(checker, editor, logged=last_week, took=hours * HOUR)
    make_claim(checker, "Still open", at=last_week)
    week = newsroom_figures(NOW).weeks[-2]
    assert (week.logged, week.published, week.median) == (4, 3, 2.0)
    assert week.p90 is not None and 24 < week.p90 < 30


def test_what_is_older_than_the_weeks_is_left_out(checker: User) -> None:
    make_claim(checker, at=week_starts(NOW)[0] - HOUR)
    assert newsroom_figures(NOW).is_empty


def test_weeks_begin_on_mondays_of_the_newsroom_also_when_clocks_change() -> None:
    with timezone.override("Europe/Berlin"):
        starts = week_starts(datetime(2026, 4, 1, tzinfo=UTC))
    assert {(start.weekday(), start.hour) for start in starts} == {(0, 0)}
    assert (starts[-1].astimezone(UTC) - starts[-2].astimezone(UTC)) == timedelta(hours=167)


@pytest.mark.parametrize(
    ("hours", "words"), [(None, ""), (0.5, "30 min"), (5.26, "5.3 h"), (47.9, "47.9 h"), (60, "2.5 d")]
)
def test_a_time_is_said_as_people_say_it(hours: float | None, words: str) -> None:
    with translation.override("en"):
        assert in_words(hours) == words


def test_ratings_and_states_lead_to_their_lists(checker: User, editor: User) -> None:
    make_published_verdict(checker, editor)
    content = Desk(checker).get("/admin/")
    assert 'href="/admin/claims/claim/?rating=false"' in content
    assert 'href="/admin/sources/source/?availability__exact=live"' in content
    assert "The same as a table" in content


def test_a_week_s_number_leads_to_the_claims_it_counts(checker: User) -> None:
    claim = make_claim(checker, "Logged this week")
    make_claim(checker, "Logged long ago", at=NOW - timedelta(weeks=20))
    address = newsroom_figures(NOW).weeks[-1].logged_url
    assert list(Desk(checker).client.get(address).context["cl"].result_list) == [claim]


def test_a_week_s_number_leads_to_the_verdicts_it_counts(checker: User, editor: User) -> None:
    verdict = make_published_verdict(checker, editor).verdict
    address = newsroom_figures(NOW + HOUR).weeks[-1].published_url
    assert list(Desk(checker).client.get(address).context["cl"].result_list) == [verdict]


def test_an_empty_newsroom_is_told_how_to_begin(checker: User) -> None:
    assert "The figures begin with the first claim." in Desk(checker).get("/admin/")


def test_reviews_that_evidence_opened_stand_before_those_of_colleagues(checker: User, editor: User) -> None:
    asked = make_published_verdict(checker, editor, "Somebody asked").verdict.claim
    services.look_again(asked, by=checker, reason="A reader wrote.")
    moved = make_published_verdict(checker, editor, "Its page changed").verdict.claim
    source = moved.evidence.get().source
    assert source is not None
    make_page_say(source, PAGE.replace("hundred", "thousand"))
    services.assess_changes()
    content = Desk(checker).get("/admin/")
    assert content.index("Its page changed") < content.index("Somebody asked")
