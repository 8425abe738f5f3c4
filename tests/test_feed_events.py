"""The change log as clients follow it: every event once, in order, whoever writes meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from threading import Event as Signal
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from claims import services
from claims.models import Claim, Event, User
from claims.querysets import EventQuerySet
from claims.services import history
from claims.services.history import GENESIS_HASH, NewEvent, append_events
from tests.feed_rows import get
from tests.make import make_claim, make_correction, make_published_verdict

EVENTS = "/api/v1/events/"


def append(claim: Claim, count: int = 1) -> None:
    with transaction.atomic():
        append_events([NewEvent(claim=claim, type="verdict.updated", version=1, data={"changed": ["topics"]})] * count)


class Follower:
    """A client that keeps the last sequence it has seen and asks for what comes after it."""

    def __init__(self, client: Client, page_size: int = 3) -> None:
        self.client, self.page_size = client, page_size
        self.seen: list[int] = []

    def poll(self) -> None:
        last = self.seen[-1] if self.seen else 0
        page = get(self.client, EVENTS, after=last, page_size=self.page_size)
        self.seen += [event["sequence"] for event in page["results"]]
        while page["next"]:
            page = get(self.client, page["next"])
            self.seen += [event["sequence"] for event in page["results"]]


def test_an_empty_log_begins_at_sixty_four_zeros(client: Client, db: None) -> None:
    assert get(client, EVENTS) == {"results": [], "next": None, "head": {"sequence": 0, "hash": GENESIS_HASH}}


def test_an_event_is_served_as_it_was_written_with_its_hash(client: Client, checker: User) -> None:
    append(make_claim(checker))
    event = Event.objects.get()
    text = client.get(EVENTS).content.decode()
    assert f'{event.entry[:-1]},"hash":"{event.hash}"}}' in text
    assert json.loads(text)["head"] == {"sequence": 1, "hash": event.hash}


def test_next_leads_on_until_the_head_is_reached(client: Client, checker: User) -> None:
    append(make_claim(checker), 5)
    first = get(client, EVENTS, page_size=2)
    assert [event["sequence"] for event in first["results"]] == [1, 2]
    assert first["next"] == "http://testserver/api/v1/events/?after=2&page_size=2"
    second = get(client, first["next"])
    third = get(client, second["next"])
    assert [event["sequence"] for event in third["results"]] == [5]
    assert third["next"] is None
    assert third["head"]["sequence"] == 5


@pytest.mark.parametrize("after", [5, 6, 999_999_999_999_999_999])
def test_at_or_beyond_the_head_there_is_nothing_yet(client: Client, checker: User, after: int) -> None:
    append(make_claim(checker), 5)
    page = get(client, EVENTS, after=after)
    assert (page["results"], page["next"], page["head"]["sequence"]) == ([], None, 5)


@pytest.mark.django_db(transaction=True)
def test_a_page_never_shows_more_than_the_head_it_names(client: Client, checker: User) -> None:
    """Whoever stops at next = null and goes on from head.sequence would otherwise miss or repeat events."""
    claim = make_claim(checker)
    over = Signal()

    def write() -> None:
        while not over.is_set():
            append(claim)
        connection.close()

    thread = Thread(target=write)
    thread.start()
    try:
        pages = [get(client, EVENTS, after=0, page_size=200) for _ in range(30)]
    finally:
        over.set()
        thread.join()
    for page in pages:
        assert [event["sequence"] for event in page["results"]] == list(range(1, len(page["results"]) + 1))
        if page["next"] is None:
            assert page["head"]["sequence"] == len(page["results"])


def test_the_story_of_a_verdict_reaches_whoever_follows(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    services.look_again(claim, by=checker, reason="A reader wrote to us.")
    services.confirm_verdict(claim, by=checker, note="It stands.")
    make_correction(claim, checker, editor)
    services.retract_verdict(claim, by=editor, reason="We were wrong.")
    events = get(client, EVENTS)["results"]
    assert [event["type"].removeprefix("verdict.") for event in events] == [
        "published",
        "review_opened",
        "review_closed",
        "corrected",
        "retracted",
    ]
    assert {event["verdict"]["id"] for event in events} == {claim.public_id}


def test_an_event_holds_no_words_addresses_or_people(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    services.retract_verdict(claim, by=editor, reason="We were wrong.")
    text = client.get(EVENTS).content.decode()
    for word in ("protesters", "square", "wrong", "checker", "editor", "://"):
        assert word not in text


@pytest.mark.django_db(transaction=True)
def test_a_follower_meets_every_event_once_while_many_write(client: Client, checker: User) -> None:
    claims = [make_claim(checker, text=f"Claim {number}") for number in range(4)]

    def write(claim: Claim) -> None:
        for _ in range(8):
            append(claim)
        connection.close()

    threads = [Thread(target=write, args=[claim]) for claim in claims]
    follower = Follower(client)
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        follower.poll()
    follower.poll()
    assert follower.seen == list(range(1, 33))


def poll_while_the_first_writer_is_slow(client: Client, claims: list[Claim]) -> list[int]:
    """The first writer has its number but has not committed; a second one writes; the follower polls; then all ends.

    Returns the sequences the follower has met after polling once more.
    """
    numbered, may_commit = Signal(), Signal()

    def slow() -> None:
        with transaction.atomic():
            append(claims[0])
            numbered.set()
            may_commit.wait(timeout=10)
        connection.close()

    def quick() -> None:
        append(claims[1])
        connection.close()

    first, second = Thread(target=slow), Thread(target=quick)
    follower = Follower(client)
    first.start()
    assert numbered.wait(timeout=10)
    second.start()
    second.join(timeout=0.4)  # under the lock it cannot end before the first one does
    follower.poll()
    may_commit.set()
    first.join()
    second.join()
    follower.poll()
    return follower.seen


@pytest.fixture
def numbers_from_a_plain_sequence(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Numbers as a serial column hands them out: at once, whenever the row is committed."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE plain")

    def head(self: EventQuerySet) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('plain')")
            return SimpleNamespace(sequence=cursor.fetchone()[0] - 1, hash=GENESIS_HASH)

    monkeypatch.setattr(EventQuerySet, "head", head)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP SEQUENCE plain")


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_not_skipped(client: Client, checker: User) -> None:
    claims = [make_claim(checker, text=f"Claim {number}") for number in range(2)]
    assert poll_while_the_first_writer_is_slow(client, claims) == [1, 2]


@pytest.mark.usefixtures("numbers_from_a_plain_sequence")
def test_the_lock_alone_keeps_even_plain_numbers_from_being_skipped(client: Client, checker: User) -> None:
    claims = [make_claim(checker, text=f"Claim {number}") for number in range(2)]
    assert poll_while_the_first_writer_is_slow(client, claims) == [1, 2]


@pytest.mark.usefixtures("numbers_from_a_plain_sequence")
def test_without_the_lock_the_late_event_is_skipped_for_ever(
    client: Client, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proof that the two tests above can fail: each writer takes a lock of its own instead of the common one."""
    keys = iter(range(1, 100))
    monkeypatch.setattr(history, "lock_key", lambda: next(keys))
    claims = [make_claim(checker, text=f"Claim {number}") for number in range(2)]
    assert poll_while_the_first_writer_is_slow(client, claims) == [2]
    assert Event.objects.count() == 2
