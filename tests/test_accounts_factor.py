"""The second factor: set up, asked for, used once, replaced, lost."""

from __future__ import annotations

import time
from typing import Any

import pyotp
import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.utils import timezone

from accounts import services
from accounts.checks import administrators_have_a_second_factor
from accounts.models import RecoveryCode, SecondFactor
from accounts.services.factors import take_token
from claims.errors import NotAllowed
from claims.models import Activity, Notice, User
from tests.accounts_desk import LOGIN, Browser, give_factor, signed_in
from tests.desk import fields_of
from tests.make import PASSWORD

SETUP = "/admin/account/second-factor/"


def set_up(browser: Browser) -> tuple[pyotp.TOTP, str]:
    """As a person does: read the secret from the page, type what the app shows."""
    page = browser.get(SETUP).content.decode()
    secret = page.split('accounts-secret">')[1].split("<")[0].replace(" ", "")
    app = pyotp.TOTP(secret)
    return app, browser.post(SETUP, {"token": app.at(time.time() - 30)}).content.decode()


def test_it_is_set_up_from_the_page_and_then_asked_for(checker: User) -> None:
    app, page = set_up(signed_in(checker))
    assert page.count("<li><code>") == 10
    browser = Browser()
    assert browser.sign_in(checker).headers["Location"] == LOGIN
    assert not browser.is_in
    assert browser.give(app.now()).headers["Location"] == "/admin/"
    assert browser.is_in


def test_the_qr_code_is_drawn_on_the_page_itself(checker: User) -> None:
    page = signed_in(checker).get(SETUP).content.decode()
    assert "<svg" in page and "otpauth:" not in page


def test_a_wrong_token_sets_nothing_up(checker: User) -> None:
    browser = signed_in(checker)
    browser.get(SETUP)
    assert "not what the app shows" in browser.post(SETUP, {"token": "000000"}).content.decode()
    assert not SecondFactor.objects.exists()


def test_pressing_the_button_twice_sets_up_one_factor_and_says_so(checker: User) -> None:
    browser = signed_in(checker)
    app, _ = set_up(browser)
    again = browser.post(SETUP, {"token": app.at(time.time() - 30)}, follow=True)
    assert "Your second factor is set up" in again.content.decode()
    assert SecondFactor.objects.get().secret == app.secret and services.codes_left(checker) == 10


def test_the_second_step_goes_where_one_wanted_to_go(checker: User) -> None:
    app, _ = give_factor(checker)
    browser, path = Browser(), f"{LOGIN}?next=/admin/claims/claim/"
    assert browser.sign_in(checker, path=path).headers["Location"] == path
    assert "token" in fields_of(browser.get(path).content.decode(), "token-form")
    assert browser.give(app.now(), path).headers["Location"] == "/admin/claims/claim/"


def test_the_second_step_leads_to_no_other_site(checker: User) -> None:
    app, _ = give_factor(checker)
    browser = Browser()
    browser.sign_in(checker, next="https://evil.example/")
    path = f"{LOGIN}?next=https://evil.example/"
    assert browser.give(app.now(), path).headers["Location"] == "/admin/"


def test_the_password_alone_opens_nothing(checker: User) -> None:
    give_factor(checker)
    browser = Browser()
    browser.sign_in(checker)
    for path in ("/admin/", "/admin/claims/claim/", "/admin/account/", SETUP):
        assert browser.get(path).headers["Location"].startswith(LOGIN)


def test_a_token_without_a_password_opens_nothing(checker: User) -> None:
    app, _ = give_factor(checker)
    browser = Browser()
    browser.give(app.now())
    assert not browser.is_in


def test_a_token_is_taken_once(checker: User) -> None:
    """Who looked over somebody's shoulder has it half a minute later, too."""
    app, _ = give_factor(checker)
    token, second = app.now(), Browser()
    first = Browser()
    first.sign_in(checker)
    second.sign_in(checker)
    assert first.give(token).status_code == 302
    assert "used already" in second.give(token).content.decode()
    assert not second.is_in


def test_an_older_token_than_the_last_one_is_refused(checker: User) -> None:
    app, _ = give_factor(checker)
    now = timezone.now()
    assert take_token(checker, app.at(now), at=now)
    assert not take_token(checker, app.at(now.timestamp() - 30), at=now)


def test_the_database_takes_a_step_once_however_many_ask(checker: User) -> None:
    """Two requests that read the row in the same moment: one of them moves it forward."""
    app, _ = give_factor(checker)
    now = timezone.now()
    step = int(now.timestamp()) // 30
    SecondFactor.objects.filter(user=checker).update(last_step=step)
    assert not take_token(checker, app.at(now), at=now)


@pytest.mark.parametrize(("seconds", "taken"), [(-90, False), (-30, True), (0, True), (30, True), (90, False)])
def test_clocks_may_differ_by_one_step(checker: User, seconds: int, taken: bool) -> None:
    app, _ = give_factor(checker)
    SecondFactor.objects.update(last_step=-1)
    now = timezone.now()
    assert take_token(checker, app.at(now.timestamp() + seconds), at=now) is taken


