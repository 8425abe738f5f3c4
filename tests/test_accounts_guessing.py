"""Pauses on guessing: they hold guessers up, and nobody else for long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts import services
from accounts.callers import Caller, network_of
from accounts.choices import Outcome, Step
from accounts.errors import Paused, WrongGuess
from accounts.models import SignInAttempt
from accounts.services import guessing
from accounts.services.guessing import begin_attempt
from claims.models import Notice, User
from tests.accounts_desk import Browser, give_factor, link_in_mail, signed_in
from tests.make import PASSWORD, make_user

STRANGER = Caller(address="198.51.100.9", network="198.51.100.9", device="curl")


def later(seconds: float) -> None:
    """All that was tried is that much older now."""
    for attempt in SignInAttempt.objects.all():
        SignInAttempt.objects.filter(pk=attempt.pk).update(at=attempt.at - timedelta(seconds=seconds))


def guess(name: Any, times: int, browser: Browser | None = None) -> Any:
    browser = browser or Browser(address="198.51.100.9")
    return [browser.sign_in(name, f"guess {number}") for number in range(times)][-1]


def test_five_mistakes_cost_nothing(checker: User) -> None:
    browser = Browser()
    guess(checker, 4, browser)
    assert browser.sign_in(checker).status_code == 302


def test_after_five_one_waits_and_is_told_how_long(checker: User) -> None:
    browser = Browser(address="198.51.100.9")
    guess(checker, 5, browser)
    response = browser.sign_in(checker)
    assert response.status_code == 429 and 1 <= int(response.headers["Retry-After"]) <= 31
    assert "Too many wrong tries. The next one is possible in" in response.content.decode()
    assert not browser.is_in


def test_the_pause_ends_by_itself(checker: User) -> None:
    browser = Browser(address="198.51.100.9")
    guess(checker, 5, browser)
    later(31)
    assert browser.sign_in(checker).status_code == 302


@pytest.mark.parametrize(
    ("mistakes", "seconds"), [(5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (14, 900)]  # fmt: skip
)
def test_each_mistake_doubles_the_pause_up_to_a_quarter_of_an_hour(checker: User, mistakes: int, seconds: int) -> None:
    for _ in range(mistakes):
        with pytest.raises(WrongGuess):
            services.check_password("checker", "wrong", caller=STRANGER)
        later(901)
    with pytest.raises(Paused) as pause:
        begin_attempt("checker", step=Step.PASSWORD, caller=STRANGER, at=timezone.now() - timedelta(seconds=901))
    assert abs(pause.value.wait.total_seconds() - seconds) < 5


def test_what_is_tried_in_a_pause_prolongs_it_by_nothing(checker: User) -> None:
    browser = Browser(address="198.51.100.9")
    guess(checker, 25, browser)
    assert SignInAttempt.objects.filter(outcome=Outcome.FAILED).count() == 5
    assert SignInAttempt.objects.filter(outcome=Outcome.PAUSED).count() == 1
    later(31)
    assert browser.sign_in(checker).status_code == 302


def test_names_that_nobody_has_are_answered_the_same(checker: User) -> None:
    for name in ("checker", "nobody"):
        answers = [Browser(address=f"198.51.100.{len(name)}").sign_in(name, "wrong").status_code for _ in range(7)]
        assert answers == [200] * 5 + [429] * 2


def test_other_spellings_of_a_name_are_the_same_name(checker: User) -> None:
    guess("checker", 3)
    guess("CHECKER", 2)
    assert guess("Checker", 1).status_code == 429


def test_a_grudge_does_not_lock_anybody_out_of_their_own_device(checker: User) -> None:
    mine = signed_in(checker)
    mine.post("/admin/logout/")
    for number in range(1, 30):
        guess(checker, 2, Browser(address=f"198.51.100.{number}"))
    assert guess(checker, 1).status_code == 429
    assert mine.sign_in(checker).status_code == 302


def test_nor_from_their_own_network(checker: User) -> None:
    signed_in(checker, address="203.0.113.7")
    guess(checker, 8)
    assert Browser(address="203.0.113.7").sign_in(checker).status_code == 302


def test_nor_off_their_device_from_beside_them(checker: User) -> None:
    """A colleague guesses in the same office, behind the same address."""
    mine = signed_in(checker, address="203.0.113.7")
    mine.post("/admin/logout/")
    beside = Browser(address="203.0.113.7")
    assert guess(checker, 6, beside).status_code == 429
    for number in range(30):
        beside.sign_in(f"name {number}", "wrong")
    assert mine.sign_in(checker).status_code == 302


def test_the_cookie_of_another_persons_device_helps_nobody(checker: User, editor: User) -> None:
    theirs = signed_in(editor, address="198.51.100.9")
    theirs.post("/admin/logout/")
    assert guess(checker, 6, theirs).status_code == 429


def test_a_known_device_is_no_licence_to_guess(checker: User) -> None:
    mine = signed_in(checker)
    mine.post("/admin/logout/")
    assert guess(checker, 6, mine).status_code == 429


def test_guessing_at_many_names_from_one_address_is_held_up(db: None) -> None:
    browser = Browser(address="198.51.100.9")
    answers = [browser.sign_in(f"name {number}", "password1").status_code for number in range(25)]
    assert answers.index(429) == 20


def test_signing_in_oneself_in_between_frees_no_address(editor: User) -> None:
    browser = Browser(address="198.51.100.9")
    for number in range(20):
        browser.sign_in(f"name {number}", "password1")
    later(40)
    assert browser.sign_in(editor).status_code == 302
    browser.post("/admin/logout/")
    fresh = Browser(address="198.51.100.9")
    fresh.sign_in("name 21", "password1")
    assert SignInAttempt.objects.failed().count() == 21


def test_ipv6_neighbours_count_as_one() -> None:
    assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2:ffff::9") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:198.51.100.9") == "198.51.100.9"
    assert network_of("unix:") == ""


def test_six_digits_are_not_guessed_either_and_their_owner_hears_of_it(checker: User) -> None:
    app, _ = give_factor(checker)
    browser = Browser(address="198.51.100.9")
    browser.sign_in(checker)
    for number in range(5):
        browser.give(f"00000{number}")
    assert browser.give(app.now()).status_code == 429
    assert not browser.is_in
    assert Notice.objects.filter(recipient=checker, title="Somebody knows your password").count() == 1


def test_typing_the_password_again_is_no_way_around(checker: User) -> None:
    browser = signed_in(checker)
    answers = [browser.post("/admin/account/again/", {"password": "wrong"}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert browser.post("/admin/account/again/", {"password": PASSWORD}).status_code == 429


def test_changing_the_password_is_no_way_around(checker: User) -> None:
    browser = signed_in(checker)
    fields = {"password": "wrong", "new_password1": "another long one", "new_password2": "another long one"}
    answers = [browser.post("/admin/password_change/", fields).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def one_guess(number: int) -> str:
    try:
        services.check_password("checker", f"guess {number}", caller=STRANGER)
    except WrongGuess:
        return "looked at"
    except Paused:
        return "held up"
    finally:
        connections["default"].close()
    return "in"


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_get_no_more_tries_than_one_after_the_other() -> None:
    """Each try counts before its password is looked at."""
    make_user("checker")
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(one_guess, range(20)))
    assert answers.count("looked at") == 5 and answers.count("held up") == 15


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_all_would_count_before_any_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The race that the lock is for: eight count the mistakes, then eight write theirs."""
    make_user("checker")
    together, counted = Barrier(8), guessing._left

    def count(*what: Any) -> timedelta:
        left = counted(*what)
        together.wait(30)
        return left

    monkeypatch.setattr(guessing, "_left", count)
    monkeypatch.setattr(guessing, "_one_at_a_time", lambda *what: None)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one_guess, range(8))) == ["looked at"] * 8


def test_a_neighbour_s_mistake_of_the_same_moment_is_no_pause(db: None) -> None:
    """Whoever waits for the other's row began earlier than it was written."""
    now = timezone.now()
    begin_attempt("editor", step=Step.PASSWORD, caller=STRANGER, at=now + timedelta(seconds=1))
    begin_attempt("checker", step=Step.PASSWORD, caller=STRANGER, at=now)


def test_a_reset_by_mail_is_a_way_out_of_others_guessing(checker: User) -> None:
    checker.email = "checker@desk.example"
    checker.save()
    guess(checker, 6)
    browser = Browser(address="198.51.100.20")
    assert browser.sign_in(checker).status_code == 429
    browser.post("/admin/password_reset/", {"email": checker.email})
    page = browser.get(link_in_mail(), follow=True)
    new = "another long password"
    browser.post(page.redirect_chain[-1][0], {"new_password1": new, "new_password2": new})
    assert browser.sign_in(checker, new).status_code == 302
