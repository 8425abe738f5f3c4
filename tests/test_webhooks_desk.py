"""Webhooks at the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.choices import EventType
from claims.models import Activity, Topic, User
from feed import services
from feed.models import Delivery, Endpoint
from feed.webhooks.retrying import ATTEMPTS
from tests.desk import Desk, html
from tests.sources_support.server import http
from tests.webhook_receiver import START, Receiver, deliver, happen, make_endpoint, receiving

pytestmark = pytest.mark.django_db
ENDPOINTS, DELIVERIES = "/admin/feed/endpoint/", "/admin/feed/delivery/"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with receiving(settings) as receiver:
        yield receiver


@pytest.fixture
def desk(admin: User) -> Desk:
    return Desk(admin)


def add(desk: Desk, **fields: Any) -> str:
    return html(desk.fill(f"{ENDPOINTS}add/", "endpoint_form", **fields))


def test_an_administrator_adds_an_endpoint_and_sees_its_secret_once(desk: Desk, receiver: Receiver) -> None:
    page = add(desk, name="Herald", url=receiver.url, languages="en,ru", rating_codes=["false"], after="0")
    (secret,) = SECRET.findall(page)
    endpoint = Endpoint.objects.get()
    assert (endpoint.languages, endpoint.rating_codes, endpoint.created_by) == (["en", "ru"], ["false"], desk_user())
    happen(rating_code="false")
    deliver()
    assert receiver.sequences == [1]
    for path in (ENDPOINTS, f"{ENDPOINTS}{endpoint.pk}/change/"):
        text = desk.get(path)
        assert "Herald" in text and secret not in text and endpoint.secret_seed not in text


def desk_user() -> User:
    return User.objects.get(username="admin")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"url": "http://herald.example/"}, "begins with https://"),
        ({"url": "https://127.0.0.1/"}, "public internet"),
        ({"name": ""}, "This field is required"),
        ({"contact": "nobody"}, "valid email"),
        ({"languages": "en,English!"}, "“English!” is no language tag"),
        ({"event_types": ["verdict.guessed"]}, "Select a valid choice"),
        ({"rating_codes": ["nonsense"]}, "Select a valid choice"),
        ({"after": "7"}, "no such event yet"),
        ({"after": "-1"}, "greater than or equal to 0"),
        ({"languages": "en,en"}, "Name each one once"),
        ({"topic_slugs": "helth"}, "There is no topic called helth. There are: none yet."),
        ({"claimant_slugs": "sentor"}, "There is no claimant called sentor"),
        ({"name": "Nul\0"}, "Null characters"),
        ({"name": "Herald\nERROR all is lost"}, "on one line"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(desk: Desk, fields: dict[str, Any], said: str) -> None:
    page = add(desk, **({"name": "Herald", "url": "https://herald.example/hook"} | fields))
    assert said in page.replace("&#x27;", "'") and not Endpoint.objects.exists()


def test_a_name_is_given_once(desk: Desk) -> None:
    make_endpoint()
    assert "already exists" in add(desk, name="Herald", url="https://other.example/")


def test_an_endpoint_is_changed_through_its_form(desk: Desk) -> None:
    Topic.objects.bulk_create([Topic(name=name, slug=name) for name in ("war", "health")])
    endpoint = make_endpoint()
    answer = desk.fill(
        f"{ENDPOINTS}{endpoint.pk}/change/", "endpoint_form", url="https://new.example/", topic_slugs="war, health"
    )
    assert answer.status_code == 302
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.topic_slugs) == ("https://new.example/", ["war", "health"])
    assert Activity.objects.filter(action="webhook changed").exists()


@pytest.mark.parametrize("name", ["outsider", "checker", "editor"])
def test_addresses_of_webhooks_are_the_administrators(name: str, request: pytest.FixtureRequest) -> None:
    endpoint = make_endpoint()
    happen()
    services.queue_deliveries(at=START)
    client = Desk(request.getfixturevalue(name)).client
    delivery = Delivery.objects.get().pk
    for path in (ENDPOINTS, f"{ENDPOINTS}add/", f"{ENDPOINTS}{endpoint.pk}/change/", DELIVERIES):
        assert client.get(path).status_code == 403, path
    assert client.get(f"{DELIVERIES}{delivery}/change/").status_code == 403
    for step in ("ping", "retry", "redeliver", "replay", "rotate", "pause", "resume"):
        answer = client.post(f"{ENDPOINTS}{endpoint.pk}/{step}/", {"reason": "x", "hours": "0", "after": "0"})
        assert answer.status_code == 403, step
    endpoint.refresh_from_db()
    assert endpoint.is_active


def test_nothing_happens_before_a_steps_form_is_posted(desk: Desk, receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver)
    for step in ("ping", "retry", "redeliver", "replay", "rotate", "pause", "resume"):
        assert "step_form" in desk.get(f"{ENDPOINTS}{endpoint.pk}/{step}/")
    assert receiver.got == [] and Endpoint.objects.get().secret_seed == endpoint.secret_seed


def test_a_ping_shows_what_came_back(desk: Desk, settings: Any) -> None:
    with receiving(settings, http(500, "<b>Traceback</b>")) as receiver:
        endpoint = make_endpoint(receiver)
        page = html(desk.fill(f"{ENDPOINTS}{endpoint.pk}/ping/", "step_form"))
        assert "It did not take the ping" in page and "&lt;b&gt;Traceback&lt;/b&gt;" in page
        assert "It took the ping" in html(desk.fill(f"{ENDPOINTS}{endpoint.pk}/ping/", "step_form"))


def test_pausing_asks_why_and_resuming_brings_what_was_missed(desk: Desk, receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver)
    page = f"{ENDPOINTS}{endpoint.pk}/"
    assert "This field is required" in html(desk.fill(f"{page}pause/", "step_form", reason=""))
    assert desk.fill(f"{page}pause/", "step_form", reason="They move house.").status_code == 302
    assert "They move house." in desk.get(f"{page}change/")
    happen()
    deliver()
    assert receiver.got == []
    desk.fill(f"{page}resume/", "step_form")
    deliver()
    assert receiver.sequences == [1]


def test_a_new_secret_is_shown_once_and_the_hours_are_checked(desk: Desk) -> None:
    endpoint = make_endpoint()
    page = f"{ENDPOINTS}{endpoint.pk}/"
    assert "less than or equal to 168" in html(desk.fill(f"{page}rotate/", "step_form", hours="169"))
    assert len(SECRET.findall(html(desk.fill(f"{page}rotate/", "step_form", hours="24")))) == 1
    assert "signs beside the new one until" in desk.get(f"{page}change/")


def test_replay_and_dead_letters(desk: Desk, receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver)
    happen(EventType.PUBLISHED, EventType.CORRECTED)
    deliver()
    page = f"{ENDPOINTS}{endpoint.pk}/"
    assert "nothing after event 2" in html(desk.fill(f"{page}replay/", "step_form", after="3"))
    desk.fill(f"{page}replay/", "step_form", after="1")
    deliver()
    assert receiver.sequences == [1, 2, 2]
    Delivery.objects.filter(event=1).update(state="dead", attempts_made=ATTEMPTS)
    dead = Delivery.objects.get(event=1)
    assert f"redeliver/?sequence={dead.event_id}" in desk.get(f"{DELIVERIES}{dead.pk}/change/")
    assert 'value="1"' in desk.get(f"{page}redeliver/?sequence=1")
    desk.fill(f"{page}redeliver/?sequence=1", "step_form")
    deliver(timezone.now())
    assert receiver.sequences == [1, 2, 2, 1]


@pytest.mark.parametrize("sequence", ["x", "-1", "99999999999999999999", "\0"])
def test_nonsense_in_a_steps_address_breaks_nothing(desk: Desk, sequence: str) -> None:
    endpoint = make_endpoint()
    answer = desk.client.post(f"{ENDPOINTS}{endpoint.pk}/redeliver/", {"sequence": sequence})
    assert answer.status_code == 200
    assert desk.client.get(f"{ENDPOINTS}99999999999999999999/ping/").status_code == 404


def test_the_log_shows_attempts_and_is_written_by_nobody(desk: Desk, settings: Any) -> None:
    with receiving(settings, http(500, "Traceback")) as receiver:
        make_endpoint(receiver)
        happen()
        deliver()
        delivery = Delivery.objects.get()
        text = desk.get(f"{DELIVERIES}{delivery.pk}/change/")
        assert "answered 500" in text and "Traceback" in text
        assert "answered 500" in desk.get(DELIVERIES)
        assert desk.client.post(f"{DELIVERIES}{delivery.pk}/change/", {"state": "delivered"}).status_code == 403
        assert desk.client.get(f"{DELIVERIES}add/").status_code == 403


def test_an_endpoints_page_names_what_everything_waits_for(desk: Desk, settings: Any) -> None:
    with receiving(settings, always=http(401)) as receiver:
        endpoint = make_endpoint(receiver)
        happen(EventType.PUBLISHED, EventType.CORRECTED)
        page = f"{ENDPOINTS}{endpoint.pk}/change/"
        services.queue_deliveries(at=START)
        assert "Held up by" not in desk.get(page)
        deliver()
        text = " ".join(re.sub(r"<[^>]+>", " ", desk.get(page)).split())
        assert "Held up by 1 verdict.published : 1 attempt, answered 401; next at 2026-03-01 12:00:05 UTC" in text


def test_the_log_is_filtered_and_searched(desk: Desk) -> None:
    make_endpoint(name="Herald")
    other = make_endpoint(name="Tribune", event_types=[EventType.CORRECTED])
    (event, _) = happen(EventType.PUBLISHED, EventType.CORRECTED)
    services.queue_deliveries(at=START)
    rows = re.compile(r"/admin/feed/delivery/(\d+)/change/")
    for query, number in (
        ("", 3), (f"endpoint={other.pk}", 1), ("endpoint=x", 3), ("state=waiting", 3), ("state=dead", 0),
        ("q=Tribune", 1), (f"q={event.event_id}", 1), (f"q={event.claim.public_id}", 3),
    ):  # fmt: skip
        assert len(set(rows.findall(desk.get(f"{DELIVERIES}?{query}")))) == number, query


@pytest.mark.parametrize("path", [ENDPOINTS, DELIVERIES])
def test_lists_ask_as_many_questions_for_many_rows_as_for_few(desk: Desk, path: str) -> None:
    def questions() -> int:
        desk.get(path)
        with CaptureQueriesContext(connection) as queries:
            desk.get(path)
        return len(queries)

    make_endpoint(name="first")
    happen()
    services.queue_deliveries(at=START)
    few = questions()
    for number in range(8):
        make_endpoint(name=str(number))
        happen()
    services.queue_deliveries(at=START)
    assert Delivery.objects.count() > 30
    assert questions() == few
