"""Whose turn it is, and what an answer changes. The network is in sending.py, between the two.

A lane's deliveries leave one after the other, in the order of the events. Who sends holds the lane's lease; a worker
that is killed loses it, and the delivery it had in hand is sent again: at least once, never zero, under one id.
Locks: endpoint, lane, deliveries, in this order; claiming locks lanes alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from claims.models import VerdictDocument
from feed.choices import DeliveryState
from feed.models import Attempt, Delivery, Endpoint, Lane
from feed.querysets import DeliveryQuerySet
from feed.services.endpoints import disable, signing_keys
from feed.services.telling import tell_of_dead_letter, tell_of_disabled
from feed.webhooks.retrying import DISABLED_AFTER, Meaning, meaning_of, next_attempt, why_failed
from feed.webhooks.signing import signed_headers
from sources.fetching import Posted

# Longer than any attempt takes; a killed worker's delivery is tried again after this.
LEASE = timedelta(seconds=60)
# What of the lease has to be left for an attempt to begin: it takes 15 s at most.
ATTEMPT_TIME = timedelta(seconds=20)
# A lane whose next event is being looked at anew (a replay) is asked again after this.
SOON = timedelta(seconds=5)


@dataclass(frozen=True)
class Turn:
    """One delivery in one sender's hands. `lease` is the lane's as this sender took it."""

    delivery: Delivery
    lane_id: int
    lease: datetime

    def is_too_late(self, at: datetime) -> bool:
        """The lease could end before an attempt does; then two would be sending."""
        return at > self.lease - ATTEMPT_TIME


@dataclass(frozen=True)
class Parcel:
    """What is posted."""

    url: str
    body: bytes
    headers: dict[str, str]


@transaction.atomic(durable=True)
def take_turns(room: int, *, at: datetime) -> list[Turn]:
    """Lease up to `room` lanes that are due and that nobody sends for; the longest due first."""
    free = Lane.objects.free_and_due(at).select_related("endpoint")
    lanes = free.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "pk")[:room]
    turns = (_take(lane, lane.endpoint, at) for lane in lanes)
    return [turn for turn in turns if turn is not None]


def parcel_of(turn: Turn, *, at: datetime) -> Parcel:
    """The event as the API serves it, and the verdict as it is at this moment. Raises SecretLost.

    Rendered for each attempt from the stored document: what was withheld meanwhile cannot leave any more.
    """
    event, endpoint = turn.delivery.event, turn.delivery.endpoint
    document = VerdictDocument.objects.filter(pk=event.claim_id).values_list("body", flat=True).first()
    body = f'{event.served[:-1]},"document":{document or "null"}}}'.encode()
    keys = signing_keys(endpoint, at=at)
    headers = {"Content-Type": "application/json; charset=utf-8", **signed_headers(keys, event.event_id, body, at=at)}
    return Parcel(endpoint.url, body, headers)


@transaction.atomic(durable=True)
def settle(turn: Turn, posted: Posted, *, began: datetime, at: datetime, go_on: bool) -> Turn | None:
    """Write down what came back. Returns the lane's next delivery when it is due now and `go_on`; else frees the lane.

    A sender that lost its lease meanwhile only leaves its attempt in the log: somebody else has the delivery.
    """
    endpoint = Endpoint.objects.select_for_update().get(pk=turn.delivery.endpoint_id)
    lane = Lane.objects.select_for_update().filter(pk=turn.lane_id, leased_until=turn.lease).first()
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("event").get(pk=turn.delivery.pk)
    Attempt.objects.create(
        delivery=delivery, at=began, milliseconds=posted.milliseconds, status=posted.status, answer=posted.answer,
        error=why_failed(posted),
    )  # fmt: skip
    if lane is None:
        return None
    if delivery.is_waiting:
        _judge(endpoint, delivery, posted, at)
    if go_on and endpoint.is_active:
        return _take(lane, endpoint, at)
    _free(lane, _first(lane, endpoint), at)
    return None


def _judge(endpoint: Endpoint, delivery: Delivery, posted: Posted, at: datetime) -> None:
    meaning, before = meaning_of(posted), delivery.last_attempt_at
    delivery.attempts_made, delivery.last_attempt_at = delivery.attempts_made + 1, at
    if meaning is Meaning.TAKEN:
        _delivered(endpoint, delivery, at)
        return
    delivery.next_attempt_at = next_attempt(delivery.attempts_made, posted, at=at, seed=str(delivery.pk))
    if delivery.next_attempt_at is None:
        delivery.state, delivery.settled_at = DeliveryState.DEAD, at
    delivery.save()
    if delivery.is_dead:
        tell_of_dead_letter(delivery, why_failed(posted), at=at)
    if not delivery.urgent:
        _count_failure(endpoint, delivery, before, at)
    if meaning is Meaning.GONE:
        _cut_off(endpoint, "The receiver answered 410: gone.", at)
    elif endpoint.failing_for is not None and endpoint.failing_for >= DISABLED_AFTER:
        _cut_off(endpoint, f"Nothing got through in {DISABLED_AFTER.days} days of attempts: {why_failed(posted)}.", at)


def _delivered(endpoint: Endpoint, delivery: Delivery, at: datetime) -> None:
    delivery.state, delivery.settled_at, delivery.next_attempt_at = DeliveryState.DELIVERED, at, None
    delivery.save()
    if not delivery.urgent:
        # What went out in its turn need not be hurried any more.
        twin = Delivery.objects.waiting().filter(endpoint=endpoint, event=delivery.event_id, urgent=True)
        twin.update(state=DeliveryState.DELIVERED, settled_at=at, next_attempt_at=None)
    if endpoint.failing_for is not None:
        # The receiver is back: the other lane need not wait for its next attempt.
        Delivery.objects.waiting().filter(endpoint=endpoint, next_attempt_at__gt=at).update(next_attempt_at=at)
        Lane.objects.filter(endpoint=endpoint, due_at__gt=at).update(due_at=at)
    endpoint.last_success_at, endpoint.failing_for = at, None
    endpoint.save(update_fields=["last_success_at", "failing_for"])


def _count_failure(endpoint: Endpoint, delivery: Delivery, before: datetime | None, at: datetime) -> None:
    """Add the time since the attempt before, unless nothing was tried meanwhile (a first attempt, or a pause)."""
    tried = at - max(before, endpoint.state_since) if before and delivery.attempts_made > 1 else timedelta(0)
    endpoint.failing_for = (endpoint.failing_for or timedelta(0)) + max(tried, timedelta(0))
    endpoint.save(update_fields=["failing_for"])


def _cut_off(endpoint: Endpoint, reason: str, at: datetime) -> None:
    if endpoint.is_active:
        disable(endpoint, reason=reason, at=at)
        tell_of_disabled(endpoint, at=at)


def _take(lane: Lane, endpoint: Endpoint, at: datetime) -> Turn | None:
    """The lane's first delivery, leased, when it is due; else the lane is freed until it will be."""
    first = _first(lane, endpoint)
    if first is None or first.next_attempt_at is None or first.next_attempt_at > at:
        _free(lane, first, at)
        return None
    lane.leased_until = at + LEASE
    lane.save(update_fields=["leased_until"])
    first.endpoint = endpoint
    return Turn(first, lane.pk, lane.leased_until)


def _free(lane: Lane, first: Delivery | None, at: datetime) -> None:
    lane.leased_until = None
    lane.due_at = first.next_attempt_at if first else None
    if first is None and _waiting(lane).exists():
        lane.due_at = at + SOON  # it waits for a replay that is still being queued
    lane.save(update_fields=["leased_until", "due_at"])


def _first(lane: Lane, endpoint: Endpoint) -> Delivery | None:
    """In order, nothing beyond the endpoint's cursor: what lies before it may have to go first."""
    waiting = _waiting(lane)
    if not lane.urgent:
        waiting = waiting.filter(event__lte=endpoint.cursor)
    return waiting.select_related("event").order_by("event").first()


def _waiting(lane: Lane) -> DeliveryQuerySet:
    return Delivery.objects.waiting().filter(endpoint=lane.endpoint_id, urgent=lane.urgent)
