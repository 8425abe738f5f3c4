"""The figures of the sources' health, on few rows made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sources.choices import Availability, Outcome
from sources.health import at_risk, counting, figures, sweep_lag
from sources.health.hosts import host_health, worst_hosts
from sources.kinds import Kind, kind_of
from sources.models import HostTurn, Source, SourceCheck
from sources.services import register_source
from tests.sources_support.helpers import DAY, HOUR, START

pytestmark = pytest.mark.django_db
NOON = START + DAY / 2


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Days are remembered per process; every test has days of its own."""
    cache.clear()
    yield
    cache.clear()


def source(number: int = 1, host: str = "news.example", **fields: Any) -> Source:
    made = register_source(f"https://{host}/{number}", at=NOON + DAY)
    Source.objects.filter(pk=made.pk).update(**fields)
    made.refresh_from_db()
    return made


def check(of: Source, outcome: str = "ok", **fields: Any) -> SourceCheck:
    return SourceCheck.objects.create(source=of, outcome=outcome, **({"at": NOON} | fields))


def test_the_lag_is_how_long_the_most_overdue_source_waits() -> None:
    source(1, next_check_at=NOON - HOUR)
    source(2, next_check_at=NOON - 3 * HOUR)
    source(3, next_check_at=NOON + HOUR)
    assert sweep_lag(NOON) == timedelta(hours=3)


def test_a_source_that_a_worker_holds_does_not_lag() -> None:
    source(1, next_check_at=NOON - HOUR, leased_until=NOON + HOUR)
    assert sweep_lag(NOON) == timedelta(0)


def test_states_are_counted() -> None:
    source(1, availability=Availability.LIVE)
    source(2, availability=Availability.LIVE)
    source(3, availability=Availability.BLOCKED)
    states = figures(NOON).states
    assert (states["live"].value, states["blocked"].value, states["dead"].value) == (2, 1, 0)
    assert all(number.exact for number in states.values())


def test_what_is_too_many_to_count_is_estimated_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "COUNTED_UP_TO", 2)
    for number in range(4):
        source(number)
    assert not counting.number_of(Source.objects.all()).exact


def test_a_source_at_risk_says_how_many_failures_are_left_and_when() -> None:
    failing = source(1, availability=Availability.SUSPECT, counted_failures=1, last_counted_failure_at=NOON)
    source(2, availability=Availability.DEAD, counted_failures=3, last_counted_failure_at=NOON)
    (row,) = at_risk(10)
    assert row.source == failing
    assert (row.outlook.counted, row.outlook.needed, row.outlook.left) == (1, 3, 2)
    assert row.outlook.earliest_dead == NOON + timedelta(hours=2 * 72)


def test_a_page_its_site_calls_gone_needs_one_failure_less() -> None:
    removed = source(1, availability=Availability.SUSPECT, counted_failures=1, last_counted_failure_at=NOON)
    check(removed, "gone")
    (row,) = at_risk(10)
    assert (row.outlook.needed, row.outlook.earliest_dead) == (2, NOON + timedelta(hours=72))


def test_visits_are_counted_by_day_and_kind() -> None:
    page = source()
    for outcome in ("ok", "not_modified", "not_found", "blocked", "internal_error"):
        check(page, outcome)
    check(page, at=NOON - 5 * DAY)
    check(page, at=NOON - 40 * DAY)
    days = counting.visits_per_day(NOON)
    assert len(days) == 30
    assert days[-1].visits == {Kind.FOUND: 2, Kind.FAILED: 1, Kind.KEPT_OUT: 1, Kind.UNDECIDED: 1}
    assert [day.total for day in days if day.total] == [1, 5]


def test_a_day_that_is_over_is_counted_once_and_today_every_time(django_assert_num_queries: Any) -> None:
    page = source()
    check(page, at=NOON - DAY)
    counting.visits_per_day(NOON)
    check(page, at=NOON)
    with django_assert_num_queries(1) as queries:
        days = counting.visits_per_day(NOON)
    assert (days[-2].total, days[-1].total) == (1, 1)
    assert queries.captured_queries[0]["sql"].count("::timestamptz,") == 0


def test_sources_that_come_due_are_counted_by_the_hour() -> None:
    source(1, next_check_at=NOON + HOUR / 2)
    source(2, next_check_at=NOON + 3 * HOUR / 2)
    source(3, next_check_at=NOON + 3 * HOUR / 2)
    source(4, next_check_at=NOON - HOUR)
    ahead = counting.due_ahead(NOON)
    assert [due for _, due in ahead[:3]] == [1, 2, 0]
    assert ahead[0][0] == NOON


