"""Signatures as the reference library of Standard Webhooks checks them; secrets, their rotation, a lost SECRET_KEY."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from claims.models import Activity
from feed import services
from feed.models import Attempt, Delivery, Endpoint
from feed.webhooks import signing
from tests.sources_support.server import http
from tests.webhook_receiver import Receiver, deliver, happen, make_endpoint_with_secret, receiving

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with receiving(settings) as receiver:
        yield receiver


def test_the_signature_is_that_of_the_specifications_own_example() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    signed = signing.sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_arrives_is_verified_by_the_reference_library(receiver: Receiver) -> None:
    _, secret = make_endpoint_with_secret(receiver)
    happen()
    deliver(timezone.now())
    (got,) = receiver.got
    assert got.verify(secret)["sequence"] == 1


def test_letters_beyond_ascii_are_signed_as_they_are_sent(receiver: Receiver) -> None:
    _, secret = make_endpoint_with_secret(receiver)
    happen(headline="Бірнеше жүз адам")
    deliver(timezone.now())
    assert receiver.got[0].verify(secret)


@pytest.mark.parametrize("spoil", ["body", "webhook-id", "webhook-timestamp", "secret"])
def test_whatever_was_changed_on_the_way_is_noticed(spoil: str, receiver: Receiver) -> None:
    _, secret = make_endpoint_with_secret(receiver)
    happen()
    deliver(timezone.now())
    (got,) = receiver.got
    if spoil == "body":
        got.body = got.body.replace(b"published", b"retracted")
    elif spoil == "secret":
        secret = signing.as_secret(b"x" * 32)
    else:
        got.headers[spoil] = got.headers[spoil][:-1] + ("1" if got.headers[spoil][-1] != "1" else "2")
    with pytest.raises(WebhookVerificationError):
        got.verify(secret)


def test_each_attempt_carries_the_time_it_was_made(settings: Any) -> None:
    with receiving(settings, http(500)) as receiver:
        _, secret = make_endpoint_with_secret(receiver)
        happen()
        at = timezone.now()
        deliver(at - HOUR)
        deliver(at)
        first, second = receiver.got
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert int(second.headers["webhook-timestamp"]) == int(at.timestamp())
        second.verify(secret)


def test_a_secret_is_whsec_with_32_bytes_of_its_own() -> None:
    secrets = {make_endpoint_with_secret(name=str(number))[1] for number in range(5)}
    assert len(secrets) == 5
    for secret in secrets:
        assert secret.startswith("whsec_") and len(base64.b64decode(secret.removeprefix("whsec_"))) == 32


def test_while_a_rotation_overlaps_both_secrets_verify_and_then_the_new_one_alone(receiver: Receiver) -> None:
    now = timezone.now()
    endpoint, old = make_endpoint_with_secret(receiver)
    _, new = services.rotate_secret(endpoint, by=None, overlap=HOUR, at=now - timedelta(minutes=59))
    happen()
    deliver(now)
    both = receiver.got[-1]
    assert both.headers["webhook-signature"].count("v1,") == 2
    both.verify(old)
    both.verify(new)
    services.rotate_secret(endpoint, by=None, overlap=HOUR, at=now - HOUR)  # `new` is the old one now, and over
    happen()
    deliver(now)
    alone = receiver.got[-1]
    assert alone.headers["webhook-signature"].count("v1,") == 1
    for gone in (old, new):
        with pytest.raises(WebhookVerificationError):
            alone.verify(gone)


def test_a_secret_that_leaked_ends_at_once(receiver: Receiver) -> None:
    endpoint, leaked = make_endpoint_with_secret(receiver)
    _, new = services.rotate_secret(endpoint, by=None, overlap=timedelta(0))
    happen()
    deliver(timezone.now())
    receiver.got[0].verify(new)
    with pytest.raises(WebhookVerificationError):
        receiver.got[0].verify(leaked)


@pytest.mark.parametrize("overlap", [-HOUR, 169 * HOUR])
def test_an_overlap_without_end_is_refused(overlap: timedelta) -> None:
    endpoint, _ = make_endpoint_with_secret()
    with pytest.raises(ValidationError, match="0 to 168"):
        services.rotate_secret(endpoint, by=None, overlap=overlap)


def test_whoever_reads_the_database_can_sign_nothing(receiver: Receiver) -> None:
    endpoint, secret = make_endpoint_with_secret(receiver)
    services.rotate_secret(endpoint, by=None)
    happen()
    deliver()
    with connection.cursor() as cursor:
        cursor.execute("SELECT json_agg(e)::text FROM feed_endpoint e")
        row = cursor.fetchone()[0]
    key = secret.removeprefix("whsec_")
    raw = base64.b64decode(key)
    assert key not in row and key.rstrip("=") not in row and raw.hex() not in row
    stored = Endpoint.objects.get()
    for text in (stored.secret_seed, stored.secret_print, stored.previous_seed, stored.previous_print):
        assert Webhook(text.encode())._whsecret != raw
    assert secret not in str(list(Activity.objects.values_list("detail", flat=True)))


def test_with_another_secret_key_nothing_wrongly_signed_leaves_and_a_rotation_mends_it(
    receiver: Receiver, settings: Any
) -> None:
    endpoint, _ = make_endpoint_with_secret(receiver)
    happen()
    settings.SECRET_KEY = "another " * 8
    now = timezone.now()
    deliver(now)
    assert receiver.got == [] and Delivery.objects.get().is_waiting
    assert "rotate its secret" in Attempt.objects.get().error
    assert "rotate its secret" in services.ping(endpoint).error
    _, secret = services.rotate_secret(endpoint, by=None, at=now)
    deliver(now)
    assert receiver.got[0].verify(secret)["sequence"] == 1


def test_a_ping_is_signed_and_says_what_it_is(receiver: Receiver) -> None:
    endpoint, secret = make_endpoint_with_secret(receiver)
    posted = services.ping(endpoint)
    (got,) = receiver.got
    message = got.verify(secret)
    assert (posted.status, posted.answer, posted.error) == (200, "thanks", "")
    assert message["type"] == "webhook.ping" and message["id"] == got.headers["webhook-id"]
    assert set(json.loads(got.body)) == {"id", "type", "at", "data"}


def test_a_ping_that_is_taken_has_what_waits_tried_at_once(settings: Any) -> None:
    with receiving(settings, http(500)) as receiver:
        endpoint, _ = make_endpoint_with_secret(receiver)
        happen()
        now = timezone.now()
        deliver(now)
        assert services.send_due_deliveries(at=now) == 0
        services.ping(endpoint, at=now)
        assert services.send_due_deliveries(at=now) == 1
        assert not Delivery.objects.waiting().exists()


def test_a_ping_reaches_an_endpoint_that_is_stopped_and_changes_nothing(settings: Any) -> None:
    with receiving(settings, always=http(410)) as receiver:
        endpoint, _ = make_endpoint_with_secret(receiver)
        services.pause_endpoint(endpoint, by=None, reason="They move house.")
        assert services.ping(endpoint).status == 410
        assert Endpoint.objects.get().state == "paused" and Attempt.objects.count() == 0
