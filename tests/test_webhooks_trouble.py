"""Trouble of our own: rows that break, clocks that jump, a database that holds a sender up. One stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from claims.choices import EventType
from feed import services
from feed.models import Endpoint, Lane
from feed.services import delivering
from tests.webhook_receiver import START, Receiver, deliver, happen, make_endpoint, receiving

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with receiving(settings) as receiver:
        yield receiver


def poison(table: str, condition: str) -> None:
    """Every new row of this table that meets the condition breaks whoever writes it."""
    connection.cursor().execute(
        f"""
        CREATE FUNCTION break_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'poison'; END $$;
        CREATE TRIGGER breaks BEFORE INSERT ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION break_it();
        """
    )


def test_an_endpoint_nothing_can_be_queued_for_keeps_its_place_and_stops_no_other(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    endpoints = [make_endpoint(receiver, name=name) for name in ("A", "B", "C", "D", "E")]
    broken = endpoints[2]
    happen(EventType.PUBLISHED, EventType.CORRECTED)
    poison("feed_delivery", f"NEW.endpoint_id = {broken.pk}")
    assert services.queue_deliveries(at=START) == 8
    places = dict(Endpoint.objects.values_list("pk", "cursor"))
    assert places.pop(broken.pk) == 0 and set(places.values()) == {2}
    assert [record.getMessage() for record in caplog.records if record.name == "feed.services.queueing"] == [
        f"events after 0 could not be queued for endpoint {broken.pk}"
    ]


def test_an_attempt_that_cannot_be_written_down_stops_no_other_endpoint(receiver: Receiver) -> None:
    broken, fine = make_endpoint(receiver, name="A"), make_endpoint(receiver, name="B")
    happen(EventType.PUBLISHED, EventType.CORRECTED)
    services.queue_deliveries(at=START)
    poison("feed_attempt", f"NEW.delivery_id = {broken.deliveries.earliest('event').pk}")
    services.send_due_deliveries(at=START)
    assert fine.deliveries.delivered().count() == 2 and broken.deliveries.waiting().count() == 2


def test_who_has_no_time_left_before_the_lease_ends_does_not_begin(receiver: Receiver, monkeypatch: Any) -> None:
    make_endpoint(receiver)
    happen()
    services.queue_deliveries(at=START)
    monkeypatch.setattr(delivering, "LEASE", delivering.ATTEMPT_TIME - timedelta(seconds=1))
    assert services.send_due_deliveries(at=START) == 0
    assert receiver.got == []
    monkeypatch.undo()
    assert services.send_due_deliveries(at=START + MINUTE) == 1


def test_what_a_clock_that_was_ahead_has_put_off_is_tried_soon(receiver: Receiver) -> None:
    make_endpoint(receiver)
    happen()
    services.queue_deliveries(at=START + timedelta(days=365))
    assert services.send_due_deliveries(at=START) == 0
    assert services.mend_lanes(at=START) == 1
    assert services.send_due_deliveries(at=START) == 1


def test_a_lease_that_a_clock_ahead_has_given_ends(receiver: Receiver) -> None:
    make_endpoint(receiver)
    happen()
    services.queue_deliveries(at=START)
    delivering.take_turns(1, at=START + timedelta(days=365))
    services.mend_lanes(at=START)
    assert deliver() == 1


def test_nothing_that_was_put_off_on_purpose_is_hurried() -> None:
    make_endpoint()
    happen()
    services.queue_deliveries(at=START)
    put_off = START + timedelta(hours=6)
    Lane.objects.filter(urgent=False).update(due_at=put_off, leased_until=START + delivering.LEASE)
    assert services.mend_lanes(at=START) == 0
    assert Lane.objects.get(urgent=False).due_at == put_off
