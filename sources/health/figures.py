"""How the sources and their visits are doing, in figures. Reads only; quick however many sources and visits there are.

Lists are the first rows of an index; whatever may be many is counted as counting.py counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery

from sources.choices import Availability, Outcome
from sources.life.outlook import Outlook, outlook
from sources.models import Source, SourceCheck
from sources.states import Limits

from .counting import Day, Number, due_ahead, number_of, visits_per_day
from .hosts import HostHealth, worst_hosts

# Rows of each list.
SHOWN = 10
HOSTS_SHOWN = 20
# Our own faults are told of for this long.
LATELY = timedelta(days=7)
# Visits later than this are worth an alarm: the first visits after a change come 15 minutes and an hour apart.
LONG_LAG = timedelta(hours=1)
# What sources.archive says when a capture could not be kept; the visit is then an internal_error.
NOT_STORED = "could not be stored"


@dataclass(frozen=True)
class AtRisk:
    """A source on its way to being called dead, and how far it is."""

    source: Source
    outlook: Outlook


@dataclass(frozen=True)
class Figures:
    """Everything the page on the sources' health shows, as it was at `at`."""

    at: datetime
    lag: timedelta
    states: dict[str, Number]
    at_risk: list[AtRisk]
    dead: list[Source]
    longest_unchecked: list[Source]
    unconfirmed: Number
    unconfirmed_since: datetime | None
    faults: Number
    not_stored: list[SourceCheck]
    faulty: list[Source]
    days: list[Day]
    # Sources that come due by the hour, the first being the rest of this one.
    ahead: list[tuple[datetime, int]]
    hosts: list[HostHealth]


def sweep_lag(at: datetime) -> timedelta:
    """How long the most overdue source has waited for its visit at `at`; zero when none waits."""
    due = Source.objects.due(at).order_by("next_check_at").values_list("next_check_at", flat=True).first()
    return at - due if due else timedelta(0)


def figures(at: datetime) -> Figures:
    """The figures at `at`, in a constant number of queries."""
    unconfirmed = Source.objects.filter(pending_since__isnull=False)
    return Figures(
        at=at,
        lag=sweep_lag(at),
        states=count_states(),
        at_risk=at_risk(SHOWN),
        dead=list(Source.objects.filter(availability=Availability.DEAD).order_by("-availability_since")[:SHOWN]),
        longest_unchecked=list(Source.objects.due(at).order_by("next_check_at")[:SHOWN]),
        unconfirmed=number_of(unconfirmed),
        unconfirmed_since=unconfirmed.order_by("pending_since").values_list("pending_since", flat=True).first(),
        faults=number_of(_faults(at)),
        not_stored=list(_faults(at).filter(error__contains=NOT_STORED).select_related("source")[:SHOWN]),
        faulty=list(Source.objects.filter(faults__gt=0).order_by("-faults")[:SHOWN]),
        days=visits_per_day(at),
        ahead=due_ahead(at),
        hosts=worst_hosts(at, HOSTS_SHOWN),
    )


def count_states() -> dict[str, Number]:
    """How many sources are in each state, in the order of the states."""
    return {word: number_of(Source.objects.filter(availability=word)) for word in Availability.values}


def limits() -> Limits:
    """How many failures, how far apart, this installation asks for."""
    return Limits(settings.RECHECK_FAILURES, settings.RECHECK_SPACING)


def at_risk(count: int) -> list[AtRisk]:
    """Sources on their way to being called dead: those unreachable for longest, the next to be called dead first."""
    newest = SourceCheck.objects.filter(source=OuterRef("pk")).newest_first()
    sources = Source.objects.at_risk().annotate(last_outcome=Subquery(newest.values("outcome")[:1]))
    found = []
    for source in sources.order_by("availability_since")[:count]:
        gone = source.last_outcome == Outcome.GONE  # type: ignore[attr-defined]
        if view := outlook(source.counted_failures, source.last_counted_failure_at, limits(), gone=gone):
            found.append(AtRisk(source, view))
    return sorted(found, key=lambda row: row.outlook.earliest_dead)


def _faults(at: datetime) -> QuerySet[SourceCheck]:
    """Visits that failed by a fault of ours lately, newest first."""
    return SourceCheck.objects.filter(outcome=Outcome.INTERNAL_ERROR, at__gt=at - LATELY, at__lte=at).order_by("-at")
