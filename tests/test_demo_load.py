"""load_demo: all or nothing, once, and never among other claims."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from claims.models import Claim, Event, Notice, User
from demo.loading import DemoRefused, load_demo
from sources.models import Snapshot, SourceCheck
from tests.make import make_claim, make_user
from tests.newsroom import PASSWORD, may_be_fetched, open_newsroom

pytestmark = pytest.mark.django_db


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[str]:
    """`http://host:port` of a newsroom that may be fetched."""
    with open_newsroom(tmp_path) as address, may_be_fetched(address):
        yield f"http://{address}"


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit status and JSON of one load_demo."""
    out = StringIO()
    try:
        call_command("load_demo", *arguments, "--json", stdout=out, stderr=StringIO())
    except SystemExit as stop:
        return int(str(stop.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_it_loads_everything_and_a_second_run_changes_nothing(newsroom: str) -> None:
    status, figures = run("--newsroom-url", newsroom, "--password", PASSWORD)
    assert (status, figures["loaded"], figures["verdicts"]) == (0, 11, 10)
    before = (Event.objects.count(), Claim.objects.count(), SourceCheck.objects.count())

    status, figures = run("--newsroom-url", newsroom, "--password", PASSWORD)
    assert (status, figures["loaded"]) == (0, 0)
    assert (Event.objects.count(), Claim.objects.count(), SourceCheck.objects.count()) == before


def test_its_making_asks_nobody_for_anything(newsroom: str) -> None:
    load_demo(newsroom, password=PASSWORD)
    assert Notice.objects.exists() and not Notice.objects.unread().exists()
    assert not Notice.objects.filter(mail_due_at__isnull=False).exists()


def test_a_run_that_was_interrupted_is_completed_by_the_next(newsroom: str) -> None:
    class Interrupted(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done == 7:
            raise Interrupted

    with pytest.raises(Interrupted):
        load_demo(newsroom, password=PASSWORD, progress=stop)
    assert not Claim.objects.exists()
    assert not User.objects.exists()
    assert load_demo(newsroom, password=PASSWORD) == 11
    assert Snapshot.objects.count() == 4


def test_it_refuses_a_database_with_claims_of_its_own(newsroom: str) -> None:
    make_claim(make_user("somebody"))
    status, figures = run("--newsroom-url", newsroom, "--password", PASSWORD)
    assert status == 1
    assert "CLAIMTRACK_DATA_DIR" in figures["error"]
    assert Claim.objects.count() == 1


def test_it_says_so_when_the_newsroom_does_not_answer(tmp_path: Path) -> None:
    with open_newsroom(tmp_path) as address:
        pass
    with may_be_fetched(address), pytest.raises(DemoRefused, match="does not answer.*demo.newsroom"):
        load_demo(f"http://{address}", password=PASSWORD)
    assert not Claim.objects.exists()


def test_it_says_which_setting_lets_it_visit_the_newsroom(newsroom: str, settings: Settings) -> None:
    settings.CLAIMTRACK_FETCH_ALLOW = []
    with pytest.raises(DemoRefused, match=f"CLAIMTRACK_FETCH_ALLOW={newsroom[7:]}"):
        load_demo(newsroom, password=PASSWORD)


def test_it_asks_for_a_password_when_none_is_kept(newsroom: str) -> None:
    status, figures = run("--newsroom-url", newsroom)
    assert status == 2
    assert "--password" in figures["error"]


def test_it_refuses_an_unusable_address(newsroom: str) -> None:
    status, figures = run("--newsroom-url", "127.0.0.1:8001", "--password", PASSWORD)
    assert status == 2
    assert "https://" in figures["error"]


def test_its_people_get_mail_that_can_reach_nobody(newsroom: str) -> None:
    load_demo(newsroom, password=PASSWORD)
    addresses = set(User.objects.values_list("email", flat=True))
    assert {"checker@demo.invalid", "editor@demo.invalid"} <= addresses
    assert all(address.endswith("@demo.invalid") for address in addresses)


def test_it_does_not_act_as_somebody_elses_account(newsroom: str) -> None:
    make_user("editor", role="observer")
    with pytest.raises(DemoRefused, match="editor"):
        load_demo(newsroom, password=PASSWORD)
