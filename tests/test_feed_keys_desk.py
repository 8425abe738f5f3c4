"""Keys in the newsroom: who makes and revokes them, when they were used, the desk's pages, the command."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from claims.errors import NotAllowed
from claims.models import Activity, User
from feed import services
from feed.admission.key_text import read_key_text
from feed.models import ApiKey
from feed.services import create_key, revoke_key
from tests.desk import Desk, html
from tests.gate import ask_with, slip
from tests.make import make_user

pytestmark = pytest.mark.django_db


# When it was last used.


def test_use_is_noted_once_a_minute(django_assert_num_queries: Any) -> None:
    key, whole = create_key("Import", by=None)
    ask_with(whole)
    key.refresh_from_db()
    first = key.last_used_at
    assert first is not None and timezone.now() - first < timedelta(seconds=10)
    with django_assert_num_queries(0):
        ask_with(whole)


def test_use_noted_elsewhere_within_the_minute_is_left_alone() -> None:
    key, whole = create_key("Import", by=None)
    at = timezone.now() - timedelta(seconds=30)
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
    ask_with(whole)
    key.refresh_from_db()
    assert key.last_used_at == at


@pytest.fixture
def locked_elsewhere(transactional_db: None) -> Iterator[str]:
    """A key whose row another connection is writing."""
    key, whole = create_key("Import", by=None)
    other = connection.copy("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM feed_apikey WHERE id = %s FOR UPDATE", [key.pk])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")  # so that waiting for the row fails instead of hanging
        yield whole
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
        other.rollback()
        other.close()


def test_a_row_that_is_being_written_holds_no_request_up(locked_elsewhere: str) -> None:
    begun = time.monotonic()
    assert ask_with(locked_elsewhere).key is not None
    assert time.monotonic() - begun < 1


# Who makes them.


@pytest.mark.parametrize("role", ["observer", "fact_checker", "reviewer"])
def test_keys_are_the_administrators(role: str) -> None:
    key, _ = create_key("Import", by=None)
    person = make_user("somebody", role)
    with pytest.raises(NotAllowed, match="administrator"):
        create_key("Other", by=person)
    with pytest.raises(NotAllowed, match="administrator"):
        revoke_key(key, by=person)
    with pytest.raises(NotAllowed, match="administrator"):
        services.change_key(key, by=person, name="X", contact="", scopes=["read"], expires_at=None, rate=None)


def test_every_step_is_on_record(admin: User) -> None:
    key, _ = create_key("Import", by=admin)
    services.change_key(key, by=admin, name="CMS", contact="", scopes=["read"], expires_at=None, rate=5)
    revoke_key(key, by=admin)
    revoke_key(key, by=admin)
    lines = [(line.action, line.actor) for line in Activity.objects.order_by("pk")]
    assert lines == [("API key made", admin), ("API key changed", admin), ("API key revoked", admin)]
    assert key.prefix in Activity.objects.latest("pk").detail


# The desk.

KEYS = "/admin/feed/apikey/"


def shown_key(page: str) -> str:
    return page.split('id="key">')[1].split("<")[0]


@pytest.fixture
def chief(db: None) -> Desk:
    """An administrator by role, not a superuser."""
    return Desk(make_user("chief", "admin"))


def test_the_desk_shows_a_new_key_once_on_a_page_nobody_keeps(chief: Desk) -> None:
    answer = chief.fill(f"{KEYS}add/", "apikey_form", name="Import", scopes=["read"])
    whole = shown_key(html(answer))
    assert ask_with(whole).key is not None
    assert "no-store" in answer.headers["Cache-Control"]
    assert read_key_text(whole).secret not in str(answer.cookies)
    key = ApiKey.objects.get()
    for page in (KEYS, f"{KEYS}{key.pk}/change/", f"{KEYS}{key.pk}/history/"):
        shown = chief.get(page)
        assert read_key_text(whole).secret not in shown and key.digest not in shown


def test_the_desk_says_who_made_a_key_and_what_became_of_it(chief: Desk) -> None:
    _, used = create_key("Used", by=None)
    ask_with(used)
    revoke_key(create_key("Gone", by=None)[0], by=None)
    old, _ = create_key("Old", by=None, expires_at=timezone.now() + timedelta(days=1))
    ApiKey.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(days=1))
    page = chief.get(KEYS)
    for state in ("in use", "revoked 20", "expired 20"):
        assert state in page


def test_the_desk_changes_a_key(chief: Desk) -> None:
    key, _ = create_key("Import", by=None)
    chief.fill(f"{KEYS}{key.pk}/change/", "apikey_form", name="CMS", rate="50")
    key.refresh_from_db()
    assert (key.name, key.rate) == ("CMS", 50)
    assert Activity.objects.latest("pk").action == "API key changed"


def test_the_desk_refuses_a_date_that_is_past(chief: Desk) -> None:
    answer = chief.fill(f"{KEYS}add/", "apikey_form", name="Import", expires_at_0="2020-01-01", expires_at_1="00:00")
    assert "give a time to come" in html(answer)
    assert not ApiKey.objects.exists()


def test_the_desk_asks_before_it_revokes(chief: Desk) -> None:
    key, _ = create_key("Import", by=None)
    assert f"{KEYS}{key.pk}/revoke/" in chief.get(f"{KEYS}{key.pk}/change/")
    chief.get(f"{KEYS}{key.pk}/revoke/")
    key.refresh_from_db()
    assert key.revoked_at is None
    chief.fill(f"{KEYS}{key.pk}/revoke/", "revoke_form")
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_a_revoked_key_stays_as_it_was(chief: Desk) -> None:
    key, _ = create_key("Import", by=None)
    revoke_key(key, by=None)
    assert "revoke/" not in chief.get(f"{KEYS}{key.pk}/change/")
    assert chief.send(f"{KEYS}{key.pk}/change/", {"name": "CMS", "scopes": ["read"]}).status_code == 403


@pytest.mark.parametrize("role", ["observer", "fact_checker", "reviewer"])
def test_nobody_else_sees_the_keys(role: str) -> None:
    key, _ = create_key("Import", by=None)
    desk = Desk(make_user("somebody", role))
    for page in ("", "add/", f"{key.pk}/change/", f"{key.pk}/revoke/"):
        assert desk.client.get(KEYS + page).status_code == 403
    assert desk.client.post(f"{KEYS}{key.pk}/revoke/").status_code == 403
    assert KEYS not in desk.get("/admin/")


@pytest.mark.parametrize("number", ["9" * 30, "999999"])
def test_a_key_that_is_not_there_is_not_revoked(number: str, chief: Desk) -> None:
    assert chief.client.post(f"{KEYS}{number}/revoke/").status_code in {403, 404}


def test_the_side_bar_leads_an_administrator_to_the_keys(chief: Desk) -> None:
    assert KEYS in chief.get("/admin/")


# The command.


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_api_key", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_prints_a_key_that_works() -> None:
    assert ask_with(run("Import").splitlines()[0]).key is not None


def test_the_key_stands_alone_on_standard_output() -> None:
    out, err = StringIO(), StringIO()
    call_command("create_api_key", "Import", stdout=out, stderr=err)
    assert ask_with(out.getvalue().removesuffix("\n")).key is not None
    assert "not shown again" in err.getvalue()


def test_the_command_answers_in_json() -> None:
    answer = json.loads(run("Import", "--scope", "read", "--expires", "90d", "--rate", "7", "--json"))
    key = ApiKey.objects.get(prefix=answer["prefix"])
    assert read_key_text(answer["key"]).digest == key.digest
    assert (answer["scopes"], key.scopes, key.rate) == (["read"], ["read"], 7)
    assert key.expires_at is not None and timedelta(days=89) < key.expires_at - timezone.now() < timedelta(days=91)


@pytest.mark.parametrize("when", ["soon", "2026-02-30", "2030-01-01T10:00", "99999999999d", "-1d"])
def test_the_command_says_how_to_write_a_time(when: str) -> None:
    with pytest.raises(Exception, match="give 2027-06-30"):
        run("Import", f"--expires={when}")


def test_the_command_names_the_field_it_cannot_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run("Import", "--expires", "2020-01-01")
    assert left.value.code == 2
    assert not ApiKey.objects.exists()


def test_no_line_of_the_log_holds_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _, whole = create_key("Import", by=None)
    ask_with(whole)
    with pytest.raises(AuthenticationFailed):
        ask_with(slip(whole))
    assert read_key_text(whole).secret not in caplog.text and slip(whole) not in caplog.text
