"""Signing in with name and password: as ever for whoever has no second factor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import DeskSession, KnownDevice, SignInAttempt
from accounts.services import forget_old, sessions
from claims.choices import Role
from claims.models import Notice, User
from tests.accounts_desk import LOGIN, PHONE, Browser, signed_in
from tests.make import PASSWORD, make_user


def test_name_and_password_are_enough_without_a_second_factor(checker: User) -> None:
    browser = Browser()
    assert browser.sign_in(checker).headers["Location"] == "/admin/"
    assert browser.is_in


@pytest.mark.parametrize("where", ["query", "field"])
def test_one_lands_where_one_wanted_to_go(checker: User, where: str) -> None:
    browser, to = Browser(), "/admin/claims/claim/"
    if where == "query":
        response = browser.sign_in(checker, path=f"{LOGIN}?next={to}")
    else:
        response = browser.sign_in(checker, next=to)
    assert response.headers["Location"] == to


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"]
)
def test_nobody_is_led_to_another_site(checker: User, to: str) -> None:
    assert Browser().sign_in(checker, next=to).headers["Location"] == "/admin/"
    assert Browser().sign_in(checker, path=f"{LOGIN}?next={to}").headers["Location"] == "/admin/"


def refusal(browser: Browser, name: str, password: str) -> tuple[int, str]:
    response = browser.sign_in(name, password)
    page = response.content.decode()
    return response.status_code, page[page.index("errornote") : page.index("login-form")]


@pytest.mark.parametrize("who", ["nobody", "inactive", "no desk"])
def test_a_wrong_password_and_every_other_reason_look_the_same(checker: User, who: str) -> None:
    make_user("inactive", Role.ADMIN, is_active=False)
    User.objects.create_user("no desk", password=PASSWORD)
    known = refusal(Browser(), checker.username, "wrong")
    assert known[0] == 200
    assert refusal(Browser(), who, PASSWORD) == known


def test_a_name_that_nobody_has_costs_a_hash_too(checker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(User, "set_password", lambda self, raw: hashed.append(raw))
    Browser().sign_in("nobody", "guess")
    assert hashed == ["guess"]


def test_the_session_has_another_key_after_signing_in(checker: User) -> None:
    """A key that somebody planted before is worth nothing."""
    browser = Browser()
    session = browser.client.session
    session["planted"] = True
    session.save()
    planted = browser.session_key
    browser.sign_in(checker)
    assert browser.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_the_form_wants_its_csrf_token(checker: User) -> None:
    browser = Browser(enforce_csrf_checks=True)
    assert browser.sign_in(checker).status_code == 403
    assert not browser.is_in


def test_whoever_is_in_is_not_asked_again(checker: User) -> None:
    assert signed_in(checker).get(LOGIN).headers["Location"] == "/admin/"


def test_the_first_sign_in_is_no_news(checker: User) -> None:
    signed_in(checker)
    assert not Notice.objects.exists()


def test_a_device_that_is_not_known_is_news_to_its_owner(checker: User) -> None:
    signed_in(checker)
    signed_in(checker, address="198.51.100.9", agent=PHONE)
    notice = Notice.objects.get(recipient=checker)
    assert notice.title == "New sign-in: Safari, iPhone" and "198.51.100.9" in notice.text


def test_a_known_device_is_no_news_wherever_it_is(checker: User) -> None:
    browser = signed_in(checker)
    browser.post("/admin/logout/")
    browser.client.defaults["REMOTE_ADDR"] = "198.51.100.9"
    assert browser.sign_in(checker).status_code == 302
    assert not Notice.objects.exists()


def test_a_browser_that_lost_its_cookies_at_home_is_no_news(checker: User) -> None:
    signed_in(checker)
    signed_in(checker)
    assert not Notice.objects.exists()


def test_the_cookie_of_a_device_is_kept_as_a_digest_and_out_of_scripts_reach(checker: User) -> None:
    cookie = signed_in(checker).client.cookies["desk_device"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert cookie.value not in KnownDevice.objects.get(user=checker).digest


def test_a_program_that_keeps_no_cookies_fills_no_table(checker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "DEVICES", 3)
    kept = signed_in(checker)
    for _ in range(5):
        kept.post("/admin/logout/")
        kept.sign_in(checker)
        signed_in(checker, agent="curl/8.5")
    assert KnownDevice.objects.count() == 3
    assert KnownDevice.objects.filter(device="Firefox, Linux").exists(), "what is used stays"


def test_what_was_tried_goes_when_its_time_is_over(checker: User, settings: Any) -> None:
    signed_in(checker)
    forget_old(at=timezone.now() + settings.KEEP_SIGN_INS - timedelta(minutes=1))
    assert SignInAttempt.objects.count() == 1
    forget_old(at=timezone.now() + settings.KEEP_SIGN_INS + timedelta(minutes=1))
    assert not SignInAttempt.objects.exists()
    # Its session is over as well: one that nobody uses for so long cannot be.
    assert not DeskSession.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"), [("observer", 403), ("fact_checker", 403), ("reviewer", 403), ("admin", 200)]
)
def test_only_administrators_see_who_tried(db: None, role: str, status: int) -> None:
    browser = signed_in(make_user("somebody", role))
    assert browser.get("/admin/accounts/signinattempt/").status_code == status
