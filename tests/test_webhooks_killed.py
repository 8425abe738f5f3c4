"""Senders that are killed between posting and writing, that come back too late, and that work side by side."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from claims.choices import EventType
from feed import services
from feed.models import Attempt, Delivery
from feed.services import delivering
from feed.services.delivering import LEASE
from sources.fetching import Posted
from tests.sources_support.server import http
from tests.sources_support.workers import process
from tests.webhook_receiver import (
    START,
    Got,
    Receiver,
    deliver,
    happen,
    make_endpoint,
    make_endpoint_with_secret,
    receiving,
)

SECOND = timedelta(seconds=1)
SENDER = """
import django; django.setup()
from datetime import datetime
from feed.services import send_due_deliveries
send_due_deliveries(at=datetime.fromisoformat("{at}"))
"""


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with receiving(settings) as receiver:
        yield receiver


@pytest.mark.django_db(transaction=True)
def test_an_event_posted_by_a_worker_that_died_before_it_wrote_so_is_sent_again_and_none_is_skipped(
    settings: Any, tmp_path: Path
) -> None:
    workers: list[Any] = []

    def kill_the_sender_at_the_third(got: Got, _: socket.socket) -> bytes:
        if got.sequence == 3 and machine.sequences.count(3) == 1:
            os.kill(workers[0].pid, signal.SIGKILL)
            workers[0].wait(10)
        return http(200)

    with receiving(settings, always=kill_the_sender_at_the_third) as machine:
        # The secret is derived from SECRET_KEY, which a worker of its own has to share.
        assert settings.SECRET_KEY == "only-for-tests-" + "x" * 40
        make_endpoint_with_secret(machine)
        happen(*["verdict.published"] * 5)
        services.queue_deliveries(at=START)
        allowed = {"CLAIMTRACK_FETCH_ALLOW": f"127.0.0.1:{machine.port}"}
        workers.append(process(tmp_path, "-c", SENDER.format(at=START.isoformat()), **allowed))
        assert workers[0].wait(30) == -signal.SIGKILL
        assert machine.sequences == [1, 2, 3]
        assert Attempt.objects.count() == 2 and Delivery.objects.get(event=3).is_waiting

        assert services.send_due_deliveries(at=START + LEASE / 2) == 0  # still the dead worker's
        services.send_due_deliveries(at=START + LEASE + timedelta(seconds=1))
        assert machine.sequences == [1, 2, 3, 3, 4, 5]
        ids = [got.headers["webhook-id"] for got in machine.got]
        assert len(set(ids)) == 5 and ids[2] == ids[3]
        assert not Delivery.objects.waiting().exists()


@pytest.mark.django_db
def test_what_a_killed_worker_had_in_hand_is_sent_again_after_its_lease_and_nothing_is_skipped(
    receiver: Receiver,
) -> None:
    make_endpoint(receiver)
    happen(EventType.PUBLISHED, EventType.CORRECTED)
    services.queue_deliveries(at=START)
    (turn,) = delivering.take_turns(10, at=START)  # and here the worker ends, whether or not it has posted
    assert turn.delivery.event_id == 1
    assert deliver(START + LEASE - SECOND) == 0
    deliver(START + LEASE)
    assert receiver.sequences == [1, 2]


@pytest.mark.django_db
def test_a_sender_that_lost_its_lease_leaves_its_attempt_in_the_log_and_changes_nothing(receiver: Receiver) -> None:
    make_endpoint(receiver)
    happen(EventType.PUBLISHED, EventType.CORRECTED)
    services.queue_deliveries(at=START)
    (late,) = delivering.take_turns(10, at=START)
    (turn,) = delivering.take_turns(10, at=START + LEASE)
    posted = Posted(200, "thanks")
    assert delivering.settle(late, posted, began=START, at=START + LEASE, go_on=True) is None
    assert Delivery.objects.get(event=1).is_waiting and Attempt.objects.count() == 1
    following = delivering.settle(turn, posted, began=START, at=START + LEASE, go_on=True)
    assert following is not None and following.delivery.event_id == 2


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_never_send_one_endpoints_events_out_of_order_or_two_at_a_time(settings: Any) -> None:
    flying, most = [0], [0]

    def slow(_: Got, __: socket.socket) -> bytes:
        flying[0] += 1
        most[0] = max(most[0], flying[0])
        time.sleep(0.02)
        flying[0] -= 1
        return http(200)

    with receiving(settings, always=slow) as receiver:
        make_endpoint(receiver)
        for _ in range(10):
            happen(EventType.PUBLISHED, EventType.CORRECTED)
        services.queue_deliveries(at=START)
        with ThreadPoolExecutor(4) as pool:
            made = list(pool.map(lambda _: in_a_connection_of_its_own(), range(4)))
        assert sum(made) == 20 and receiver.sequences == list(range(1, 21)) and most == [1]


def in_a_connection_of_its_own() -> int:
    try:
        return services.send_due_deliveries(at=START)
    finally:
        connection.close()
