"""Webhooks on the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from feed.models import Attempt, Endpoint
from tests.sources_support.server import http
from tests.webhook_receiver import Receiver, deliver, happen, make_endpoint, receiving

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with receiving(settings) as receiver:
        yield receiver


def command(*arguments: str) -> tuple[int, Any]:
    """Exit status, and what --json printed."""
    out = StringIO()
    try:
        call_command("webhooks", *arguments, "--json", stdout=out)
    except SystemExit as end:
        return int(end.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_the_command_adds_lists_and_steers(receiver: Receiver) -> None:
    status, added = command("add", "Herald", receiver.url, "--after", "0", "--rating-codes", "false,true")
    assert status == 0 and SECRET.fullmatch(added["secret"])
    assert Endpoint.objects.get().rating_codes == ["false", "true"]
    assert command("ping", "Herald")[1]["taken"] is True
    happen(rating_code="false")
    deliver()
    command("pause", "Herald", "--reason", "They move house.")
    happen()
    (row,) = command("list")[1]["endpoints"]
    assert (row["state"], row["behind"], row["dead_letters"]) == ("paused", 1, 0)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", row["last_success_at"])
    assert not any("secret" in key or "seed" in key for key in row)
    command("resume", "Herald")
    command("replay", "Herald", "--after", "0")
    deliver()
    assert receiver.sequences == [1, 1, 2]
    assert SECRET.fullmatch(command("rotate", "Herald", "--hours", "0")[1]["secret"])
    assert command("retry", "Herald")[1] == {"done": True}
    assert command("redeliver", "Herald")[1] == {"redelivered": 0}


def test_a_ping_that_is_not_taken_is_a_finding(settings: Any) -> None:
    with receiving(settings, always=http(500)) as receiver:
        make_endpoint(receiver)
        status, said = command("ping", "Herald")
        assert (status, said["error"]) == (1, "answered 500")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ping", "Nobody"], "There is no endpoint “Nobody”; there are: Herald."),
        (["add", "Tribune", "http://tribune.example/"], "begins with https://"),
        (["add", "Herald", "https://tribune.example/"], "already exists"),
        (
            ["add", "Tribune", "https://tribune.example/", "--rating-codes", "guessed"],
            "no rating called guessed",
        ),
        (["add", "Tribune", "https://tribune.example/", "--event-types", "guessed"], "not a valid choice"),
        (["add", "Tribune", "https://tribune.example/", "--after", "-1"], "feed_endpoint_cursor|greater than"),
        (["replay", "Herald", "--after", "5"], "0 to 0"),
        (["rotate", "Herald", "--hours", "1000000000000"], "0 to 168"),
        (["rotate", "Herald", "--hours", "-1"], "0 to 168"),
        (["pause", "Herald", "--reason", " "], "Say why"),
    ],
)
def test_the_command_says_how_to_mend_what_it_cannot_use(arguments: list[str], said: str) -> None:
    make_endpoint()
    with pytest.raises(CommandError, match=said) as refusal:
        command(*arguments)
    assert refusal.value.returncode == 2
    assert Endpoint.objects.count() == 1 and Attempt.objects.count() == 0
