"""Years of invented weather at the schedule's own times: seasons of health, trouble, blocks, and faults of ours."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sources.choices import Availability as A
from sources.choices import Outcome as O  # noqa: E741, N817
from sources.schedule import next_visit
from sources.states import Limits, State, after_visit

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
LIMITS = Limits(failures=3, spacing=3 * DAY)
INTERVALS = [timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3), DAY, 3 * DAY, 7 * DAY]
# Thirty days between visits of a dead page, seven for every other; a tenth more by jitter.
LONGEST, LONGEST_DEAD = 7.7 * DAY, 33 * DAY

FOUND = [O.OK, O.NOT_MODIFIED, O.REDIRECT_TEMPORARY, O.REDIRECT_PERMANENT]
TURNED_AWAY = [O.BLOCKED, O.AUTH_REQUIRED, O.ROBOTS_DISALLOWED, O.POLICY_DENIED]
OUR_FAULT = [O.DNS_TEMPORARY, O.INTERNAL_ERROR, O.RATE_LIMITED]
FAILED = [o for o in O if o not in [*FOUND, *TURNED_AWAY, *OUR_FAULT, O.TOO_LARGE]]
SEASONS: dict[str, list[O]] = {
    "up": FOUND,
    "flaky": list(O),
    "mostly down": [*FAILED * 3, O.OK],
    "down": FAILED,
    "gone": [O.GONE],
    "no such domain": [O.DNS_NXDOMAIN],
    "blocked": [O.BLOCKED],
    "robots": [O.ROBOTS_DISALLOWED],
    "turned away": TURNED_AWAY,
    "come later": [O.RATE_LIMITED],
    "offline": OUR_FAULT,
    # What hosts answer while the fault is ours: the sweep notices, see `Year.visit`.
    "our outage": [O.CONNECT_TIMEOUT, O.REFUSED, O.READ_TIMEOUT],
    "too large": [O.TOO_LARGE],
}


@dataclass(frozen=True)
class Season:
    """A stretch of one kind of weather; at its beginning a person may pin the source, or lift the pin."""

    kind: str
    days: float
    seed: int
    pinned: bool


@dataclass
class Visited:
    """One visit, with what held before and after."""

    at: datetime
    season: Season
    outcome: O
    before: State
    after: State
    counted: bool
    next_at: datetime


@dataclass
class Life:
    """A source as the schedule would lead it through the seasons."""

    seasons: list[Season]
    state: State = field(default_factory=State)
    unchanged: int = 0
    retries: int = 0

    def visits(self) -> Iterator[Visited]:
        at = ends = START
        for season in self.seasons:
            ends += season.days * DAY
            weather = random.Random(season.seed)
            self.state = replace(self.state, pinned=season.pinned)
            while at < ends:
                visited = self._visit(at, season, weather)
                yield visited
                at = visited.next_at

    def _visit(self, at: datetime, season: Season, weather: random.Random) -> Visited:
        before, outcome = self.state, weather.choice(SEASONS[season.kind])
        transition = after_visit(
            before, outcome, at, LIMITS, same_text=weather.random() < 0.8, our_outage=season.kind == "our outage"
        )
        self.state = transition.state
        self.unchanged = self.unchanged + 1 if outcome in FOUND and weather.random() < 0.9 else 0
        self.retries = self.retries + 1 if transition.returns == "soon" else 0
        next_at = next_visit(
            transition.returns, self.state.availability, at,
            intervals=INTERVALS, unchanged_visits=self.unchanged, retries=self.retries,
            retry_after=weather.choice([None, timedelta(0), timedelta(hours=5), 7 * DAY, 4000 * DAY]),
        )  # fmt: skip
        return Visited(at, season, outcome, before, self.state, transition.counted, next_at)


LIVES = st.lists(
    st.builds(
        Season,
        kind=st.sampled_from(list(SEASONS)),
        days=st.floats(min_value=0.05, max_value=200),
        seed=st.integers(0, 2**32),
        # Seldom: a pin hides what the machine would say.
        pinned=st.sampled_from([False] * 5 + [True]),
    ),
    min_size=1,
    max_size=25,
).map(Life)
years = settings(max_examples=30)


def test_bad_years_do_kill_and_good_ones_revive() -> None:
    """The simulation can show every state, so that the rules below are not true for want of weather."""
    kinds = ["up", "down", "up", "gone", "blocked", "robots", "down", "offline", "our outage", "flaky", "up"]
    life = Life([Season(kind, 40, seed, pinned=False) for seed, kind in enumerate(kinds)])
    seen = {visited.after.availability for visited in life.visits()}
    assert {A.LIVE, A.SUSPECT, A.DEAD, A.BLOCKED, A.EXCLUDED} <= seen


@years
@given(LIVES)
def test_a_page_is_never_dead_early(life: Life) -> None:
    counted: list[datetime] = []
    for visited in life.visits():
        if visited.outcome in FOUND:
            counted.clear()
        if visited.counted:
            counted.append(visited.at)
        if visited.after.availability == A.DEAD and visited.before.availability != A.DEAD:
            enough, least = (2, 3 * DAY) if visited.outcome == O.GONE else (3, 6 * DAY)
            assert len(counted) >= enough and visited.at - counted[0] >= least
        gaps = [later - earlier for earlier, later in zip(counted, counted[1:], strict=False)]
        assert all(gap >= 3 * DAY for gap in gaps)
        assert visited.after.counted_failures == len(counted)


@years
@given(LIVES)
def test_a_page_that_stays_down_is_dead_at_its_third_counted_failure(life: Life) -> None:
    for visited in life.visits():
        enough = visited.after.counted_failures >= LIMITS.failures
        if visited.counted and enough and not visited.after.pinned:
            assert visited.after.availability == A.DEAD


@years
@given(LIVES)
def test_any_success_resets_at_once(life: Life) -> None:
    for visited in life.visits():
        if visited.outcome in FOUND:
            assert (visited.after.counted_failures, visited.after.last_counted_failure_at) == (0, None)
            assert visited.after.pinned or visited.after.availability in (A.LIVE, A.MOVED)


@years
@given(LIVES)
def test_being_turned_away_and_faults_of_ours_never_count(life: Life) -> None:
    for visited in life.visits():
        if visited.outcome not in FAILED or visited.season.kind == "our outage":
            assert not visited.counted
        if visited.outcome in OUR_FAULT or visited.season.kind == "our outage":
            assert visited.after == visited.before


@years
@given(LIVES)
def test_a_pinned_availability_is_never_changed_by_visits(life: Life) -> None:
    for visited in life.visits():
        assert not visited.before.pinned or visited.after.availability == visited.before.availability


@years
@given(LIVES)
def test_visits_never_stop_and_are_never_further_apart_than_the_longest_interval(life: Life) -> None:
    for visited in life.visits():
        longest = LONGEST_DEAD if visited.after.availability == A.DEAD else LONGEST
        assert timedelta(minutes=15) <= visited.next_at - visited.at <= longest


@years
@given(LIVES, st.integers(0, 2**32))
def test_alive_again_is_noticed_within_the_interval_of_dead_pages(life: Life, seed: int) -> None:
    back = Season("up", 34, seed, pinned=False)
    life.seasons.append(back)
    visits = [visited for visited in life.visits() if visited.season is back]
    assert visits[0].after.availability in (A.LIVE, A.MOVED)
    assert visits[-1].after.availability in (A.LIVE, A.MOVED)