def test_captures_that_could_not_be_kept_are_told_of_for_a_week() -> None:
    page = source()
    failed = check(page, "internal_error", error="capture could not be stored: No space left on device")
    check(page, "internal_error", error="the page could not be read")
    check(page, "internal_error", error="capture could not be stored: later", at=NOON - 8 * DAY)
    shown = figures(NOON)
    assert (shown.faults.value, shown.not_stored) == (2, [failed])


def test_changes_to_be_confirmed_and_poison_sources_are_shown() -> None:
    source(1, pending_since=NOON - HOUR, pending_text_sha256="a" * 64)
    poison = source(2, faults=4)
    shown = figures(NOON)
    assert (shown.unconfirmed.value, shown.unconfirmed_since) == (1, NOON - HOUR)
    assert shown.faulty == [poison]


def test_a_site_s_health_sums_up_its_sources_and_its_last_answers() -> None:
    live = source(1, availability=Availability.LIVE)
    dead = source(2, availability=Availability.DEAD, counted_failures=3, last_counted_failure_at=NOON)
    Source.objects.filter(pk=dead.pk).update(availability_since=NOON - HOUR)
    check(live, duration_ms=900, at=NOON - DAY)
    check(live, duration_ms=100)
    check(dead, "not_found", duration_ms=300)
    HostTurn.objects.create(host="news.example", refusals=2, next_at=NOON + HOUR)
    (health,) = host_health(["news.example"], NOON)
    assert (health.sources, health.live_share, health.dead, health.median_ms) == (2, 50, 1, 100)
    assert (health.last_trouble, health.stays_away_until) == (NOON - HOUR, NOON + HOUR)


def test_the_worst_sites_come_first() -> None:
    for number in range(3):
        source(number, "bad.example", availability=Availability.SUSPECT)
    source(1, "worse.example", availability=Availability.BLOCKED)
    source(1, "fine.example", availability=Availability.LIVE)
    source(1, "busy.example", availability=Availability.LIVE)
    HostTurn.objects.create(host="busy.example", refusals=3, next_at=NOON + HOUR)
    assert [health.host for health in worst_hosts(NOON, 20)] == ["bad.example", "busy.example", "worse.example"]


HEALTH = "admin:sources_source_health"


def test_the_health_page_makes_as_many_queries_for_many_sources_as_for_few(
    client: Client, checker: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(checker)
    now = timezone.now()
    failing: dict[str, Any] = {
        "availability": Availability.SUSPECT,
        "counted_failures": 1,
        "last_counted_failure_at": now,
    }
    for number in range(60):
        page = source(number, f"site{number % 30}.example", next_check_at=NOON, **failing)
        check(page, "internal_error", at=now, error="capture could not be stored: full")
    with django_assert_max_num_queries(45):
        content = client.get(reverse(HEALTH)).content.decode()
    assert "could not be stored" in content and "1 of 3 failures" in content


def test_the_health_page_of_an_empty_desk_says_so(client: Client, checker: Any) -> None:
    client.force_login(checker)
    content = client.get(reverse(HEALTH)).content.decode()
    assert "No visit was made in these days" in content
    assert "No source is dead" in content and "No site is known to be in trouble" in content


def test_the_chart_of_visits_has_words_and_a_table(client: Client, checker: Any) -> None:
    check(source(), at=timezone.now())
    client.force_login(checker)
    content = client.get(reverse(HEALTH)).content.decode()
    assert '<title id="days-title">' in content and '<desc id="days-words">' in content
    assert "The same as a table" in content and 'class="column found"' in content


def test_only_people_of_the_desk_see_the_health_page(client: Client, outsider: Any) -> None:
    assert client.get(reverse(HEALTH)).status_code == 302
    client.force_login(outsider)
    assert client.get(reverse(HEALTH)).status_code == 200
    outsider.is_staff = False
    outsider.save()
    assert client.get(reverse(HEALTH)).status_code == 302


def test_the_desk_s_side_bar_leads_there(client: Client, checker: Any) -> None:
    client.force_login(checker)
    assert reverse(HEALTH) in client.get(reverse("admin:index")).content.decode()


def test_every_outcome_is_of_one_kind_and_every_kind_has_one() -> None:
    assert {kind_of(outcome) for outcome in Outcome} == set(Kind)
