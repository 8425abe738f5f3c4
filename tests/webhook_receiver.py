"""A newsroom's machine on loopback that does to webhooks what machines do; and rows to send to it."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from standardwebhooks import Webhook

from claims.choices import EventType
from claims.models import Claim, Claimant, Event, Topic, VerdictDocument
from claims.services.history import NewEvent, append_events
from feed import services
from feed.models import Attempt, Endpoint
from tests.feed_rows import store_documents
from tests.sources_support.server import Server, http

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
OK = http(200, "thanks")


@dataclass
class Got:
    """One request as it arrived."""

    headers: dict[str, str]
    body: bytes
    path: str = "/"
    at: float = field(default_factory=time.monotonic)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def sequence(self) -> int:
        return int(self.json["sequence"])

    def verify(self, secret: str) -> Any:
        """With the reference library. Raises WebhookVerificationError."""
        return Webhook(secret).verify(self.body, self.headers)


Reply = bytes | Callable[[Any, socket.socket], bytes | None]


class Receiver(Server):
    """Answers with `replies` in turn, then with `always`; keeps what it got in `got`, whatever it answered."""

    def __init__(self, *replies: Reply, always: Reply = OK, port: int = 0) -> None:
        self.replies, self.always = list(replies), always
        self.got: list[Got] = []
        super().__init__(beside=port)

    @property
    def sequences(self) -> list[int]:
        """Of the events it got; pings are none."""
        return [got.sequence for got in self.got if "sequence" in got.json]

    def _converse(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        request = stream.readline()
        if not request:
            return
        assert request.startswith(b"POST "), request
        headers = {}
        while (line := stream.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        got = Got(headers, stream.read(int(headers["content-length"])))
        self.got.append(got)
        reply = self.replies.pop(0) if self.replies else self.always
        answer = reply(got, connection) if callable(reply) else reply
        if answer:
            connection.sendall(answer)


@contextlib.contextmanager
def receiving(settings: Any, *replies: Reply, always: Reply = OK) -> Iterator[Receiver]:
    """A running receiver whose address is exempt from the address rules."""
    receiver = Receiver(*replies, always=always)
    settings.CLAIMTRACK_FETCH_ALLOW = [*settings.CLAIMTRACK_FETCH_ALLOW, f"127.0.0.1:{receiver.port}"]
    try:
        yield receiver
    finally:
        receiver.close()


def make_endpoint(receiver: Receiver | None = None, name: str = "Herald", **more: Any) -> Endpoint:
    """An endpoint that is sent everything there is, unless `more` says otherwise."""
    return make_endpoint_with_secret(receiver, name, **more)[0]


def make_endpoint_with_secret(
    receiver: Receiver | None = None, name: str = "Herald", **more: Any
) -> tuple[Endpoint, str]:
    for model, named in ((Topic, "topic_slugs"), (Claimant, "claimant_slugs")):
        for slug in more.get(named, ()):
            model.objects.get_or_create(slug=slug, defaults={"name": slug})
    url = f"{receiver.url}/hook" if receiver else "https://herald.example/hook"
    return services.add_endpoint(name, **({"url": url, "by": None, "after": 0, "at": START} | more))


def happen(*types: str, at: datetime = START, **document: Any) -> list[Event]:
    """One event of each type, about one claim whose stored document has these columns."""
    (public_id,) = store_documents(1, **document)
    return happen_to(Claim.objects.get(public_id=public_id), *types, at=at)


def happen_to(claim: Claim, *types: str, at: datetime = START, **document: Any) -> list[Event]:
    """The same to a claim that has a document; `document` changes its columns first."""
    with transaction.atomic():
        if document:
            VerdictDocument.objects.filter(claim=claim).update(**document)
        kinds = types or (EventType.PUBLISHED,)
        return append_events([NewEvent(claim=claim, type=kind, version=1) for kind in kinds], at=at)


def deliver(at: datetime = START) -> int:
    """What beat does: queue, then send; returns how many attempts were made."""
    services.queue_deliveries(at=at)
    return services.send_due_deliveries(at=at)


def attempts() -> list[tuple[int, int | None]]:
    """(sequence, status) of every attempt, oldest first."""
    return list(Attempt.objects.order_by("pk").values_list("delivery__event_id", "status"))