@pytest.mark.parametrize("token", ["", "12345", "1234567", "abcdef", "１２３４５６", "\x00", "9" * 40])
def test_nonsense_is_refused_and_breaks_nothing(checker: User, token: str) -> None:
    give_factor(checker)
    browser = Browser()
    browser.sign_in(checker)
    assert browser.give(token).status_code == 200
    assert not browser.is_in


def test_a_recovery_code_lets_in_once_in_any_spelling(checker: User) -> None:
    _, codes = give_factor(checker)
    first, second = Browser(), Browser()
    first.sign_in(checker)
    second.sign_in(checker)
    assert first.give(codes[0].lower().replace("-", " "), f"{LOGIN}?code").status_code == 302
    assert second.give(codes[0], f"{LOGIN}?code").status_code == 200
    assert services.codes_left(checker) == 9
    assert Notice.objects.filter(recipient=checker, title="A recovery code was used to sign in").count() == 1


def test_recovery_codes_are_kept_as_digests(checker: User) -> None:
    _, codes = give_factor(checker)
    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


def test_new_recovery_codes_make_the_old_ones_void(checker: User) -> None:
    app, codes = give_factor(checker)
    browser = Browser()
    browser.sign_in(checker)
    browser.give(app.now())
    page = browser.post("/admin/account/second-factor/codes/").content.decode()
    assert page.count("<li><code>") == 10 and codes[0] not in page
    assert not take_token(checker, codes[0], at=timezone.now())


def test_setting_one_up_ends_sessions_that_never_gave_one(checker: User) -> None:
    here, elsewhere = signed_in(checker), signed_in(checker, address="198.51.100.9")
    set_up(here)
    assert here.is_in and not elsewhere.is_in


def test_replacing_it_makes_the_old_app_worthless(checker: User) -> None:
    old, _ = give_factor(checker)
    browser = Browser()
    browser.sign_in(checker)
    browser.give(old.now())
    new, _ = set_up(browser)
    fresh = Browser()
    fresh.sign_in(checker)
    assert fresh.give(old.at(time.time() + 30)).status_code == 200
    assert fresh.give(new.now()).status_code == 302


def test_one_can_go_without_and_is_told(checker: User) -> None:
    browser = signed_in(checker)
    set_up(browser)
    browser.post("/admin/account/second-factor/off/")
    assert not SecondFactor.objects.exists() and not RecoveryCode.objects.exists()
    assert Activity.objects.filter(action="Second factor given up", actor=checker).exists()


def test_a_changed_password_ends_a_half_finished_sign_in(checker: User) -> None:
    app, _ = give_factor(checker)
    browser = Browser()
    browser.sign_in(checker)
    services.set_password(checker, "another long password", by=None)
    browser.give(app.now())
    assert not browser.is_in


# Where everybody needs one.


def test_whoever_lacks_one_is_led_to_the_setup_and_can_do_nothing_else(checker: User, settings: Any) -> None:
    settings.CLAIMTRACK_REQUIRE_SECOND_FACTOR = True
    browser = Browser()
    browser.sign_in(checker)
    for path in ("/admin/", "/admin/claims/claim/add/", "/admin/account/", "/admin/password_change/"):
        assert browser.get(path).headers["Location"] == SETUP
    assert browser.post("/admin/claims/claim/add/", {"text": "x"}).headers["Location"] == SETUP
    set_up(browser)
    assert browser.get("/admin/").status_code == 200


def test_it_holds_for_sessions_that_stand_already(checker: User, settings: Any) -> None:
    browser = signed_in(checker)
    settings.CLAIMTRACK_REQUIRE_SECOND_FACTOR = True
    assert browser.get("/admin/").headers["Location"] == SETUP


def test_nobody_goes_without_where_everybody_needs_one(checker: User, settings: Any) -> None:
    give_factor(checker)
    settings.CLAIMTRACK_REQUIRE_SECOND_FACTOR = True
    with pytest.raises(NotAllowed, match="everybody needs"):
        services.give_up(checker)
    assert SecondFactor.objects.filter(user=checker).exists()


def test_there_is_one_a_person(checker: User) -> None:
    give_factor(checker)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_secondfactor (user_id, secret, since, last_step) VALUES (%s, 'x', now(), 0)",
            [checker.pk],
        )


def test_the_deployment_check_warns_while_no_administrator_has_one(admin: User, checker: User) -> None:
    give_factor(checker)
    assert [found.id for found in administrators_have_a_second_factor(databases=["default"])] == ["accounts.W001"]
    give_factor(admin)
    assert administrators_have_a_second_factor(databases=["default"]) == []


def test_the_password_is_asked_again_before_it_is_changed(checker: User) -> None:
    browser = signed_in(checker)
    session = browser.client.session
    session["desk"] |= {"password": int(time.time()) - 3700}
    session.save()
    asked = browser.get(SETUP).headers["Location"]
    assert asked == f"/admin/account/again/?next={SETUP.replace('/', '%2F')}"
    assert browser.post(asked, {"password": "wrong"}).status_code == 200
    assert browser.get(SETUP).status_code == 302
    assert browser.post(asked, {"password": PASSWORD}).headers["Location"] == SETUP
    assert browser.get(SETUP).status_code == 200
