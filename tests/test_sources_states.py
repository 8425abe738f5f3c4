"""The table of outcomes as a truth table, and years of invented weather."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.choices import Availability, Outcome
from sources.schedule import DEAD, next_visit
from sources.states import TABLE, Limits, State, after_visit

AT = datetime(2026, 1, 1, tzinfo=UTC)
LIMITS = Limits(failures=3, spacing=timedelta(hours=72))
A, O = Availability, Outcome  # noqa: E741

# outcome: (counts, availability after one visit of a live page)
TRUTH = {
    O.OK: (False, A.LIVE),
    O.NOT_MODIFIED: (False, A.LIVE),
    O.REDIRECT_TEMPORARY: (False, A.LIVE),
    O.REDIRECT_PERMANENT: (False, A.MOVED),
    O.REDIRECT_TO_ROOT: (True, A.SUSPECT),
    O.SOFT404_SUSPECT: (True, A.SUSPECT),
    O.NOT_FOUND: (True, A.SUSPECT),
    O.GONE: (True, A.SUSPECT),
    O.CLIENT_ERROR: (True, A.SUSPECT),
    O.DNS_NXDOMAIN: (True, A.SUSPECT),
    O.REFUSED: (True, A.SUSPECT),
    O.CONNECT_TIMEOUT: (True, A.SUSPECT),
    O.READ_TIMEOUT: (True, A.SUSPECT),
    O.SERVER_ERROR: (True, A.SUSPECT),
    O.TLS_ERROR: (True, A.SUSPECT),
    O.REDIRECT_LOOP: (True, A.SUSPECT),
    O.BAD_CONTENT: (True, A.SUSPECT),
    O.EMPTY_TEXT: (True, A.SUSPECT),
    O.DNS_TEMPORARY: (False, A.LIVE),
    O.INTERNAL_ERROR: (False, A.LIVE),
    O.AUTH_REQUIRED: (False, A.PAYWALLED),
    O.BLOCKED: (False, A.BLOCKED),
    O.RATE_LIMITED: (False, A.LIVE),
    O.ROBOTS_DISALLOWED: (False, A.EXCLUDED),
    O.POLICY_DENIED: (False, A.DENIED),
    O.TOO_LARGE: (False, A.LIVE),
}
SUCCESSES = [O.OK, O.NOT_MODIFIED, O.REDIRECT_TEMPORARY, O.REDIRECT_PERMANENT]


def test_every_outcome_has_its_row() -> None:
    assert set(TABLE) == set(Outcome) == set(TRUTH)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_outcome_does_what_the_table_says(outcome: Outcome) -> None:
    transition = after_visit(State(A.LIVE), outcome, AT, LIMITS)
    assert (transition.counted, transition.state.availability) == TRUTH[outcome]


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if not TABLE[outcome].availability])
@pytest.mark.parametrize("availability", list(Availability))
def test_an_outcome_that_says_nothing_leaves_every_state_alone(outcome: Outcome, availability: Availability) -> None:
    state = State(availability, 2, AT)
    assert after_visit(state, outcome, AT + timedelta(days=9), LIMITS).state == state


def test_a_permanent_redirect_to_another_text_is_a_page_found() -> None:
    assert after_visit(State(), O.REDIRECT_PERMANENT, AT, LIMITS, same_text=False).state.availability == A.LIVE


def test_failures_in_our_own_outage_say_nothing() -> None:
    state = State(A.LIVE)
    assert after_visit(state, O.CONNECT_TIMEOUT, AT, LIMITS, our_outage=True).state == state


def test_a_pinned_source_keeps_its_availability_and_its_count() -> None:
    state = after_visit(State(A.LIVE, pinned=True), O.NOT_FOUND, AT, LIMITS).state
    assert (state.availability, state.counted_failures) == (A.LIVE, 1)


WEATHER = st.lists(
    st.tuples(st.floats(min_value=0.01, max_value=24 * 40), st.sampled_from(Outcome), st.booleans()), max_size=300
)


@given(WEATHER)
def test_in_any_weather_nothing_is_dead_early_and_any_success_resets(
    weather: list[tuple[float, Outcome, bool]],
) -> None:
    state, at = State(), AT
    counted_since_success: list[tuple[datetime, Outcome]] = []
    for hours, outcome, our_outage in weather:
        at += timedelta(hours=hours)
        before = state
        transition = after_visit(state, outcome, at, LIMITS, our_outage=our_outage)
        state = transition.state
        if outcome in SUCCESSES:
            assert state.availability in (A.LIVE, A.MOVED)
            assert (state.counted_failures, state.last_counted_failure_at) == (0, None)
            counted_since_success.clear()
        if transition.counted:
            if counted_since_success:
                assert at - counted_since_success[-1][0] >= LIMITS.spacing
            counted_since_success.append((at, outcome))
        if state.availability == A.DEAD and before.availability != A.DEAD:
            span = at - counted_since_success[0][0]
            least = timedelta(days=3) if outcome == O.GONE else timedelta(days=6)
            assert span >= least
        if outcome in (O.BLOCKED, O.RATE_LIMITED, O.AUTH_REQUIRED, O.ROBOTS_DISALLOWED, O.POLICY_DENIED):
            assert not transition.counted
        assert state.counted_failures == len(counted_since_success)


INTERVALS = [timedelta(minutes=15), timedelta(hours=1), timedelta(days=7)]


@pytest.mark.parametrize(
    ("returns", "availability", "unchanged", "retries", "least"),
    [
        ("scheduled", A.LIVE, 0, 0, timedelta(minutes=15)),
        ("scheduled", A.LIVE, 1, 0, timedelta(hours=1)),
        ("scheduled", A.LIVE, 99, 0, timedelta(days=7)),
        ("daily", A.SUSPECT, 0, 0, timedelta(days=1)),
        ("daily", A.DEAD, 0, 0, DEAD),
        ("weekly", A.BLOCKED, 0, 0, timedelta(days=7)),
        ("soon", A.LIVE, 0, 1, timedelta(minutes=15)),
        ("soon", A.LIVE, 0, 3, timedelta(hours=1)),
        ("soon", A.LIVE, 0, 500, timedelta(days=1)),
    ],
)
def test_the_next_visit_follows_the_state(
    returns: str, availability: Availability, unchanged: int, retries: int, least: timedelta
) -> None:
    due = next_visit(
        returns,  # type: ignore[arg-type]
        availability,
        AT,
        intervals=INTERVALS,
        unchanged_visits=unchanged,
        retries=retries,
    )
    assert least <= due - AT <= least * 1.1
