"""API keys: kept as digests, shown once, refused in plain words, revoked within 15 seconds."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from feed.admission.gate import key_named_in
from feed.admission.key_text import BadKey, KeyText, new_key_text, read_key_text
from feed.admission.known_keys import FOR, KnownKeys
from feed.choices import Scope
from feed.models import ApiKey
from feed.services import create_key, revoke_key
from tests.gate import Clock, ask, ask_with, slip

pytestmark = pytest.mark.django_db


# The text of a key.


def test_a_key_is_recognised_by_what_scans_for_leaked_ones() -> None:
    whole = new_key_text().whole
    assert whole.startswith("ctk_") and len(whole) == 62 and whole.isascii()


def test_a_key_reads_back_as_it_was_made() -> None:
    text = new_key_text()
    assert read_key_text(text.whole) == text


def test_no_two_keys_are_alike() -> None:
    assert len({new_key_text().secret for _ in range(100)}) == 100


def test_printing_a_key_shows_its_prefix_alone() -> None:
    text = new_key_text()
    assert text.prefix in repr(text) and text.secret not in repr(text)


def test_a_slip_of_the_pen_is_told_without_a_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0), pytest.raises(AuthenticationFailed, match="mistyped"):
        ask_with(slip(new_key_text().whole))


@given(st.text())
def test_no_text_breaks_the_reading_of_keys(text: str) -> None:
    with pytest.raises(BadKey, match="This"):
        read_key_text(text)


# What is kept.


def test_the_secret_is_nowhere_in_the_database() -> None:
    key, whole = create_key("Import", by=None)
    secret = read_key_text(whole).secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(k)::text FROM feed_apikey k")
        rows = cursor.fetchall()
        cursor.execute("SELECT row_to_json(a)::text FROM claims_activity a")
        rows += cursor.fetchall()
    assert key.prefix in str(rows) and secret not in str(rows)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("feed_key_is_hashed", {"digest": "in the clear"}),
        ("feed_key_scopes_are_known", {"scopes": ["write"]}),
        ("feed_key_scopes_are_known", {"scopes": []}),
        ("feed_key_rate_allows_something", {"rate": 0}),
    ],
)
def test_the_database_refuses_whoever_writes(name: str, wrong: dict[str, Any]) -> None:
    key, _ = create_key("Import", by=None)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ApiKey.objects.filter(pk=key.pk).update(**wrong)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "Import\nERROR all is lost"}),
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["write"]}),
        ("scopes", {"scopes": ["read", "read"]}),
        ("rate", {"rate": 0}),
        ("expires_at", {"expires_at": timezone.now() - timedelta(seconds=1)}),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(field: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        create_key(**({"name": "Import", "by": None} | wrong))
    assert field in refused.value.message_dict
    assert not ApiKey.objects.exists()


# Who gets in.


def test_a_good_key_is_told_apart_from_nobody() -> None:
    key, whole = create_key("Import", by=None)
    admitted = ask_with(whole).key
    assert admitted is not None and admitted.prefix == key.prefix
    assert ask().key is None


@pytest.mark.parametrize("scheme", ["Api-Key", "api-key", "API-KEY"])
def test_the_schemes_case_does_not_matter(scheme: str) -> None:
    _, whole = create_key("Import", by=None)
    assert ask(f"{scheme}   {whole} ").key is not None


@pytest.mark.parametrize("sent", ["Bearer {}", "Basic {}", "{}", "", "Token {}", "ApiKey {}"])
def test_another_form_is_refused_and_the_right_one_named(sent: str) -> None:
    _, whole = create_key("Import", by=None)
    with pytest.raises(AuthenticationFailed, match="Authorization: Api-Key ctk_"):
        ask(sent.format(whole))


@pytest.mark.parametrize("sent", ["", "nonsense", "ctk_", "ключ", "\0", "x" * 100_000])
def test_what_is_no_key_is_never_taken_for_nobody(sent: str) -> None:
    with pytest.raises(AuthenticationFailed, match="no API key"):
        ask_with(sent)


def test_a_wrong_secret_behind_a_known_prefix_is_refused() -> None:
    key, _ = create_key("Import", by=None)
    with pytest.raises(AuthenticationFailed, match="not known"):
        ask_with(KeyText(key.prefix, new_key_text().secret).whole)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(AuthenticationFailed, match="not known"):
        ask_with(new_key_text().whole)


def test_a_revoked_key_is_refused() -> None:
    key, whole = create_key("Import", by=None)
    revoke_key(key, by=None)
    with pytest.raises(AuthenticationFailed, match="revoked"):
        ask_with(whole)


def test_an_expired_key_is_refused_from_that_moment() -> None:
    key, whole = create_key("Import", by=None, expires_at=timezone.now() + timedelta(seconds=0.2))
    ask_with(whole)
    time.sleep(0.25)
    with pytest.raises(AuthenticationFailed, match="expired"):
        ask_with(whole)
    assert not key.is_usable(timezone.now())
    assert not ApiKey.objects.usable(timezone.now()).exists()


def test_a_refusal_names_the_scheme_for_machines() -> None:
    with pytest.raises(AuthenticationFailed) as refused:
        ask("Bearer x")
    assert refused.value.headers["WWW-Authenticate"].startswith("Api-Key")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("scopes", "needs", "passes"),
    [
        (["read"], Scope.READ, True),
        (["read"], Scope.EXPORT, False),
        (["export"], Scope.READ, False),
        (["export"], Scope.EXPORT, True),
        (["read", "export"], Scope.READ, True),
        (["read", "export"], Scope.EXPORT, True),
    ],
)
def test_a_key_opens_what_it_was_made_for(scopes: list[str], needs: Scope, passes: bool) -> None:
    _, whole = create_key("Import", by=None, scopes=scopes)
    if passes:
        assert ask_with(whole, needs=needs).key is not None
    else:
        with pytest.raises(PermissionDenied, match=f"lacks the scope {needs}"):
            ask_with(whole, needs=needs)


@pytest.mark.parametrize("needs", list(Scope))
def test_everything_public_is_open_without_a_key(needs: Scope) -> None:
    assert ask(needs=needs).key is None


@pytest.mark.parametrize("text", ["", "AIzaSyAnything", "ctk_", "\0", "ctk_" + "x" * 58])
def test_where_any_key_will_do_a_strange_one_is_nobodys(text: str) -> None:
    assert key_named_in(text) is None


def test_where_any_key_will_do_ours_is_known() -> None:
    key, whole = create_key("Import", by=None)
    named = key_named_in(whole)
    assert named is not None and named.prefix == key.prefix
    assert ask(key=named).key == named
    assert key_named_in(slip(whole)) is None


# What a process remembers.


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_requests_within_15_seconds_share_one_query(clock: Clock, django_assert_num_queries: Any) -> None:
    _, whole = create_key("Import", by=None)
    keys = KnownKeys(clock)
    with django_assert_num_queries(1):
        keys.holder(whole)
        clock.now += FOR - 0.01
        keys.holder(whole)


def test_that_nobody_has_a_key_is_remembered_too(clock: Clock, django_assert_num_queries: Any) -> None:
    keys, whole = KnownKeys(clock), new_key_text().whole
    with django_assert_num_queries(1):
        for _ in range(3):
            with pytest.raises(BadKey):
                keys.holder(whole)


def test_a_revoked_key_opens_nothing_15_seconds_later_in_another_process(clock: Clock) -> None:
    key, whole = create_key("Import", by=None)
    keys = KnownKeys(clock)
    keys.holder(whole)
    revoke_key(key, by=None)
    clock.now += FOR
    with pytest.raises(BadKey, match="revoked"):
        keys.holder(whole)


@pytest.mark.django_db(transaction=True)
def test_a_revoked_key_opens_nothing_at_once_in_the_process_that_revoked_it() -> None:
    key, whole = create_key("Import", by=None)
    ask_with(whole)
    revoke_key(key, by=None)
    with pytest.raises(AuthenticationFailed, match="revoked"):
        ask_with(whole)


def test_what_guessers_leave_behind_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.admission.known_keys.MOST", 3)
    keys = KnownKeys(clock)
    for _ in range(10):
        with pytest.raises(BadKey):
            keys.holder(new_key_text().whole)
    assert len(keys._kept) <= 3
