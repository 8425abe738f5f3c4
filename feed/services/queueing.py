"""Which deliveries follow from the event log. The log is the outbox: an endpoint's cursor is its place in it.

Endpoints at the same place are looked at together, those nearest to the newest event first, so that one that catches up
on a million events delays nobody.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Min
from django.utils import timezone

from claims.choices import EventType
from claims.models import Event, VerdictDocument
from feed.models import Delivery, Endpoint, Told
from feed.services.returning import put_back, wake
from feed.webhooks.wanting import URGENT, Filter, Shown, is_wanted

logger = logging.getLogger(__name__)

# One transaction looks at so many endpoints and events at most, so that it holds no endpoint for long.
ENDPOINTS_AT_ONCE, EVENTS_AT_ONCE = 500, 200
# Rows in one INSERT.
ROWS_AT_ONCE = 2000
# One run goes on for so many seconds at most; the next one carries on.
RUN_TIME = 10.0

Pair = tuple[int, int]


def queue_deliveries(*, at: datetime | None = None, run_time: float = RUN_TIME) -> int:
    """Make the deliveries of events that active endpoints have not been looked at for; returns how many.

    Nothing is skipped and nothing made twice, however often it is interrupted or run side by side.
    """
    at, queued, began = at or timezone.now(), 0, time.monotonic()
    broken: set[int] = set()
    while (made := _queue_batch(at, broken)) is not None:
        queued += made
        if time.monotonic() - began > run_time:
            break
    return queued


@transaction.atomic
def _queue_batch(at: datetime, broken: set[int]) -> int | None:
    """One step: endpoints at the same place, and the events that follow it. None when nobody is behind.

    `broken`: endpoints to be left out; those that fail now are added.
    """
    head = Event.objects.head()
    behind = Endpoint.objects.active().filter(cursor__lt=head.sequence if head else 0).exclude(pk__in=broken)
    unlocked = behind.select_for_update(skip_locked=True, no_key=True)
    first = unlocked.order_by("-cursor").first()
    if first is None:
        return None
    endpoints = list(unlocked.filter(cursor=first.cursor).order_by("pk")[:ENDPOINTS_AT_ONCE])
    events = list(Event.objects.after(first.cursor)[:EVENTS_AT_ONCE])
    return _move_on(endpoints, events, at, broken)


def _move_on(endpoints: list[Endpoint], events: list[Event], at: datetime, broken: set[int]) -> int:
    """Make the deliveries and put the cursors forward. When that fails, by halves, so that one stops no other."""
    try:
        with transaction.atomic():
            made = _make(endpoints, events, at)
            Endpoint.objects.filter(pk__in=[endpoint.pk for endpoint in endpoints]).update(cursor=events[-1].sequence)
            return made
    except (OperationalError, InterfaceError):
        raise  # the database is away, for everybody
    except Exception:
        if len(endpoints) == 1:
            logger.exception("events after %s could not be queued for endpoint %s", events[0].pk - 1, endpoints[0].pk)
            broken.add(endpoints[0].pk)
            return 0
    half = len(endpoints) // 2
    return sum(_move_on(part, events, at, broken) for part in (endpoints[:half], endpoints[half:]))


def _make(endpoints: list[Endpoint], events: list[Event], at: datetime) -> int:
    wanted = _wanted(endpoints, events)
    if not wanted:
        return 0
    # Rows that are there already are being replayed: those that are settled wait again.
    there = Delivery.objects.in_order().filter(
        endpoint__in={endpoint for endpoint, _ in wanted}, event__gte=events[0], event__lte=events[-1]
    )
    known = {(endpoint, event): pk for pk, endpoint, event in there.values_list("pk", "endpoint_id", "event_id")}
    if again := [known[pair] for pair in wanted if pair in known]:
        put_back(Delivery.objects.filter(pk__in=again).exclude(state="waiting"), at=at)
    new = [pair for pair in wanted if pair not in known]
    _insert(new, at, urgent=False)
    _insert(_overtaking(wanted, events), at, urgent=True)
    claims = {event.sequence: event.claim_id for event in events}
    _remember({(endpoint, claims[sequence]) for endpoint, sequence in wanted})
    wake({(endpoint, False) for endpoint, _ in wanted}, at=at)
    return len(wanted)


def _wanted(endpoints: list[Endpoint], events: list[Event]) -> list[Pair]:
    """(endpoint, sequence) of everything to be sent, in the order of the events."""
    filters = {endpoint.pk: _filter(endpoint) for endpoint in endpoints}
    claims = {event.claim_id for event in events}
    shown = _shown(claims)
    told = _told([pk for pk, asked in filters.items() if not asked.takes_all], claims)
    wanted: list[Pair] = []
    for event in events:
        rated_before = _rated_before(event)
        for pk, asked in filters.items():
            pair = (pk, event.claim_id)
            verdict = shown.get(event.claim_id, Shown())
            if is_wanted(event.type, verdict, asked, known=pair in told, rated_before=rated_before):
                told.add(pair)
                wanted.append((pk, event.sequence))
    return wanted


def _filter(endpoint: Endpoint) -> Filter:
    return Filter(
        frozenset(endpoint.event_types), frozenset(endpoint.rating_codes), frozenset(endpoint.topic_slugs),
        frozenset(endpoint.claimant_slugs), frozenset(endpoint.languages),
    )  # fmt: skip


def _shown(claims: Iterable[int]) -> dict[int, Shown]:
    columns = ("rating_code", "topic_slugs", "claimant_slug", "language")
    rows = VerdictDocument.objects.filter(pk__in=claims).values_list("pk", *columns)
    return {pk: Shown(*seen) for pk, *seen in rows}


def _rated_before(event: Event) -> str:
    if event.type != EventType.RATING_CHANGED:
        return ""
    return str(json.loads(event.entry)["data"].get("previous_rating", ""))


def _told(endpoints: list[int], claims: Iterable[int]) -> set[Pair]:
    """(endpoint, claim) of verdicts that something was ever queued about."""
    if not endpoints:
        return set()
    return set(Told.objects.filter(endpoint__in=endpoints, claim__in=claims).values_list("endpoint_id", "claim_id"))


def _remember(pairs: set[Pair]) -> None:
    rows = [Told(endpoint_id=endpoint, claim_id=claim) for endpoint, claim in sorted(pairs)]
    Told.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)


def _overtaking(wanted: list[Pair], events: list[Event]) -> list[Pair]:
    """What is urgent and would have to wait for something else. With nothing before it, it leaves at once anyway."""
    urgent = {event.sequence for event in events if event.type in URGENT}
    pairs = [(endpoint, sequence) for endpoint, sequence in wanted if sequence in urgent]
    if not pairs:
        return []
    waiting = Delivery.objects.waiting().in_order().filter(endpoint__in={endpoint for endpoint, _ in pairs})
    first = dict(waiting.order_by().values_list("endpoint_id").annotate(Min("event_id")))
    return [(endpoint, sequence) for endpoint, sequence in pairs if first.get(endpoint, sequence) < sequence]


def _insert(pairs: list[Pair], at: datetime, *, urgent: bool) -> None:
    Delivery.objects.bulk_create(
        [
            Delivery(endpoint_id=endpoint, event_id=sequence, urgent=urgent, queued_at=at, next_attempt_at=at)
            for endpoint, sequence in pairs
        ],
        batch_size=ROWS_AT_ONCE,
        ignore_conflicts=True,
    )
    if urgent:
        wake({(endpoint, True) for endpoint, _ in pairs}, at=at)
