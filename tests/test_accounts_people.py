"""Roles and access: who changes them, what goes on record."""

from __future__ import annotations

import pytest

from accounts import services
from claims.choices import Role
from claims.errors import NotAllowed
from claims.models import Activity, Notice, User
from tests.accounts_desk import signed_in
from tests.desk import fields_of
from tests.make import make_user


@pytest.fixture
def chief(db: None) -> User:
    return make_user("chief", Role.ADMIN)


def page_of(user: User) -> str:
    return f"/admin/claims/user/{user.pk}/change/"


def test_a_role_change_goes_on_record_from_what_to_what(chief: User, checker: User) -> None:
    browser = signed_in(chief)
    fields = fields_of(browser.get(page_of(checker)).content.decode(), "user_form")
    assert browser.post(page_of(checker), fields | {"role": "reviewer"}).status_code == 302
    line = Activity.objects.get(action="Role changed")
    assert (line.actor, line.detail) == (chief, "checker: Fact-checker → Reviewer")
    assert Notice.objects.get(recipient=checker).title == "Your role is Reviewer now"


def test_saving_without_a_change_records_and_ends_nothing(chief: User, checker: User) -> None:
    theirs, browser = signed_in(checker), signed_in(chief)
    fields = fields_of(browser.get(page_of(checker)).content.decode(), "user_form")
    browser.post(page_of(checker), fields)
    assert not Activity.objects.exists() and theirs.is_in


def test_whom_an_administrator_adds_is_on_record(chief: User) -> None:
    browser = signed_in(chief)
    fields = fields_of(browser.get("/admin/claims/user/add/").content.decode(), "user_form")
    new = {"username": "aigerim", "password1": "another long one", "password2": "another long one"}
    assert browser.post("/admin/claims/user/add/", fields | new | {"role": "reviewer"}).status_code == 302
    assert Activity.objects.get(action="Person added").detail == "aigerim, Reviewer"


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.FACT_CHECKER, Role.REVIEWER])
def test_nobody_but_administrators_changes_people(role: Role, checker: User) -> None:
    somebody = make_user("somebody", role)
    assert signed_in(somebody).post(page_of(checker), {"role": "admin"}).status_code == 403
    checker.role = Role.ADMIN
    with pytest.raises(NotAllowed):
        services.save_person(checker, by=somebody)


def test_an_administrator_makes_no_superuser(chief: User, checker: User) -> None:
    checker.is_superuser = True
    with pytest.raises(NotAllowed, match="superuser alone"):
        services.save_person(checker, by=chief)


def test_the_last_administrator_stays_one(chief: User) -> None:
    browser = signed_in(chief)
    fields = fields_of(browser.get(page_of(chief)).content.decode(), "user_form")
    page = browser.post(page_of(chief), fields | {"role": "observer"}).content.decode()
    assert "This is the last administrator" in page
    chief.refresh_from_db()
    assert chief.role == Role.ADMIN


def test_the_list_says_who_has_a_second_factor_in_a_constant_number_of_queries(
    chief: User, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    browser = signed_in(chief)
    for number in range(20):
        make_user(f"person {number}")
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert browser.get("/admin/claims/user/").status_code == 200


def test_one_changes_ones_own_byline(checker: User) -> None:
    signed_in(checker).post("/admin/account/byline/", {"byline": "  A. Bek "})
    checker.refresh_from_db()
    assert checker.byline == "A. Bek"
    assert Activity.objects.get(action="Byline changed").detail == "– → A. Bek"


def test_a_byline_that_is_too_long_is_refused(checker: User) -> None:
    response = signed_in(checker).post("/admin/account/byline/", {"byline": "x" * 121})
    assert response.status_code == 200
    checker.refresh_from_db()
    assert checker.byline == ""
