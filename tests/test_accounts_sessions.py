"""Where one is signed in, for how long, and what ends it."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import services
from accounts.callers import in_words
from accounts.models import DeskSession
from claims.models import User
from tests.accounts_desk import PHONE, Browser, signed_in
from tests.make import make_user

END = "/admin/account/sessions/end/"


def age(browser: Browser, **seconds: int) -> None:
    """Make what the session remembers that much older."""
    session = browser.client.session
    session["desk"] |= {name: session["desk"][name] - value for name, value in seconds.items()}
    session.save()


def test_one_sees_where_one_is_signed_in(checker: User) -> None:
    signed_in(checker, address="198.51.100.9", agent=PHONE)
    page = signed_in(checker).get("/admin/account/").content.decode()
    assert "Safari, iPhone" in page and "198.51.100.9" in page and "Firefox, Linux" in page
    assert page.count("this one") == 1


def test_nobody_sees_or_ends_the_sessions_of_others(checker: User, editor: User) -> None:
    theirs = signed_in(editor, address="198.51.100.9")
    browser = signed_in(checker)
    assert "198.51.100.9" not in browser.get("/admin/account/").content.decode()
    browser.post(END, {"session": DeskSession.objects.get(user=editor).pk})
    assert theirs.is_in


def test_one_ends_a_single_one(checker: User) -> None:
    phone, browser, third = signed_in(checker, agent=PHONE), signed_in(checker), signed_in(checker)
    browser.post(END, {"session": DeskSession.objects.get(session_key=phone.session_key).pk})
    assert not phone.is_in and browser.is_in and third.is_in


def test_one_ends_all_others(checker: User) -> None:
    phone, third, browser = signed_in(checker, agent=PHONE), signed_in(checker), signed_in(checker)
    browser.post(END)
    assert browser.is_in and not phone.is_in and not third.is_in


@pytest.mark.parametrize("nonsense", ["", "x", "-1", "9" * 30, "²"])
def test_nonsense_ends_nothing(checker: User, nonsense: str) -> None:
    other, browser = signed_in(checker), signed_in(checker)
    assert browser.post(END, {"session": nonsense}).status_code == 302
    assert other.is_in


def test_ending_takes_a_post(checker: User) -> None:
    assert signed_in(checker).get(END).status_code == 405


def test_signing_out_takes_it_off_the_list(checker: User) -> None:
    browser = signed_in(checker)
    browser.post("/admin/logout/")
    assert not services.sessions_of(checker).exists()


def test_who_does_not_click_for_long_is_signed_out_and_told_why(checker: User, settings: Any) -> None:
    browser = signed_in(checker)
    idle = int(settings.SESSION_IDLE.total_seconds())
    age(browser, seen=idle - 60)
    assert browser.is_in
    age(browser, seen=idle + 60)
    response = browser.get("/admin/claims/claim/", follow=True)
    assert response.redirect_chain == [("/admin/login/?next=/admin/claims/claim/", 302)]
    assert "You were signed out" in response.content.decode()


def test_a_page_that_stands_open_and_asks_by_itself_keeps_nobody_signed_in(checker: User, settings: Any) -> None:
    browser = signed_in(checker)
    age(browser, seen=int(settings.SESSION_IDLE.total_seconds()) - 60)
    browser.get("/admin/account/", headers={"sec-fetch-mode": "cors"})
    age(browser, seen=120)
    assert not browser.is_in


def test_clicking_all_the_time_does_not_help_for_ever(checker: User, settings: Any) -> None:
    browser = signed_in(checker)
    age(browser, began=int(settings.SESSION_AT_MOST.total_seconds()) + 1)
    assert not browser.is_in


def test_last_seen_is_written_at_most_once_a_minute(checker: User, django_assert_num_queries: Any) -> None:
    browser = signed_in(checker)
    before = DeskSession.objects.get().seen_at
    browser.get("/admin/account/")
    assert DeskSession.objects.get().seen_at == before
    age(browser, seen=61)
    browser.get("/admin/account/")
    assert DeskSession.objects.get().seen_at > before


def test_a_session_of_before_there_was_a_list_joins_it(checker: User) -> None:
    browser = Browser()
    browser.client.force_login(checker)
    assert browser.is_in
    assert DeskSession.objects.get().user == checker


def test_a_changed_password_ends_all_other_sessions(checker: User) -> None:
    phone, browser = signed_in(checker, agent=PHONE), signed_in(checker)
    new = "another long password"
    fields = {"password": "correct horse battery staple", "new_password1": new, "new_password2": new}
    assert browser.post("/admin/password_change/", fields).headers["Location"] == "/admin/account/"
    assert browser.is_in and not phone.is_in
    assert [session.session_key for session in services.sessions_of(checker)] == [browser.session_key]


@pytest.mark.parametrize("change", [{"role": "observer"}, {"is_active": False}, {"is_staff": False}])
def test_a_changed_role_and_a_closed_account_end_every_session(
    checker: User, admin: User, change: dict[str, Any]
) -> None:
    browser = signed_in(checker)
    for name, value in change.items():
        setattr(checker, name, value)
    services.save_person(checker, by=admin)
    assert not browser.is_in and not DeskSession.objects.exists()


def test_an_administrator_who_sets_a_password_ends_the_sessions_of_before(checker: User, admin: User) -> None:
    browser, chief = signed_in(checker), signed_in(admin)
    new = "another long password"
    fields = {"password1": new, "password2": new, "usable_password": "true"}
    assert chief.post(f"/admin/claims/user/{checker.pk}/password/", fields).status_code == 302
    assert not browser.is_in and chief.is_in
    assert Browser().sign_in(checker, new).status_code == 302


def test_a_session_that_is_over_goes_from_the_database(checker: User) -> None:
    signed_in(checker)
    services.forget_old(at=timezone.now() + timedelta(days=15))
    assert not DeskSession.objects.exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/138.0 YaBrowser/25.8 Safari/537.36", "Yandex Browser, Windows"),
        ("curl/8.5", "curl"),
        ("", "Unknown device"),
        ("<script>alert(1)</script>", "Unknown device"),
    ],
)
def test_devices_are_named_in_words(agent: str, words: str) -> None:
    assert in_words(agent) == words


# The password again.


@pytest.mark.parametrize(
    "path", ["/admin/claims/user/add/", "/admin/feed/apikey/add/", "/admin/accounts/invitation/add/"]
)
def test_rights_are_given_out_only_with_a_fresh_password(admin: User, path: str) -> None:
    browser = signed_in(admin)
    assert browser.get(path).status_code == 200
    age(browser, password=16 * 60)
    assert browser.get(path).headers["Location"].startswith("/admin/account/again/")
    assert browser.post(path, {}).status_code == 200  # what was opened in time may be sent
    age(browser, password=60 * 60)
    assert browser.post(path, {}).headers["Location"].startswith("/admin/account/again/")


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_password_again_leads_to_no_other_site(checker: User, to: str) -> None:
    browser = signed_in(checker)
    response = browser.post(f"/admin/account/again/?next={to}", {"password": "correct horse battery staple"})
    assert response.headers["Location"] == "/admin/account/"


def test_the_list_of_people_and_every_page_needs_no_password_again(admin: User) -> None:
    browser = signed_in(admin)
    age(browser, password=int(time.time()) % 10**6 + 10**5)
    for path in ("/admin/", "/admin/claims/user/", "/admin/claims/claim/", "/admin/account/"):
        assert browser.get(path).status_code == 200


def test_my_account_is_there_for_every_role(db: None) -> None:
    for role in ("observer", "fact_checker", "reviewer", "admin"):
        assert 'href="/admin/account/"' in signed_in(make_user(role, role)).get("/admin/").content.decode()
