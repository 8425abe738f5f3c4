"""A forgotten password: a link by mail, once, soon, and no word to anybody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.callers import Caller
from accounts.models import Letter
from claims.models import Notice, User
from tests.accounts_desk import Browser, give_factor, link_in_mail, signed_in
from tests.make import PASSWORD, make_user

ASK = "/admin/password_reset/"
NEW = "another long password"


@pytest.fixture
def forgetful(checker: User) -> User:
    checker.email = "checker@desk.example"
    checker.save()
    return checker


def choose(browser: Browser, link: str, password: str = NEW) -> Any:
    page = browser.get(link, follow=True)
    path = page.redirect_chain[-1][0] if page.redirect_chain else link
    return browser.post(path, {"new_password1": password, "new_password2": password})


def test_the_sign_in_page_links_it(db: None) -> None:
    assert f'href="{ASK}"' in Browser().get("/admin/login/").content.decode()


def test_a_link_comes_by_mail_and_the_new_password_counts(forgetful: User) -> None:
    browser = Browser()
    assert browser.post(ASK, {"email": "Checker@desk.example"}).headers["Location"] == f"{ASK}done/"
    assert choose(browser, link_in_mail()).headers["Location"] == "/admin/reset/done/"
    assert browser.sign_in(forgetful, PASSWORD).status_code == 200
    assert browser.sign_in(forgetful, NEW).status_code == 302
    assert mail.outbox[0].to == ["checker@desk.example"]
    assert mail.outbox[0].subject == "[Claimtrack] Choose a new password"


@pytest.mark.parametrize("who", ["unknown", "inactive", "no desk"])
def test_for_others_nothing_is_mailed_and_the_answer_is_the_same(forgetful: User, who: str) -> None:
    make_user("gone", email="inactive@desk.example", is_active=False)
    User.objects.create_user("reader", email="no desk@desk.example".replace(" ", "-"), password=PASSWORD)
    address = f"{who.replace(' ', '-')}@desk.example"
    known, other = Browser().post(ASK, {"email": forgetful.email}), Browser().post(ASK, {"email": address})
    assert (other.status_code, other.headers["Location"]) == (known.status_code, known.headers["Location"])
    assert Letter.objects.count() == 2, "the same is written for both: one row"
    services.send_letters()
    assert [message.to for message in mail.outbox] == [["checker@desk.example"]]


def test_the_request_itself_sends_nothing(forgetful: User) -> None:
    """Talking to a mail server takes time that an unknown address would not."""
    Browser().post(ASK, {"email": forgetful.email})
    assert mail.outbox == []


@pytest.mark.parametrize("host", ["evil.example", "testserver:8443", "localhost"])
def test_links_lead_to_this_site_whatever_the_request_says(forgetful: User, settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    headers = {"host": host, "x-forwarded-host": "evil.example"}
    Client(headers=headers).post(ASK, {"email": forgetful.email})
    services.send_letters()
    assert f"{settings.SITE_URL}/admin/reset/" in mail.outbox[0].body
    assert "evil.example" not in mail.outbox[0].body


def test_a_link_works_once(forgetful: User) -> None:
    Browser().post(ASK, {"email": forgetful.email})
    link = link_in_mail()
    choose(Browser(), link)
    again = Browser().get(link)
    assert again.status_code == 200 and "opens nothing any more" in again.content.decode()
    choose(Browser(), link, "a third long password")
    assert Browser().sign_in(forgetful, NEW).status_code == 302


def test_a_link_works_for_an_hour(forgetful: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.tokens import default_token_generator

    Browser().post(ASK, {"email": forgetful.email})
    link, now = link_in_mail(), default_token_generator._now()
    monkeypatch.setattr(default_token_generator, "_now", lambda: now + timedelta(minutes=61))
    assert "opens nothing any more" in Browser().get(link).content.decode()


@pytest.mark.parametrize("link", ["/admin/reset/AA/x-y/", "/admin/reset/MQ/set-password/", "/admin/reset/%00/a-b/"])
def test_made_up_links_open_nothing(forgetful: User, link: str) -> None:
    assert "opens nothing any more" in Browser().get(link).content.decode()


def test_the_token_leaves_the_address_bar_before_the_form_shows(forgetful: User) -> None:
    Browser().post(ASK, {"email": forgetful.email})
    link = link_in_mail()
    page = Browser().get(link, follow=True)
    assert page.redirect_chain[-1][0].endswith("/set-password/")


def test_all_sessions_end_and_the_person_is_told(forgetful: User) -> None:
    thief = signed_in(forgetful, address="198.51.100.9")
    Browser().post(ASK, {"email": forgetful.email})
    choose(Browser(), link_in_mail())
    assert not thief.is_in
    assert Notice.objects.filter(recipient=forgetful, title="Your password was changed").exists()


def test_the_second_factor_stays(forgetful: User) -> None:
    give_factor(forgetful)
    browser = Browser()
    browser.post(ASK, {"email": forgetful.email})
    choose(browser, link_in_mail())
    browser.sign_in(forgetful, NEW)
    assert not browser.is_in


def test_a_weak_password_is_refused_with_the_reason(forgetful: User) -> None:
    browser = Browser()
    browser.post(ASK, {"email": forgetful.email})
    assert "too short" in choose(browser, link_in_mail(), "short").content.decode()
    assert browser.sign_in(forgetful).status_code == 302


def test_nobodys_mailbox_is_flooded(forgetful: User) -> None:
    for number in range(12):
        response = Browser(address=f"198.51.100.{number}").post(ASK, {"email": forgetful.email})
        assert response.headers["Location"] == f"{ASK}done/", "the answer says nothing of it"
    services.send_letters()
    assert len(mail.outbox) == 5


def test_the_form_wants_its_csrf_token(db: None) -> None:
    assert Browser(enforce_csrf_checks=True).post(ASK, {"email": "a@b.example"}).status_code == 403


def test_a_mail_that_does_not_leave_is_tried_again_and_at_last_given_up(
    forgetful: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> int:
        raise OSError("no route")

    monkeypatch.setattr(EmailMessage, "send", fail)
    services.ask_for_reset(forgetful.email, caller=Caller())
    at = timezone.now()
    for _attempt in range(20):
        services.send_letters(at=at)
        at += timedelta(hours=6)
    letter = Letter.objects.get()
    assert (letter.attempts, letter.due_at, letter.sent_at) == (8, None, None) and "no route" in letter.error


def test_nothing_leaves_twice(forgetful: User) -> None:
    services.ask_for_reset(forgetful.email, caller=Caller())
    assert [services.send_letters(), services.send_letters()] == [1, 0]


# A new mail address.

ADDRESS = "/admin/account/address/"


def test_an_address_counts_once_its_link_was_opened(forgetful: User) -> None:
    browser = signed_in(forgetful)
    browser.post(ADDRESS, {"email": "new@desk.example"})
    forgetful.refresh_from_db()
    assert forgetful.email == "checker@desk.example"
    link = link_in_mail()
    assert mail.outbox[-1].to == ["new@desk.example"]
    browser.get(link)
    forgetful.refresh_from_db()
    assert forgetful.email == "checker@desk.example", "a program that looks at links changes nothing"
    browser.post(link)
    forgetful.refresh_from_db()
    assert forgetful.email == "new@desk.example"
    mail.outbox.clear()
    services.send_letters()
    assert [message.to for message in mail.outbox] == [["checker@desk.example"]]
    assert browser.post(link).status_code == 410, "once"


def test_the_link_of_another_person_changes_nothing(forgetful: User, editor: User) -> None:
    signed_in(forgetful).post(ADDRESS, {"email": "new@desk.example"})
    assert signed_in(editor).post(link_in_mail()).status_code == 410
    editor.refresh_from_db()
    assert editor.email == ""


def test_changing_the_address_takes_a_fresh_password(forgetful: User) -> None:
    browser = signed_in(forgetful)
    session = browser.client.session
    session["desk"] |= {"password": 0}
    session.save()
    asked = browser.post(ADDRESS, {"email": "thief@evil.example"}).headers["Location"]
    assert asked.startswith("/admin/account/again/")
    assert not Letter.objects.exists()
