"""What every outcome does to every state, written out a second time and compared case by case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

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
COUNTING = {outcome for outcome, (counts, _) in TRUTH.items() if counts}
FOUND = {O.OK, O.NOT_MODIFIED, O.REDIRECT_TEMPORARY, O.REDIRECT_PERMANENT}
SAYS_NOTHING = {O.DNS_TEMPORARY, O.INTERNAL_ERROR, O.RATE_LIMITED, O.TOO_LARGE}
ALMOST, SPACING = timedelta(hours=72) - timedelta(microseconds=1), timedelta(hours=72)


def test_every_outcome_has_its_row() -> None:
    assert set(TABLE) == set(Outcome) == set(TRUTH)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_outcome_does_what_the_table_says(outcome: Outcome) -> None:
    transition = after_visit(State(A.LIVE), outcome, AT, LIMITS)
    assert (transition.counted, transition.state.availability) == TRUTH[outcome]


def every_case() -> Iterator[tuple[State, bool, bool]]:
    """(state, same text, our outage): each availability, pinned or not, each count, each side of the spacing."""
    for availability, pinned, count, ago, same_text, our_outage in product(
        Availability, (False, True), range(5), (timedelta(0), ALMOST, SPACING), (True, False), (True, False)
    ):
        state = State(availability, count, AT - ago if count else None, pinned)
        # A machine calls nothing dead on fewer than two counted failures; the database refuses such a row.
        if availability != A.DEAD or pinned or count >= 2:
            yield state, same_text, our_outage


def settled(before: State, outcome: Outcome, *, same_text: bool, our_outage: bool) -> tuple[bool, State]:
    """Whether the visit counts, and the state after it: the specification in plain steps, nothing shared."""
    count, last, availability, counted = before.counted_failures, before.last_counted_failure_at, None, False
    if outcome in FOUND:
        count, last = 0, None
        availability = A.MOVED if outcome == O.REDIRECT_PERMANENT and same_text else A.LIVE
    elif outcome in COUNTING and not our_outage:
        counted = last is None or last <= AT - SPACING
        if counted:
            count, last = count + 1, AT
        enough = 2 if outcome == O.GONE else 3
        availability = A.DEAD if count >= enough or before.availability == A.DEAD else A.SUSPECT
    elif outcome not in COUNTING | SAYS_NOTHING:
        availability = TRUTH[outcome][1]
    if before.pinned or availability is None:
        availability = before.availability
    return counted, State(availability, count, last, before.pinned)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_outcome_does_to_every_state_what_the_specification_says(outcome: Outcome) -> None:
    cases = list(every_case())
    assert len(cases) > 900
    for before, same_text, our_outage in cases:
        after = after_visit(before, outcome, AT, LIMITS, same_text=same_text, our_outage=our_outage)
        wanted = settled(before, outcome, same_text=same_text, our_outage=our_outage)
        assert (after.counted, after.state) == wanted, (before, same_text, our_outage)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_time_of_return_depends_on_the_outcome_alone(outcome: Outcome) -> None:
    for before, same_text, our_outage in every_case():
        returns = after_visit(before, outcome, AT, LIMITS, same_text=same_text, our_outage=our_outage).returns
        assert returns == ("soon" if our_outage and outcome in COUNTING else RETURNS.get(outcome, "scheduled"))


RETURNS = (
    dict.fromkeys(COUNTING, "daily")
    | dict.fromkeys((O.DNS_TEMPORARY, O.INTERNAL_ERROR, O.RATE_LIMITED), "soon")
    | dict.fromkeys((O.AUTH_REQUIRED, O.BLOCKED, O.ROBOTS_DISALLOWED, O.POLICY_DENIED), "weekly")
)


@pytest.mark.parametrize("failures", [1, 2])
def test_no_setting_calls_a_page_dead_after_a_single_failure(failures: int) -> None:
    state = after_visit(State(A.LIVE), O.GONE, AT, Limits(failures=failures)).state
    assert state.availability == A.SUSPECT


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
