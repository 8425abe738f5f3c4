"""What a visit's outcome does to a source. One table; reads like docs/sources.md. Pure.

The counting rule follows InternetArchiveBot: a link is dead only after several failures at least three days apart,
any success resets at once, and everything in between reads "could not be reached", never "dead".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from .choices import Availability, Outcome

# When to come back: on the schedule of found pages; soon, then less and less often; daily until settled; by state.
Return = Literal["scheduled", "soon", "daily", "weekly"]
# A page its site calls gone for good (410) needs one counted failure less.
GONE_NEEDS_LESS = 1
MIN_FAILURES = 2


@dataclass(frozen=True)
class Rule:
    """What an outcome means. `availability` None: it says nothing about the page, which stays what it was."""

    availability: Availability | None
    returns: Return
    counts: bool = False
    resets: bool = False


_FOUND = Rule(Availability.LIVE, "scheduled", resets=True)
_FAILED = Rule(Availability.SUSPECT, "daily", counts=True)
_SAYS_NOTHING = Rule(None, "soon")

TABLE: dict[Outcome, Rule] = {
    # The page arrived.
    Outcome.OK: _FOUND,
    Outcome.NOT_MODIFIED: _FOUND,
    Outcome.REDIRECT_TEMPORARY: _FOUND,
    # Only when the same text arrived (see `after_visit`): otherwise it is a page found, no move.
    Outcome.REDIRECT_PERMANENT: Rule(Availability.MOVED, "scheduled", resets=True),
    # Something else than the page arrived.
    Outcome.REDIRECT_TO_ROOT: _FAILED,
    Outcome.SOFT404_SUSPECT: _FAILED,
    Outcome.NOT_FOUND: _FAILED,
    Outcome.GONE: _FAILED,
    Outcome.CLIENT_ERROR: _FAILED,
    Outcome.BAD_CONTENT: _FAILED,
    Outcome.EMPTY_TEXT: _FAILED,
    # Nothing arrived.
    Outcome.DNS_NXDOMAIN: _FAILED,
    Outcome.REFUSED: _FAILED,
    Outcome.CONNECT_TIMEOUT: _FAILED,
    Outcome.READ_TIMEOUT: _FAILED,
    Outcome.SERVER_ERROR: _FAILED,
    Outcome.TLS_ERROR: _FAILED,
    Outcome.REDIRECT_LOOP: _FAILED,
    # Says nothing about the page.
    Outcome.DNS_TEMPORARY: _SAYS_NOTHING,
    Outcome.INTERNAL_ERROR: _SAYS_NOTHING,
    Outcome.RATE_LIMITED: _SAYS_NOTHING,
    Outcome.TOO_LARGE: Rule(None, "scheduled"),
    # The page is there, but not for us.
    Outcome.AUTH_REQUIRED: Rule(Availability.PAYWALLED, "weekly"),
    Outcome.BLOCKED: Rule(Availability.BLOCKED, "weekly"),
    Outcome.ROBOTS_DISALLOWED: Rule(Availability.EXCLUDED, "weekly"),
    Outcome.POLICY_DENIED: Rule(Availability.DENIED, "weekly"),
}

# With these the page is there as we know it or as it has become; everything else is trouble of some kind.
FOUND = frozenset(outcome for outcome, rule in TABLE.items() if rule.resets)


@dataclass(frozen=True)
class Limits:
    """How many counted failures, how far apart, make a source dead."""

    failures: int = 3
    spacing: timedelta = timedelta(hours=72)


@dataclass(frozen=True)
class State:
    """The part of a source that visits decide."""

    availability: Availability = Availability.NEW
    counted_failures: int = 0
    last_counted_failure_at: datetime | None = None
    pinned: bool = False


@dataclass(frozen=True)
class Transition:
    """The state after a visit, whether the visit counted as a failure, and when to come back."""

    state: State
    counted: bool
    returns: Return


def after_visit(
    state: State,
    outcome: Outcome,
    at: datetime,
    limits: Limits,
    *,
    same_text: bool = True,
    our_outage: bool = False,
) -> Transition:
    """The state after a visit with this outcome.

    `same_text`: what arrived is the text we know. `our_outage`: so many hosts failed in this sweep that the fault
    is ours; failures then say nothing.
    """
    rule = TABLE[outcome]
    if rule.counts and our_outage:
        rule = _SAYS_NOTHING
    if rule.resets:
        found = rule.availability if same_text else Availability.LIVE
        return Transition(_settled(State(found or Availability.LIVE, pinned=state.pinned), state), False, rule.returns)
    counted = rule.counts and _far_enough(state, at, limits)
    if counted:
        state = replace(state, counted_failures=state.counted_failures + 1, last_counted_failure_at=at)
    if rule.availability is None:
        return Transition(state, counted, rule.returns)
    availability = rule.availability
    if rule.counts and _is_dead(state, outcome, limits):
        availability = Availability.DEAD
    return Transition(_settled(replace(state, availability=availability), state), counted, rule.returns)


def _settled(new: State, old: State) -> State:
    """A person's pin overrules: counting goes on, the availability stays."""
    return replace(new, availability=old.availability) if old.pinned else new


def _far_enough(state: State, at: datetime, limits: Limits) -> bool:
    last = state.last_counted_failure_at
    return last is None or at - last >= limits.spacing


def failures_needed(limits: Limits, *, gone: bool = False) -> int:
    """How many counted failures make a source dead; one less when its site said that it is gone for good."""
    return max(MIN_FAILURES, limits.failures - (GONE_NEEDS_LESS if gone else 0))


def _is_dead(state: State, outcome: Outcome, limits: Limits) -> bool:
    if state.availability == Availability.DEAD:
        return True
    return state.counted_failures >= failures_needed(limits, gone=outcome == Outcome.GONE)
