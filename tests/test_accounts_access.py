"""Who may open which page of signing in: one table. And what nobody gets done without the form's own token."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import services
from accounts.models import Invitation
from claims.choices import Role
from claims.models import User
from tests.accounts_desk import LOGIN, Browser, give_factor, signed_in
from tests.make import make_user

# Nobody signed in, then the four roles from what may least to what may most; 302 leads to the sign-in page.
TABLE = {
    "/admin/account/": (302, 200, 200, 200, 200),
    "/admin/account/second-factor/": (302, 200, 200, 200, 200),
    "/admin/account/address/": (302, 200, 200, 200, 200),
    "/admin/account/again/": (302, 200, 200, 200, 200),
    "/admin/password_change/": (302, 200, 200, 200, 200),
    "/admin/password_reset/": (200, 200, 200, 200, 200),
    "/admin/accounts/signinattempt/": (302, 403, 403, 403, 200),
    "/admin/accounts/signinattempt/add/": (302, 403, 403, 403, 403),
    "/admin/accounts/invitation/": (302, 403, 403, 403, 200),
    "/admin/accounts/invitation/add/": (302, 403, 403, 403, 200),
    "/admin/accounts/invitation/{invitation}/change/": (302, 403, 403, 403, 200),
    "/admin/claims/user/": (302, 403, 403, 403, 200),
    "/admin/claims/user/{colleague}/second-factor/": (302, 403, 403, 403, 200),
    "/admin/claims/user/{superuser}/second-factor/": (302, 403, 403, 403, 403),
    "/admin/claims/user/{colleague}/password/": (302, 403, 403, 403, 200),
    "/admin/claims/user/{superuser}/password/": (302, 403, 403, 403, 403),
}
WHO = (None, Role.OBSERVER, Role.FACT_CHECKER, Role.REVIEWER, Role.ADMIN)


@pytest.fixture
def named(checker: User, admin: User) -> dict[str, Any]:
    invitation = Invitation.objects.create(
        username="aigerim", email="a@desk.example", invited_by=admin, expires_at=timezone.now() + timedelta(days=1)
    )
    return {"colleague": checker.pk, "superuser": admin.pk, "invitation": invitation.pk}


@pytest.mark.parametrize("path", TABLE)
@pytest.mark.parametrize("role", WHO)
def test_who_may_open_what(named: dict[str, Any], role: Role | None, path: str) -> None:
    browser = signed_in(make_user("somebody", role)) if role else Browser()
    response = browser.get(path.format(**named))
    assert response.status_code == TABLE[path][WHO.index(role)]
    if response.status_code == 302:
        assert response.headers["Location"].startswith(LOGIN)


@pytest.mark.parametrize(
    "path",
    [
        "/admin/login/",
        "/admin/logout/",
        "/admin/password_change/",
        "/admin/password_reset/",
        "/admin/account/byline/",
        "/admin/account/address/",
        "/admin/account/sessions/end/",
        "/admin/account/second-factor/",
        "/admin/account/second-factor/off/",
        "/admin/account/second-factor/codes/",
        "/admin/account/again/",
        "/admin/accounts/invitation/add/",
        "/admin/accounts/invitation/{invitation}/again/",
        "/admin/accounts/invitation/{invitation}/revoke/",
        "/admin/claims/user/{colleague}/second-factor/",
        "/admin/claims/user/{colleague}/change/",
        "/admin/invitation/x/",
    ],
)
def test_a_form_on_another_site_gets_nothing_done(named: dict[str, Any], admin: User, path: str) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.client.force_login(admin)
    assert browser.post(path.format(**named)).status_code == 403


def test_a_wrong_password_looks_the_same_with_and_without_a_second_factor(checker: User, editor: User) -> None:
    give_factor(checker)
    with_one, without = Browser().sign_in(checker, "wrong"), Browser().sign_in(editor, "wrong")
    said = [
        response.content.decode().replace("checker", "NAME").replace("editor", "NAME").split("login-form")[0]
        for response in (with_one, without)
    ]
    assert said[0] == said[1]


def test_the_second_step_does_not_wait_for_ever(checker: User) -> None:
    app, _ = give_factor(checker)
    browser = Browser()
    browser.sign_in(checker)
    session = browser.client.session
    session["second_step"] |= {"at": int(time.time()) - 601}
    session.save()
    browser.give(app.now())
    assert not browser.is_in


def test_a_second_step_belongs_to_who_began_it(checker: User, editor: User) -> None:
    """My own token does not finish another person's sign-in."""
    give_factor(checker)
    mine, _ = give_factor(editor)
    browser = Browser()
    browser.sign_in(checker)
    browser.give(mine.now())
    assert not browser.is_in


def test_one_can_begin_as_somebody_else(checker: User, editor: User) -> None:
    give_factor(checker)
    browser = Browser()
    browser.sign_in(checker)
    assert 'name="username"' in browser.get(f"{LOGIN}?restart").content.decode()
    assert browser.sign_in(editor).headers["Location"] == "/admin/"


def test_whoever_was_closed_out_meanwhile_is_not_let_in(checker: User, admin: User) -> None:
    app, _ = give_factor(checker)
    browser = Browser()
    browser.sign_in(checker)
    checker.is_active = False
    services.save_person(checker, by=admin)
    browser.give(app.now())
    assert not browser.is_in
