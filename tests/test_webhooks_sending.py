"""Strict order, at least once, never zero: against receivers that fail, hang, drip, die and come back."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from claims.choices import EventType
from claims.models import VerdictDocument
from feed import services
from feed.models import Attempt, Delivery, Endpoint, Lane
from tests.sources_support.routes import ROUTES
from tests.sources_support.server import drip, hang, http
from tests.webhook_receiver import START, Got, Receiver, attempts, deliver, happen, happen_to, make_endpoint, receiving

pytestmark = pytest.mark.django_db
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with receiving(settings) as receiver:
        yield receiver


def run_until_quiet(hours: float = 100, step: timedelta = SECOND) -> None:
    """Beat, with the clock put on to whenever something is due."""
    at, end = START, START + hours * HOUR
    while at < end:
        deliver(at)
        due = Lane.objects.exclude(due_at=None).order_by("due_at").values_list("due_at", flat=True).first()
        if due is None:
            return
        at = max(due, at + step)


def test_the_body_is_the_event_as_the_api_serves_it_and_the_verdict_as_it_is_now(
    receiver: Receiver, client: Any
) -> None:
    make_endpoint(receiver)
    (event,) = happen()
    deliver()
    (got,) = receiver.got
    served = client.get("/api/v1/events/").json()["results"][0]
    document = VerdictDocument.objects.get().body
    assert {key: value for key, value in got.json.items() if key != "document"} == served
    assert got.body.decode() == f'{event.served[:-1]},"document":{document}}}'
    assert got.headers["webhook-id"] == served["id"]
    assert got.headers["content-type"].startswith("application/json")
    assert "claimtrack" in got.headers["user-agent"]


def test_events_arrive_in_order_and_once(receiver: Receiver) -> None:
    make_endpoint(receiver)
    for _ in range(5):
        happen(EventType.PUBLISHED, EventType.CORRECTED)
    assert deliver() == 10
    assert receiver.sequences == list(range(1, 11))
    assert deliver(START + HOUR) == 0
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_the_next_event_waits_until_the_one_before_it_is_taken(settings: Any) -> None:
    with receiving(settings, http(500), http(503), b"", http(404)) as receiver:
        make_endpoint(receiver)
        happen(EventType.PUBLISHED, EventType.CORRECTED, EventType.UPDATED)
        run_until_quiet()
        assert receiver.sequences == [1, 1, 1, 1, 1, 2, 3]
        assert attempts() == [(1, 500), (1, 503), (1, None), (1, 404), (1, 200), (2, 200), (3, 200)]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"", "the server broke the connection off"),
        (b"nonsense\r\n\r\n", "the answer is not proper HTTP"),
        (b"HTTP/1.1 200 OK\r\nx-half: he", "the server broke the connection off"),
        (http(302, location="http://127.0.0.1:1/"), "redirects are not followed"),
        (http(500, "Traceback"), "answered 500"),
    ],
)
def test_whatever_is_no_2xx_is_tried_again_and_the_log_says_why(answer: bytes, said: str, settings: Any) -> None:
    with receiving(settings, answer) as receiver:
        make_endpoint(receiver)
        happen()
        deliver()
        first = Attempt.objects.get()
        assert said in first.error
        assert Delivery.objects.get().is_waiting
        run_until_quiet()
        assert receiver.sequences == [1, 1] and not Delivery.objects.waiting().exists()


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_is_a_success(status: int, settings: Any) -> None:
    with receiving(settings, always=http(status)) as receiver:
        make_endpoint(receiver)
        happen()
        deliver()
        assert attempts() == [(1, status)] and Delivery.objects.get().state == "delivered"


def test_an_answer_that_breaks_off_after_its_status_is_a_success(settings: Any) -> None:
    with receiving(settings, http(200, "half").replace(b"length: 4", b"length: 99")) as receiver:
        make_endpoint(receiver)
        happen()
        deliver()
        assert Delivery.objects.get().state == "delivered" and Attempt.objects.get().answer == "half"


def test_of_a_huge_answer_only_the_beginning_is_read_and_kept(settings: Any) -> None:
    endless = drip(b"a" * 60_000, 0, b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
    with receiving(settings, endless) as receiver:
        make_endpoint(receiver)
        happen()
        deliver()
        assert Attempt.objects.get().answer == "a" * 500
        assert Attempt.objects.get().milliseconds < 5000


def test_what_cannot_be_stored_of_an_answer_is_replaced(settings: Any) -> None:
    with receiving(settings, http(500, b"a\0b\xff\x1b[31m")) as receiver:
        make_endpoint(receiver)
        happen()
        deliver()
        assert Attempt.objects.get().answer == "a b\N{REPLACEMENT CHARACTER} [31m"


@pytest.mark.parametrize("route", ROUTES)
def test_whatever_a_server_does_is_written_down_and_the_events_go_on(
    route: str, settings: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("sources.fetching.posting.WHOLE_TIME", 0.3)
    with receiving(settings, ROUTES[route]()) as receiver:
        make_endpoint(receiver)
        happen(EventType.PUBLISHED, EventType.CORRECTED)
        deliver()
        first = Attempt.objects.order_by("pk")[0]
        assert first.error or (first.status or 0) // 100 == 2
        assert receiver.sequences in ([1], [1, 2])
        run_until_quiet()
        assert receiver.sequences in ([1, 2], [1, 1, 2])


def test_a_receiver_that_answers_late_holds_up_no_other(settings: Any) -> None:
    arrived_elsewhere: list[int] = []

    def answer_when_the_quick_one_has_all(got: Got, _: socket.socket) -> bytes:
        until = time.monotonic() + 5
        while len(quick.sequences) < 10 and time.monotonic() < until:
            time.sleep(0.01)
        arrived_elsewhere.append(len(quick.sequences))
        return http(500)

    with receiving(settings, answer_when_the_quick_one_has_all) as slow, receiving(settings) as quick:
        make_endpoint(slow, "slow")
        make_endpoint(quick, "quick")
        happen(*[EventType.CORRECTED] * 10)
        deliver()
    assert arrived_elsewhere == [10]


@pytest.mark.parametrize(
    "reply", [hang(), drip(b"x", 0.02, b"HTTP/1.1 200 OK\r\nx-slow: ")], ids=["hangs", "drips its headers"]
)
def test_a_receiver_that_never_answers_keeps_only_its_own_events_waiting(
    reply: Any, settings: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("sources.fetching.posting.WHOLE_TIME", 0.6)
    with receiving(settings, reply) as slow, receiving(settings) as quick:
        make_endpoint(slow, "slow")
        make_endpoint(quick, "quick")
        for _ in range(10):
            happen()
        deliver()
        assert quick.sequences == list(range(1, 11)) and slow.sequences == [1]
        assert Attempt.objects.get(delivery__endpoint__name="slow").error == "the answer did not arrive in time"
        run_until_quiet()
        assert slow.sequences == [1, *range(1, 11)]


def test_a_receiver_that_dies_and_comes_back_gets_everything_in_order(settings: Any) -> None:
    with receiving(settings) as receiver:
        make_endpoint(receiver)
        happen(EventType.PUBLISHED, EventType.CORRECTED)
        receiver.close()
        deliver()
        assert Attempt.objects.get().error == "the connection was refused"
        happen(EventType.PUBLISHED)
        again = Receiver(port=receiver.port)
        run_until_quiet()
        assert again.sequences == [1, 2, 3]
        again.close()


def test_an_event_whose_answer_was_lost_comes_again_under_the_same_id(settings: Any) -> None:
    def crash_after_reading(_: Got, connection: socket.socket) -> None:
        connection.close()

    with receiving(settings, crash_after_reading) as receiver:
        make_endpoint(receiver)
        happen(EventType.PUBLISHED, EventType.CORRECTED)
        run_until_quiet()
        assert receiver.sequences == [1, 1, 2]
        assert receiver.got[0].headers["webhook-id"] == receiver.got[1].headers["webhook-id"]


def test_a_run_ends_in_time_and_the_next_one_carries_on(receiver: Receiver) -> None:
    make_endpoint(receiver)
    for _ in range(5):
        happen()
    services.queue_deliveries(at=START)
    assert services.send_due_deliveries(at=START, run_time=0) == 1
    assert receiver.sequences == [1]
    deliver()
    assert receiver.sequences == [1, 2, 3, 4, 5]


def test_a_worker_that_is_to_stop_begins_nothing_more(receiver: Receiver) -> None:
    make_endpoint(receiver)
    happen(EventType.PUBLISHED, EventType.CORRECTED)
    services.queue_deliveries(at=START)
    services.send_due_deliveries(at=START, stopping=lambda: True)
    assert receiver.sequences == [1]


def test_a_withheld_text_does_not_leave_though_its_event_was_queued_before(receiver: Receiver) -> None:
    make_endpoint(receiver)
    (event,) = happen(body='{"id":"x","summary":"private"}')
    VerdictDocument.objects.update(body='{"id":"x","summary":"private"}')
    services.queue_deliveries(at=START)
    happen_to(event.claim, EventType.WITHHELD, body='{"id":"x","status":"withheld"}', status="withheld")
    deliver()
    assert all(b"private" not in got.body for got in receiver.got)
    assert sorted(set(receiver.sequences)) == [1, 2]


def test_a_changed_address_is_where_the_waiting_ones_go_at_once(settings: Any) -> None:
    with receiving(settings, always=http(500)) as old, receiving(settings) as new:
        endpoint = make_endpoint(old)
        happen()
        deliver()
        services.change_endpoint(endpoint, by=None, name="Herald", url=new.url, contact="", at=START)
        deliver(START)
        assert len(old.got) == 1 and new.sequences == [1]


def test_the_log_of_attempts_refuses_every_change(receiver: Receiver) -> None:
    make_endpoint(receiver)
    happen()
    deliver()
    for change in ("UPDATE feed_attempt SET status = 500", "DELETE FROM feed_attempt"):
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            connection.cursor().execute(change)
    assert Endpoint.objects.get().last_success_at == START
