"""Retries over three days, dead letters, receivers that are gone, and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from claims.choices import AlarmKind, EventType, NoticeKind
from claims.models import Alarm, Notice, User
from feed import services
from feed.models import Attempt, Delivery, Endpoint, Lane
from feed.webhooks.retrying import ATTEMPTS, DISABLED_AFTER, GAPS, RETRY_AFTER_AT_MOST, next_attempt
from sources.fetching import Posted
from tests.sources_support.server import http
from tests.webhook_receiver import START, Receiver, deliver, happen, happen_to, make_endpoint, receiving

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def broken(settings: Any) -> Iterator[Receiver]:
    with receiving(settings, always=http(500, "Traceback")) as receiver:
        yield receiver


def beat(*, days: float, begin: Any = START) -> Any:
    """Beat until `days` have passed, with the clock put on to whenever something is due; returns when it ended."""
    at, end = begin, begin + timedelta(days=days)
    while True:
        deliver(at)
        due = Lane.objects.filter(endpoint__state="active").exclude(due_at=None).order_by("due_at")
        following = due.values_list("due_at", flat=True).first()
        if following is None or following > end:
            return end
        at = max(at + timedelta(milliseconds=1), following)


def test_the_attempts_are_spread_over_three_days() -> None:
    whole = sum(GAPS, timedelta(0))
    assert timedelta(hours=71) < whole < timedelta(hours=72)
    assert list(GAPS) == sorted(GAPS) and GAPS[0] == timedelta(seconds=5) and GAPS[-1] <= 4 * HOUR


@pytest.mark.parametrize("made", range(1, ATTEMPTS))
def test_each_gap_is_as_the_table_says_and_a_little_longer(made: int) -> None:
    times = [next_attempt(made, Posted(500), at=START, seed=str(seed)) for seed in range(50)]
    gaps = {(at - START) / GAPS[made - 1] for at in times if at}
    assert len(gaps) > 40 and min(gaps) >= 1 and max(gaps) <= 1.1


def test_after_the_last_attempt_there_is_none() -> None:
    assert next_attempt(ATTEMPTS, Posted(500), at=START, seed="1") is None


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Sun, 01 Mar 2026 12:30:00 GMT", 1800),
        ("999999999", RETRY_AFTER_AT_MOST.total_seconds()),
        ("1", 5),
        ("soon", 5),
        ("Sun, 01 Mar 2020 12:30:00 GMT", 5),
        ("", 5),
    ],
)
def test_a_receiver_may_ask_for_more_time_but_not_for_ever(status: int, said: str, seconds: float) -> None:
    at = next_attempt(1, Posted(status, retry_after=said), at=START, seed="1")
    assert at is not None and seconds <= (at - START).total_seconds() < seconds * 1.1 + 0.1


def test_only_429_and_503_are_believed_about_time() -> None:
    at = next_attempt(1, Posted(500, retry_after="3600"), at=START, seed="1")
    assert at is not None and at < START + timedelta(seconds=6)


def test_retry_after_arrives_from_the_wire(settings: Any) -> None:
    with receiving(settings, http(429, retry_after="600")) as receiver:
        make_endpoint(receiver)
        happen()
        deliver()
        assert Delivery.objects.get().next_attempt_at == START + timedelta(seconds=600)


def test_after_three_days_an_event_is_given_up_and_the_next_one_goes_on(broken: Receiver, admin: User) -> None:
    make_endpoint(broken)
    happen()
    happen()
    beat(days=3.4)
    first, second = Delivery.objects.order_by("event")
    assert first.is_dead and first.attempts_made == ATTEMPTS == Attempt.objects.filter(delivery=first).count()
    assert second.is_waiting and second.attempts_made > 0
    assert broken.sequences == sorted(broken.sequences)
    notice = Notice.objects.get(recipient=admin)
    assert notice.kind == NoticeKind.WEBHOOK_FAILING and "answered 500" in notice.text
    assert notice.path == Endpoint.objects.get().get_absolute_url()


def test_a_dead_letter_is_sent_again_before_what_waits(broken: Receiver) -> None:
    endpoint = make_endpoint(broken)
    happen()
    happen()
    end = beat(days=3.4)
    assert services.redeliver(endpoint, by=None, sequence=1, at=end) == 1
    broken.got.clear()
    broken.always = http(200)
    services.try_now(endpoint, at=end)
    deliver(end)
    assert broken.sequences == [1, 2]
    assert services.redeliver(endpoint, by=None, at=end) == 0


def test_an_endpoint_is_disabled_after_five_days_of_attempts_and_everybody_is_told(
    broken: Receiver, admin: User
) -> None:
    make_endpoint(broken, contact="desk@herald.example")
    happen()
    happen()
    beat(days=7)
    endpoint = Endpoint.objects.get()
    assert (
        endpoint.state == "disabled" and "5 days" in endpoint.state_reason and "answered 500" in endpoint.state_reason
    )
    assert DISABLED_AFTER <= endpoint.state_since - START < DISABLED_AFTER + 8 * HOUR
    assert {notice.title for notice in Notice.objects.filter(recipient=admin)} == {
        "Not delivered: verdict.published to Herald",
        "Webhook disabled: Herald",
    }
    asked = len(broken.got)
    beat(days=20, begin=START + 7 * DAY)
    assert len(broken.got) == asked


def test_resuming_a_disabled_endpoint_brings_everything_also_what_died_meanwhile(
    broken: Receiver, settings: Any
) -> None:
    endpoint = make_endpoint(broken)
    happen()
    happen()
    beat(days=7)
    happen()
    assert Endpoint.objects.get().state == "disabled"
    broken.always, at = http(200), START + 8 * DAY
    broken.got.clear()
    services.resume_endpoint(endpoint, by=None, at=at)
    deliver(at)
    assert broken.sequences == [1, 2, 3]
    assert not Delivery.objects.exclude(state="delivered").exists()


def test_an_event_that_a_working_receiver_refused_for_days_is_not_put_back_by_resuming(settings: Any) -> None:
    def chokes_on_the_first(got: Any, _: Any) -> bytes:
        return http(500 if got.sequence == 1 else 200)

    with receiving(settings, always=chokes_on_the_first) as receiver:
        endpoint = make_endpoint(receiver)
        happen()
        happen()
        end = beat(days=4)
        services.pause_endpoint(endpoint, by=None, reason="A look at it.", at=end)
        services.resume_endpoint(endpoint, by=None, at=end)
        assert [(row.event_id, row.state) for row in Delivery.objects.order_by("event")] == [
            (1, "dead"),
            (2, "delivered"),
        ]


def test_days_with_nothing_to_deliver_do_not_count_towards_disabling(settings: Any) -> None:
    with receiving(settings, *[http(500)] * (ATTEMPTS + 1)) as receiver:
        make_endpoint(receiver)
        happen()
        beat(days=4)
        later = START + 30 * DAY
        happen(at=later)
        beat(days=1, begin=later)
        assert Endpoint.objects.get().is_active
        assert Delivery.objects.get(event=2).state == "delivered"


def test_a_pause_does_not_count_towards_disabling(broken: Receiver) -> None:
    endpoint = make_endpoint(broken)
    happen()
    deliver()
    services.pause_endpoint(endpoint, by=None, reason="They move house.", at=START + HOUR)
    services.resume_endpoint(endpoint, by=None, at=START + 6 * DAY)
    deliver(START + 6 * DAY)
    assert len(broken.got) == 2 and Endpoint.objects.get().is_active


def test_the_time_a_dead_letter_lay_about_does_not_count_towards_disabling(broken: Receiver) -> None:
    endpoint = make_endpoint(broken)
    happen()
    beat(days=4)
    services.redeliver(endpoint, by=None, at=START + 20 * DAY)
    deliver(START + 20 * DAY)
    assert Delivery.objects.get().is_waiting and Endpoint.objects.get().is_active


def test_one_success_begins_the_five_days_anew(settings: Any) -> None:
    with receiving(settings, *[http(500)] * 10) as receiver:
        make_endpoint(receiver)
        happen()
        beat(days=3)
        endpoint = Endpoint.objects.get()
        assert endpoint.failing_for is None and endpoint.last_success_at is not None


def test_410_disables_the_endpoint_at_once_and_loses_nothing(settings: Any, admin: User) -> None:
    with receiving(settings, http(410)) as receiver:
        endpoint = make_endpoint(receiver)
        happen(EventType.PUBLISHED, EventType.CORRECTED)
        deliver()
        row = Endpoint.objects.get()
        assert row.state == "disabled" and "410" in row.state_reason and receiver.sequences == [1]
        assert Notice.objects.get(recipient=admin).title == "Webhook disabled: Herald"
        services.resume_endpoint(endpoint, by=None, at=START)
        deliver()
        assert receiver.sequences == [1, 1, 2]


def test_the_contact_is_mailed_once_with_where_to_read_on(settings: Any) -> None:
    with receiving(settings, http(200), http(410)) as receiver:
        make_endpoint(receiver, contact="desk@herald.example")
        happen(EventType.PUBLISHED, EventType.CORRECTED)
        deliver()
        assert services.mail_contacts(at=START) == 1 and services.mail_contacts(at=START + DAY) == 0
        (message,) = mail.outbox
        assert message.to == ["desk@herald.example"] and "410" in message.body
        assert "/api/v1/events/?after=1\n" in message.body


def test_a_mail_to_a_contact_that_fails_is_tried_again_and_given_up(settings: Any) -> None:
    settings.EMAIL_BACKEND = "no.such.Backend"
    endpoint = make_endpoint(contact="desk@herald.example")
    Endpoint.objects.update(state="disabled", state_reason="Gone.", contact_due_at=START)
    at = START
    for _ in range(20):
        services.mail_contacts(at=at)
        endpoint.refresh_from_db()
        if endpoint.contact_due_at is None:
            break
        at = endpoint.contact_due_at
    assert endpoint.contact_attempts == 9 and timedelta(days=1) < at - START < timedelta(days=4)


def test_a_receiver_that_is_behind_stands_on_the_front_page_until_it_is_not(broken: Receiver, admin: User) -> None:
    make_endpoint(broken)
    happen()
    deliver()
    services.watch_webhooks(at=START + timedelta(minutes=14))
    assert not Alarm.objects.exists()
    services.watch_webhooks(at=START + timedelta(minutes=16))
    alarm = Alarm.objects.get()
    assert alarm.kind == AlarmKind.WEBHOOKS_LATE and "16 minutes: Herald" in alarm.text
    broken.always = http(200)
    deliver(START + HOUR)
    services.watch_webhooks(at=START + HOUR)
    services.watch_webhooks(at=START + 2 * HOUR)
    assert not Alarm.objects.open().exists()


def test_a_stopped_endpoint_raises_no_alarm(broken: Receiver) -> None:
    endpoint = make_endpoint(broken)
    happen()
    deliver()
    services.pause_endpoint(endpoint, by=None, reason="They move house.")
    services.watch_webhooks(at=START + DAY)
    assert not Alarm.objects.exists()


def test_what_receivers_answered_about_a_withheld_verdict_is_blanked_and_nothing_else(settings: Any) -> None:
    with receiving(settings, always=lambda got, _: http(200, got.body)) as receiver:
        make_endpoint(receiver)
        (event,) = happen()
        happen()
        deliver()
        assert all(len(answer) == 500 or answer for answer in Attempt.objects.values_list("answer", flat=True))
        happen_to(event.claim, EventType.WITHHELD, status="withheld")
        assert services.blank_withheld_answers() == 1
        kept = dict(Attempt.objects.values_list("delivery__event_id", "answer"))
        assert kept[1] == "" and kept[2] != ""
        assert services.blank_withheld_answers() == 0
