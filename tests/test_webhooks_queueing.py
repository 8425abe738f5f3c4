"""Which events go to which endpoint: filters, corrections that lead out of them, the urgent lane, replays, crowds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.choices import EventType
from claims.models import Event
from claims.services.history import NewEvent, append_events
from feed import services
from feed.models import Delivery, Endpoint, Lane
from feed.services import queueing
from tests.sources_support.server import http
from tests.webhook_receiver import START, Receiver, deliver, happen, happen_to, make_endpoint, receiving

pytestmark = pytest.mark.django_db
FALSE_ONLY: dict[str, Any] = {"rating_codes": ["false"]}


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with receiving(settings) as receiver:
        yield receiver


def queued(endpoint: Endpoint | None = None, **only: Any) -> list[int]:
    """Queue what is to be queued; the sequences in the ordered lane."""
    services.queue_deliveries(at=START)
    rows = Delivery.objects.in_order().filter(**({"endpoint": endpoint} if endpoint else {}), **only)
    return list(rows.order_by("event").values_list("event_id", flat=True))


@pytest.mark.parametrize(
    ("asked", "document", "fits"),
    [
        ({}, {}, True),
        ({"rating_codes": ["false"]}, {"rating_code": "false"}, True),
        ({"rating_codes": ["true"]}, {"rating_code": "false"}, False),
        ({"rating_codes": ["true", "false"]}, {"rating_code": "false"}, True),
        ({"topic_slugs": ["war", "health"]}, {"topic_slugs": ["health", "sport"]}, True),
        ({"topic_slugs": ["war"]}, {"topic_slugs": ["health"]}, False),
        ({"topic_slugs": ["war"]}, {"topic_slugs": []}, False),
        ({"claimant_slugs": ["senator"]}, {"claimant_slug": "senator"}, True),
        ({"claimant_slugs": ["senator"]}, {"claimant_slug": ""}, False),
        ({"languages": ["en"]}, {"language": "en-GB"}, True),
        ({"languages": ["en-GB"]}, {"language": "en"}, False),
        ({"languages": ["kk"]}, {"language": "ru"}, False),
        ({"event_types": ["verdict.published"]}, {}, True),
        ({"event_types": ["verdict.retracted"]}, {}, False),
        ({"rating_codes": ["false"], "languages": ["ru"]}, {"rating_code": "false", "language": "en"}, False),
        ({"rating_codes": ["false"], "languages": ["en"]}, {"rating_code": "false", "language": "en"}, True),
    ],
)
def test_a_filter_looks_at_the_event_and_at_the_verdict(asked: Any, document: Any, fits: bool) -> None:
    make_endpoint(**asked)
    happen(**document)
    assert queued() == ([1] if fits else [])


@pytest.mark.parametrize("last", [EventType.RETRACTED, EventType.WITHHELD, EventType.RATING_CHANGED])
def test_a_correction_that_leads_out_of_the_filter_is_not_lost(last: str) -> None:
    make_endpoint(**FALSE_ONLY, event_types=[EventType.PUBLISHED])
    (event,) = happen(rating_code="false")
    assert queued() == [1]
    happen_to(event.claim, last, rating_code="" if last == EventType.WITHHELD else "true")
    assert queued() == [1, 2]


def test_whoever_was_sent_a_verdict_hears_what_happens_to_it_afterwards() -> None:
    make_endpoint(**FALSE_ONLY)
    (event,) = happen(rating_code="false")
    happen_to(event.claim, EventType.RATING_CHANGED)
    assert queued() == [1, 2]
    happen_to(event.claim, EventType.CORRECTED, EventType.EVIDENCE_CHANGED, rating_code="true")
    assert queued() == [1, 2, 3, 4]


def test_whoever_was_never_sent_a_verdict_hears_nothing_of_its_end() -> None:
    make_endpoint(**FALSE_ONLY)
    happen(EventType.PUBLISHED, EventType.RATING_CHANGED, EventType.RETRACTED, rating_code="true")
    assert queued() == []


@pytest.mark.parametrize(("asked", "told"), [("false", True), ("true", True), ("satire", False)])
def test_a_new_rating_is_told_to_whoever_asks_for_the_old_or_the_new_one(asked: str, told: bool) -> None:
    (event,) = happen(rating_code="true")
    make_endpoint(rating_codes=[asked], after=None)
    changed = NewEvent(claim=event.claim, type=EventType.RATING_CHANGED, version=2, data={"previous_rating": "false"})
    append_events([changed], at=START)
    assert queued() == ([2] if told else [])


def test_a_withholding_is_told_to_everybody_since_anybody_may_have_read_the_text() -> None:
    (event,) = happen(rating_code="true", language="ru")
    make_endpoint(**FALSE_ONLY, languages=["en"], event_types=[EventType.PUBLISHED], after=None)
    happen_to(event.claim, EventType.WITHHELD, rating_code="", language="", status="withheld")
    assert queued() == [2]


def test_the_event_and_what_follows_from_it_may_come_in_one_batch() -> None:
    make_endpoint(event_types=[EventType.PUBLISHED])
    happen(EventType.PUBLISHED, EventType.CORRECTED, EventType.RETRACTED)
    assert queued() == [1, 3]


def test_a_verdict_that_comes_into_the_filter_is_sent_from_then_on() -> None:
    make_endpoint(**FALSE_ONLY)
    (event,) = happen(rating_code="true")
    assert queued() == []
    happen_to(event.claim, EventType.RATING_CHANGED, rating_code="false")
    assert queued() == [2]


def test_a_new_endpoint_is_sent_what_happens_from_now_on() -> None:
    happen()
    make_endpoint(after=None)
    happen()
    assert queued() == [2]


def test_a_new_endpoint_may_begin_anywhere_in_the_log() -> None:
    happen(EventType.PUBLISHED, EventType.CORRECTED, EventType.UPDATED)
    make_endpoint(after=1)
    assert queued() == [2, 3]
    with pytest.raises(ValidationError, match="the last one is 3"):
        make_endpoint(name="Other", after=4)


def test_a_retraction_overtakes_what_waits_and_comes_in_its_turn_as_well(settings: Any) -> None:
    with receiving(settings, http(500)) as receiver:
        make_endpoint(receiver)
        (event,) = happen()
        happen(EventType.PUBLISHED)
        deliver()
        assert receiver.sequences == [1]
        happen_to(event.claim, EventType.RETRACTED)
        deliver()
        assert receiver.sequences[:2] == [1, 3]
        assert receiver.sequences == [1, 3, 1, 2, 3]  # it answers again, so what waited is tried at once
        ids = [got.headers["webhook-id"] for got in receiver.got if got.sequence == 3]
        assert len(set(ids)) == 1


def test_a_retraction_with_nothing_before_it_is_sent_once(receiver: Receiver) -> None:
    make_endpoint(receiver)
    (event,) = happen()
    deliver()
    happen_to(event.claim, EventType.RETRACTED)
    deliver()
    assert receiver.sequences == [1, 2]


def test_a_retraction_that_was_delivered_in_its_turn_is_hurried_no_more(receiver: Receiver) -> None:
    make_endpoint(receiver)
    happen(EventType.PUBLISHED, EventType.RETRACTED)
    services.queue_deliveries(at=START)
    Lane.objects.filter(urgent=True).update(due_at=None)
    services.send_due_deliveries(at=START)
    assert receiver.sequences == [1, 2] and not Delivery.objects.waiting().exists()


def test_a_replay_sends_everything_from_there_on_again_in_order_under_the_same_ids(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver)
    for _ in range(4):
        happen(EventType.PUBLISHED, EventType.RETRACTED)
    deliver()
    before = {got.sequence: got.headers["webhook-id"] for got in receiver.got}
    receiver.got.clear()
    services.replay(endpoint, after=5, by=None)
    deliver()
    assert receiver.sequences == [6, 7, 8]
    assert all(before[got.sequence] == got.headers["webhook-id"] for got in receiver.got)


def test_during_a_replay_nothing_later_goes_first(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver)
    for _ in range(4):
        happen()
    deliver()
    receiver.got.clear()
    happen()
    services.queue_deliveries(at=START)
    services.replay(endpoint, after=2, by=None)
    services.send_due_deliveries(at=START)
    assert receiver.sequences == []  # 5 waits, and 3 and 4 are not queued yet
    deliver()
    assert receiver.sequences == [3, 4, 5]


def test_during_a_replay_a_retraction_still_goes_at_once(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver)
    (event,) = happen()
    happen_to(event.claim, EventType.CORRECTED, EventType.RETRACTED)
    services.queue_deliveries(at=START)
    services.replay(endpoint, after=0, by=None)
    services.send_due_deliveries(at=START)
    assert receiver.sequences == [3]


def test_a_replay_brings_what_was_sent_before_though_it_no_longer_fits(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver, **FALSE_ONLY)
    (event,) = happen(rating_code="false")
    happen_to(event.claim, EventType.CORRECTED)
    deliver()
    happen_to(event.claim, EventType.RATING_CHANGED, rating_code="true")
    receiver.got.clear()
    services.replay(endpoint, after=0, by=None)
    deliver()
    assert receiver.sequences == [1, 2, 3]


@pytest.mark.parametrize("after", [-1, 2, 10**12])
def test_a_replay_from_nowhere_is_refused(after: int) -> None:
    endpoint = make_endpoint()
    happen()
    services.queue_deliveries(at=START)
    with pytest.raises(ValidationError, match="0 to 1"):
        services.replay(endpoint, after=after, by=None)


def test_a_paused_endpoint_keeps_its_place_and_loses_nothing(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver)
    happen()
    services.pause_endpoint(endpoint, by=None, reason="They move house.")
    happen()
    deliver()
    assert receiver.got == [] and Endpoint.objects.get().cursor == 0
    services.resume_endpoint(endpoint, by=None, at=START)
    deliver()
    assert receiver.sequences == [1, 2]


def test_what_was_queued_before_a_pause_waits_as_well(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver)
    happen()
    services.queue_deliveries(at=START)
    services.pause_endpoint(endpoint, by=None, reason="They move house.")
    deliver()
    assert receiver.got == []
    services.resume_endpoint(endpoint, by=None, at=START)
    deliver()
    assert receiver.sequences == [1]


def test_queueing_that_breaks_off_queues_nothing_twice_and_skips_nothing() -> None:
    make_endpoint()
    happen(EventType.PUBLISHED, EventType.CORRECTED)
    with pytest.raises(RuntimeError), transaction.atomic():
        services.queue_deliveries(at=START)
        raise RuntimeError("killed before the commit")
    assert Delivery.objects.count() == 0 and Endpoint.objects.get().cursor == 0
    assert queued() == queued() == [1, 2]


def test_one_that_catches_up_delays_nobody_who_is_up_to_date(monkeypatch: Any) -> None:
    monkeypatch.setattr(queueing, "EVENTS_AT_ONCE", 2)
    far_behind, up_to_date = make_endpoint(name="far"), make_endpoint(name="near")
    for _ in range(6):
        happen()
    Endpoint.objects.filter(pk=up_to_date.pk).update(cursor=5)
    services.queue_deliveries(at=START, run_time=0)  # a single step
    assert list(Delivery.objects.values_list("endpoint_id", "event_id")) == [(up_to_date.pk, 6)]
    assert queued(far_behind) == [1, 2, 3, 4, 5, 6]


def test_many_endpoints_take_a_few_statements_each_five_hundred() -> None:
    make_endpoint(rating_codes=["false"])
    row = Endpoint.objects.get()
    many = [
        Endpoint(
            **{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields} | {"id": None, "name": str(n)}
        )
        for n in range(1_999)
    ]
    Endpoint.objects.bulk_create(many)
    Lane.objects.bulk_create([Lane(endpoint=e, urgent=urgent) for e in many for urgent in (False, True)])
    for _ in range(3):
        happen(rating_code="false")
    with CaptureQueriesContext(connection) as queries:
        assert services.queue_deliveries(at=START, run_time=60) == 6_000
    assert len(queries) <= 5 * 14
    assert not Endpoint.objects.exclude(cursor=3).exists()
    assert Lane.objects.filter(urgent=False, due_at=None).count() == 0


def test_an_endpoint_that_wants_nothing_of_many_events_still_moves_on() -> None:
    make_endpoint(**FALSE_ONLY)
    for _ in range(3):
        happen(rating_code="true")
    assert queued() == []
    assert Endpoint.objects.get().cursor == Event.objects.count() == 3
