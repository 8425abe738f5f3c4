"""What a source's availability says over weeks: gone, blocked, moved, back again, or pinned by a person."""

from __future__ import annotations

from typing import Any

import pytest

from sources.choices import Availability, ChangeKind, Outcome
from sources.models import FormerUrl, Snapshot
from sources.services import pin, register_source, unpin, visit_sources
from tests.sources_support.helpers import DAY, HOUR, START, changes, make_source, visit
from tests.sources_support.server import Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]

pytestmark = pytest.mark.django_db


def test_a_missing_page_is_dead_after_three_counted_failures_and_never_in_under_six_days(web: Server) -> None:
    web["/page"] = page()
    source = make_source(web)
    visit(source, START)
    web["/page"] = http(404)
    at, counted = START + DAY, []
    while source.availability != Availability.DEAD:
        check = visit(source, at)
        if check.counted:
            counted.append(at)
        at += 6 * HOUR
        assert at < START + 30 * DAY
    assert len(counted) == 3
    assert source.availability_since - counted[0] >= 6 * DAY
    assert [c[1:] for c in changes(source.pk)[1:]] == [("live", "suspect"), ("suspect", "dead")]


def test_a_page_removed_on_purpose_is_dead_after_two_counted_failures(web: Server) -> None:
    web["/page"] = http(410)
    source = make_source(web)
    for hours, expected in ((0, "suspect"), (71, "suspect"), (72, "dead")):
        visit(source, START + hours * HOUR)
        assert source.availability == expected


def test_any_success_resets_the_count_at_once(web: Server) -> None:
    source = make_source(web)
    web["/page"] = http(500)
    visit(source, START)
    visit(source, START + 3 * DAY)
    assert source.counted_failures == 2
    web["/page"] = page()
    visit(source, START + 4 * DAY)
    assert (source.availability, source.counted_failures) == (Availability.LIVE, 0)
    web["/page"] = http(500)
    visit(source, START + 8 * DAY)
    assert (source.availability, source.counted_failures) == (Availability.SUSPECT, 1)


def test_a_dead_page_that_is_back_is_live_at_once(web: Server) -> None:
    source = make_source(web)
    for days in (0, 3, 6):
        visit(source, START + days * DAY)
    assert source.availability == Availability.DEAD
    assert source.next_check_at >= START + 36 * DAY
    web["/page"] = page()
    visit(source, START + 40 * DAY)
    assert source.availability == Availability.LIVE


@pytest.mark.parametrize(
    ("answer", "availability"),
    [
        (http(403), Availability.BLOCKED),
        (http(200, "<title>Just a moment...</title><p>Checking", cf_mitigated="challenge"), Availability.BLOCKED),
        (http(401), Availability.PAYWALLED),
    ],
)
def test_being_turned_away_never_counts_however_often(web: Server, answer: bytes, availability: str) -> None:
    source = make_source(web)
    web["/page"] = page()
    visit(source, START)
    web["/page"] = answer
    for day in range(1, 40, 4):
        assert not visit(source, START + day * DAY).counted
    assert source.availability == availability
    assert Snapshot.objects.count() == 1


def test_a_page_moved_for_good_is_followed_and_its_old_address_kept(web: Server) -> None:
    web["/page"] = page("The same words.")
    source = make_source(web)
    visit(source, START)
    web["/page"] = http(301, location="/new-place")
    web["/new-place"] = page("The same words.")
    check = visit(source, START + DAY)
    assert check.outcome == Outcome.REDIRECT_PERMANENT
    assert check.hops == [{"url": f"{web.url}/page", "status": 301}]
    assert (source.availability, source.canonical_url) == (Availability.MOVED, f"{web.url}/new-place")
    assert FormerUrl.objects.get().canonical_url == f"{web.url}/page"
    assert register_source(f"{web.url}/page") == source
    assert changes(source.pk)[1:] == [(ChangeKind.MOVED, f"{web.url}/page", f"{web.url}/new-place")]
    visit(source, START + 2 * DAY)
    assert source.availability == Availability.LIVE


def test_a_permanent_redirect_to_another_text_is_no_move(web: Server) -> None:
    web["/page"] = page("The old words.")
    source = make_source(web)
    visit(source, START)
    web["/page"] = http(301, location="/elsewhere")
    web["/elsewhere"] = page("Entirely other words.")
    visit(source, START + DAY)
    assert source.canonical_url == f"{web.url}/page"
    assert source.availability == Availability.LIVE
    assert source.pending_since is not None


def test_a_redirect_found_at_the_first_visit_is_no_news(web: Server) -> None:
    web["/page"] = http(301, location="/final")
    web["/final"] = page()
    source = make_source(web)
    visit(source, START)
    assert (source.availability, source.canonical_url) == (Availability.LIVE, f"{web.url}/final")
    assert register_source(f"{web.url}/page") == source
    assert changes(source.pk) == [(ChangeKind.CAPTURED, "", "")]


def test_two_sources_that_end_at_one_page_both_keep_their_addresses(web: Server) -> None:
    web["/page"] = page("Words.")
    web["/other"] = page("Words.")
    first, second = make_source(web), make_source(web, "/other")
    visit(first, START)
    visit(second, START)
    web["/other"] = http(301, location="/page")
    visit(second, START + DAY)
    visit(second, START + 2 * DAY)
    assert second.canonical_url == f"{web.url}/other"
    assert second.availability == Availability.MOVED


def test_a_deep_link_redirected_to_the_home_page_is_suspect_and_not_captured(web: Server) -> None:
    web["/page"] = http(302, location="/")
    web["/"] = page("Welcome to our home page.")
    source = make_source(web)
    check = visit(source, START)
    assert (check.outcome, check.counted, source.availability) == (Outcome.REDIRECT_TO_ROOT, True, "suspect")
    assert source.current_snapshot is None


def test_a_page_that_only_says_not_found_under_200_is_suspect(web: Server) -> None:
    web["/page"] = page("Try our search.", title="404 – Page not found")
    source = make_source(web)
    assert visit(source, START).outcome == Outcome.SOFT404_SUSPECT


def test_many_hosts_failing_at_once_are_taken_for_our_own_outage(web: Server, settings: Any) -> None:
    settings.CLAIMTRACK_FETCH_ALLOW = ["127.0.0.0/8:1"]
    sources = [register_source(f"http://127.0.1.{n}:1/page", at=START) for n in range(12)]
    checks = visit_sources([source.pk for source in sources], at=START)
    assert {check.outcome for check in checks} == {Outcome.REFUSED}
    assert not any(check.counted for check in checks)
    sources[0].refresh_from_db()
    assert sources[0].availability == Availability.NEW


def test_a_person_s_pin_outlives_failures_and_is_lifted_again(web: Server, django_user_model: Any) -> None:
    person = django_user_model.objects.create(username="editor")
    source = make_source(web)
    web["/page"] = page()
    visit(source, START)
    pin(source, by=person, reason="Opens in every browser.", at=START)
    web["/page"] = http(500)
    for days in (1, 5, 9):
        visit(source, START + days * DAY)
    assert (source.availability, source.counted_failures) == (Availability.LIVE, 3)
    unpin(source, at=START + 10 * DAY)
    visit(source, START + 12 * DAY)
    assert source.availability == Availability.DEAD


def test_a_pin_needs_a_reason(web: Server, django_user_model: Any) -> None:
    person = django_user_model.objects.create(username="editor")
    with pytest.raises(ValueError, match="Say why"):
        pin(make_source(web), by=person, reason="  ")
