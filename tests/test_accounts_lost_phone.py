"""A lost phone: an administrator, or the command line, resets the second factor; on record, and told."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.management import call_command

from accounts import services
from accounts.models import SecondFactor
from claims.errors import NotAllowed
from claims.models import Activity, Notice, User
from claims.services import send_notices
from tests.accounts_desk import give_factor, signed_in
from tests.make import make_user

RESET = "/admin/claims/user/{}/second-factor/"


def test_an_administrator_resets_it_on_record_and_the_person_is_told_by_mail(checker: User, admin: User) -> None:
    checker.email, checker.notify_by_mail = "checker@desk.example", False
    checker.save()
    give_factor(checker)
    mail.outbox.clear()
    signed_in(admin).post(RESET.format(checker.pk), {"reason": "phone stolen, called me"})
    assert not SecondFactor.objects.filter(user=checker).exists()
    line = Activity.objects.get(action="Second factor reset")
    assert line.actor == admin and line.detail == "checker. phone stolen, called me"
    send_notices()
    services.send_letters()
    told = [letter for letter in mail.outbox if "was reset" in letter.subject]
    assert [letter.to for letter in told] == [["checker@desk.example"]] and "By admin." in told[0].body


def test_whoever_wants_notices_by_mail_is_told_in_one_mail(checker: User, admin: User) -> None:
    checker.email = "checker@desk.example"
    checker.save()
    give_factor(checker)
    services.reset_second_factor(checker, by=admin)
    services.send_letters()
    assert mail.outbox == []
    assert Notice.objects.filter(recipient=checker, mail_due_at__isnull=False, title__contains="was reset").exists()


def test_a_reason_is_wanted(checker: User, admin: User) -> None:
    give_factor(checker)
    response = signed_in(admin).post(RESET.format(checker.pk), {"reason": " "})
    assert response.status_code == 200 and SecondFactor.objects.filter(user=checker).exists()


@pytest.mark.parametrize(
    ("who", "may"), [("observer", False), ("fact_checker", False), ("reviewer", False), ("admin", True)]
)
def test_only_an_administrator_may(checker: User, who: str, may: bool) -> None:
    give_factor(checker)
    signed_in(make_user("somebody", who)).post(RESET.format(checker.pk), {"reason": "because"})
    assert SecondFactor.objects.filter(user=checker).exists() is not may


def test_an_administrator_does_not_reset_a_superusers(admin: User) -> None:
    give_factor(admin)
    other = make_user("chief", "admin")
    with pytest.raises(NotAllowed):
        services.reset_second_factor(admin, by=other)


def test_nobody_resets_their_own_around_their_password(admin: User) -> None:
    give_factor(admin)
    with pytest.raises(NotAllowed):
        services.reset_second_factor(admin, by=admin)


def test_the_command_line_resets_it(checker: User) -> None:
    give_factor(checker)
    call_command("reset_second_factor", "checker", "--reason", "phone stolen")
    assert not SecondFactor.objects.exists()
    assert Activity.objects.get(action="Second factor reset").actor is None


@pytest.mark.parametrize(("name", "status"), [("nobody", 2), ("checker", 1)])
def test_the_command_says_when_there_is_nothing_to_reset(checker: User, name: str, status: int) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("reset_second_factor", name, "--json")
    assert stopped.value.code == status
