"""Colleagues are invited, and nobody else comes in by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import services
from accounts.models import Invitation
from claims.choices import Role
from claims.errors import NotAllowed
from claims.models import Activity, User
from tests.accounts_desk import Browser, link_in_mail, signed_in
from tests.make import make_user

ADD = "/admin/accounts/invitation/add/"
NEW = "another long password"


@pytest.fixture
def chief(db: None) -> User:
    """An administrator who is no superuser."""
    return make_user("chief", Role.ADMIN)


def invite(by: User, username: str = "aigerim", role: str = Role.FACT_CHECKER) -> Invitation:
    return services.invite(f"{username}@desk.example", username=username, role=role, by=by)


def join(browser: Browser, link: str, **fields: str) -> Any:
    return browser.post(link, {"new_password1": NEW, "new_password2": NEW, **fields})


def test_an_invited_person_chooses_a_password_and_is_in(chief: User) -> None:
    signed_in(chief).post(ADD, {"email": "aigerim@desk.example", "username": "aigerim", "role": "reviewer"})
    browser = Browser()
    assert "You will sign in as" in browser.get(link_in_mail()).content.decode()
    assert mail.outbox[-1].to == ["aigerim@desk.example"]
    assert join(browser, link_in_mail(), byline="A. Bek").headers["Location"] == "/admin/"
    assert browser.is_in
    user = User.objects.get(username="aigerim")
    assert (user.role, user.email, user.byline) == ("reviewer", "aigerim@desk.example", "A. Bek")
    assert not user.is_superuser
    assert Browser().sign_in("aigerim", NEW).status_code == 302


def test_each_step_is_on_record(chief: User) -> None:
    invitation = invite(chief)
    services.send_again(invitation, by=chief)
    join(Browser(), link_in_mail())
    services.revoke_invitation(invite(chief, "berik"), by=chief)
    lines = Activity.objects.order_by("pk").values_list("action", "actor__username")
    assert list(lines) == [
        ("Invitation sent", "chief"),
        ("Invitation sent again", "chief"),
        ("Invitation accepted", "aigerim"),
        ("Invitation sent", "chief"),
        ("Invitation taken back", "chief"),
    ]


def test_a_link_works_once(chief: User) -> None:
    invite(chief)
    link = link_in_mail()
    join(Browser(), link)
    again = join(Browser(), link)
    assert again.status_code == 410 and "used already" in again.content.decode()
    assert User.objects.filter(username="aigerim").count() == 1


def test_sending_again_makes_the_earlier_link_void(chief: User) -> None:
    invitation = invite(chief)
    first = link_in_mail()
    services.send_again(invitation, by=chief)
    second = link_in_mail()
    assert join(Browser(), first).status_code == 410
    assert join(Browser(), second).status_code == 302


def test_what_was_taken_back_opens_nothing(chief: User) -> None:
    invitation = invite(chief)
    link = link_in_mail()
    services.revoke_invitation(invitation, by=chief)
    assert join(Browser(), link).status_code == 410
    assert not User.objects.filter(username="aigerim").exists()


def test_what_was_taken_back_before_it_left_does_not_leave(chief: User) -> None:
    services.revoke_invitation(invite(chief), by=chief)
    services.send_letters()
    assert mail.outbox == []


def test_it_is_too_old_after_seven_days_and_can_be_sent_again(chief: User) -> None:
    invitation = invite(chief)
    link = link_in_mail()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "too old" in join(Browser(), link).content.decode()
    services.send_again(invitation, by=chief)
    assert join(Browser(), link_in_mail()).status_code == 302


@pytest.mark.parametrize("token", ["x", "WzEsMV0:1abc:def", "%00"])
def test_a_made_up_link_opens_nothing(db: None, token: str) -> None:
    assert join(Browser(), f"/admin/invitation/{token}/").status_code == 410


def test_an_administrator_who_left_brings_nobody_in(chief: User, admin: User) -> None:
    invite(chief)
    link = link_in_mail()
    chief.is_active = False
    services.save_person(chief, by=admin)
    assert join(Browser(), link).status_code == 410


def test_whoever_was_signed_in_in_that_browser_is_not_any_more(chief: User, checker: User) -> None:
    invite(chief)
    browser = signed_in(checker)
    join(browser, link_in_mail())
    assert "aigerim" in browser.get("/admin/account/").content.decode()


def test_the_second_factor_is_asked_for_where_everybody_needs_one(chief: User, settings: Any) -> None:
    settings.CLAIMTRACK_REQUIRE_SECOND_FACTOR = True
    invite(chief)
    browser = Browser()
    join(browser, link_in_mail())
    assert browser.get("/admin/").headers["Location"] == "/admin/account/second-factor/"


# Who may invite whom: role of the one, role of the other.
TABLE = {
    Role.OBSERVER: (),
    Role.FACT_CHECKER: (),
    Role.REVIEWER: (),
    Role.ADMIN: (Role.OBSERVER, Role.FACT_CHECKER, Role.REVIEWER, Role.ADMIN),
}


@pytest.mark.parametrize("by", list(Role))
@pytest.mark.parametrize("role", list(Role))
def test_who_may_invite_whom(db: None, by: Role, role: Role) -> None:
    somebody = make_user("somebody", by)
    signed_in(somebody).post(ADD, {"email": "a@desk.example", "username": "aigerim", "role": role})
    assert Invitation.objects.exists() is (role in TABLE[by])
    if role not in TABLE[by]:
        with pytest.raises(NotAllowed):
            invite(somebody, role=role)


def test_nobody_gives_a_role_above_their_own() -> None:
    roles = [Role.OBSERVER, Role.FACT_CHECKER, Role.REVIEWER, Role.ADMIN]
    for own, by in enumerate(roles):
        assert [services.may_give(User(role=by), role) for role in roles] == [rank <= own for rank in range(4)]


@pytest.mark.parametrize("field", ["username", "email"])
def test_a_name_or_address_that_somebody_has_is_refused_in_words(chief: User, checker: User, field: str) -> None:
    checker.email = "checker@desk.example"
    checker.save()
    sent = {"username": "aigerim", "email": "a@desk.example", "role": "observer"}
    sent[field] = {"username": "CHECKER", "email": "Checker@desk.example"}[field]
    page = signed_in(chief).post(ADD, sent).content.decode()
    assert "Somebody at the desk has this" in page and not Invitation.objects.exists()


def test_nobody_is_invited_twice_at_a_time(chief: User) -> None:
    invite(chief)
    with pytest.raises(ValidationError, match="invited already"):
        invite(chief)
    with pytest.raises(IntegrityError), transaction.atomic():
        now = timezone.now()
        Invitation.objects.create(
            username="Aigerim", email="x@desk.example", role="observer", invited_by=chief, expires_at=now
        )


def test_pending_ones_are_shown_with_the_people(chief: User) -> None:
    invite(chief)
    page = signed_in(chief).get("/admin/claims/user/").content.decode()
    assert "aigerim@desk.example" in page and "Invite a colleague" in page


def test_reviewers_see_no_invitations(editor: User, chief: User) -> None:
    invitation = invite(chief)
    browser = signed_in(editor)
    assert browser.get("/admin/accounts/invitation/").status_code == 403
    for step in ("again", "revoke"):
        assert browser.post(f"/admin/accounts/invitation/{invitation.pk}/{step}/").status_code == 403


def test_the_buttons_send_again_and_take_back(chief: User) -> None:
    invitation, browser = invite(chief), signed_in(chief)
    page = browser.get(f"/admin/accounts/invitation/{invitation.pk}/change/").content.decode()
    assert "again_form" in page and "revoke_form" in page
    browser.post(f"/admin/accounts/invitation/{invitation.pk}/again/")
    browser.post(f"/admin/accounts/invitation/{invitation.pk}/revoke/")
    invitation.refresh_from_db()
    assert invitation.serial == 2 and not invitation.is_pending
