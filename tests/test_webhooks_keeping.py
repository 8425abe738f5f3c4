"""What of webhooks is kept and what goes: pruning, and that nobody misses a correction for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from claims.choices import EventType
from feed import services
from feed.models import Attempt, Delivery, Told
from feed.webhooks.retrying import ATTEMPTS
from tests.sources_support.server import http
from tests.webhook_receiver import Receiver, deliver, happen, happen_to, make_endpoint, receiving

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.KEEP_DELIVERIES = 90 * DAY
    with receiving(settings) as receiver:
        yield receiver


def days_ago(number: int) -> datetime:
    return timezone.now() - number * DAY


def left() -> list[int]:
    return list(Delivery.objects.order_by("event").values_list("event_id", flat=True))


def test_what_was_delivered_long_ago_goes_with_its_attempts(receiver: Receiver) -> None:
    make_endpoint(receiver)
    for age in (91, 89):
        happen()
        deliver(days_ago(age))
    assert services.prune_deliveries() == 1
    assert left() == [2] and Attempt.objects.count() == 1
    assert services.prune_deliveries() == 0


def test_what_waits_and_what_is_dead_stays_whatever_its_age(settings: Any) -> None:
    with receiving(settings, always=http(500)) as receiver:
        make_endpoint(receiver)
        happen(EventType.PUBLISHED, EventType.CORRECTED)
        deliver(days_ago(400))
        Delivery.objects.filter(event=1).update(attempts_made=ATTEMPTS - 1)
        deliver(days_ago(399))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dead", "waiting"}
    assert services.prune_deliveries() == 0


def test_a_run_is_bounded_and_the_next_one_carries_on(receiver: Receiver) -> None:
    make_endpoint(receiver)
    happen(*[EventType.CORRECTED] * 5)
    deliver(days_ago(100))
    assert services.prune_deliveries(limit=3) == 3
    assert left() == [4, 5]
    assert services.prune_deliveries(limit=3) == 2


def test_whoever_was_sent_a_verdict_hears_of_it_though_the_delivery_is_gone(receiver: Receiver) -> None:
    make_endpoint(receiver, rating_codes=["false"])
    (event,) = happen(rating_code="false")
    deliver(days_ago(100))
    services.prune_deliveries()
    assert left() == [] and Told.objects.count() == 1
    happen_to(event.claim, EventType.CORRECTED, EventType.RETRACTED, rating_code="true")
    deliver()
    assert sorted(set(receiver.sequences)) == [1, 2, 3]


def test_a_replay_brings_what_was_pruned_under_the_same_ids(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver)
    happen(EventType.PUBLISHED, EventType.CORRECTED)
    deliver(days_ago(100))
    services.prune_deliveries()
    services.replay(endpoint, after=0, by=None)
    deliver()
    assert receiver.sequences == [1, 2, 1, 2]
    ids = [got.headers["webhook-id"] for got in receiver.got]
    assert ids[:2] == ids[2:]


@pytest.mark.parametrize("age", [0, 100])
def test_attempts_go_by_pruning_alone_and_never_young_ones(age: int, receiver: Receiver) -> None:
    make_endpoint(receiver)
    happen()
    deliver(days_ago(age))
    with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
        if age == 0:
            connection.cursor().execute("SET LOCAL claimtrack.allow_pruning = 'on'")
        connection.cursor().execute("DELETE FROM feed_attempt")
