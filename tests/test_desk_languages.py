"""The desk speaks its reader's language: the one they chose, else the browser's; and says whose clock it shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import get_language, gettext
from pytest_django import Settings

from claims import services
from claims.models import User
from claimtrack.middleware import DeskLanguageMiddleware
from tests.desk import Desk

pytestmark = pytest.mark.django_db


def language_of(client: Client, path: str = "/admin/", **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert f'<html lang="{response["Content-Language"]}"' in response.content.decode()
    return response["Content-Language"]


def test_the_sign_in_page_follows_the_browser(client: Client) -> None:
    assert language_of(client, "/admin/login/", accept_language="kk-KZ,ru;q=0.8") == "kk"
    assert language_of(client, "/admin/login/", accept_language="de,fr;q=0.8") == "en"


def test_the_desk_speaks_the_language_somebody_chose_whatever_their_browser_asks(checker: User) -> None:
    desk = Desk(checker)
    assert language_of(desk.client, accept_language="ru") == "ru"
    desk.send("/admin/language/", {"language": "kk"})
    assert language_of(desk.client, accept_language="ru") == "kk"
    desk.send("/admin/language/", {"language": ""})
    assert language_of(desk.client, accept_language="ru") == "ru"


def test_choosing_a_language_leads_back_to_the_page_it_was_chosen_on(checker: User) -> None:
    here = "/admin/claims/claim/?place=logged"
    response = Desk(checker).send("/admin/language/", {"language": "ru", "next": here})
    assert response["Location"] == here


def test_choosing_a_language_leads_to_no_strangers_site(checker: User) -> None:
    response = Desk(checker).send("/admin/language/", {"language": "ru", "next": "//evil.example/"})
    assert response["Location"] == "/admin/"


def test_an_unknown_language_is_refused_and_the_known_ones_named(checker: User) -> None:
    desk = Desk(checker)
    desk.send("/admin/language/", {"language": "xx"})
    assert "it has: en, ru, kk" in desk.get("/admin/")
    with pytest.raises(ValidationError):
        services.choose_language(checker, language="xx")
    checker.refresh_from_db()
    assert checker.language == ""


def test_only_who_is_signed_in_chooses(client: Client) -> None:
    assert "/login/" in client.post("/admin/language/", {"language": "ru"})["Location"]


def test_a_language_the_newsroom_gave_up_is_not_spoken(checker: User, settings: Settings) -> None:
    User.objects.filter(pk=checker.pk).update(language="tt")
    checker.refresh_from_db()
    assert language_of(Desk(checker).client) == "en"
    with services.speaking_to(checker):
        assert get_language() == "en"


def test_mail_to_a_person_is_rendered_in_their_language(checker: User) -> None:
    services.choose_language(checker, language="ru")
    with services.speaking_to(checker):
        assert gettext("Yes") == "Да"
    assert gettext("Yes") == "Yes"


def test_what_is_written_while_it_is_sent_is_in_that_language_too(checker: User) -> None:
    def lines() -> Iterator[str]:
        yield gettext("Yes")

    def view(request: HttpRequest) -> HttpResponseBase:
        return StreamingHttpResponse(lines())

    services.choose_language(checker, language="ru")
    request = RequestFactory().get("/admin/")
    request.user = checker
    response = DeskLanguageMiddleware(view)(request)
    assert isinstance(response, StreamingHttpResponse)
    assert b"".join(response).decode() == "Да"
    assert get_language() == django_settings.LANGUAGE_CODE


def test_readers_pages_follow_their_prefix_whatever_the_desk_speaks(checker: User) -> None:
    services.choose_language(checker, language="kk")
    desk = Desk(checker)
    desk.get("/admin/")
    assert '<html lang="en"' in desk.client.get("/", headers={"accept-language": "ru"}).content.decode()


def test_every_page_says_whose_clock_it_shows(checker: User, settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Almaty"
    desk = Desk(checker)
    for path in ("/admin/", "/admin/claims/claim/", "/admin/claims/claim/add/"):
        html = desk.get(path)
        assert html.count("Asia/Almaty (UTC+05:00)") == 1, path


def test_the_menus_of_every_page_are_buttons(checker: User) -> None:
    html = Desk(checker).get("/admin/")
    for name in ('id="desk-menu"', 'id="desk-menu-close"', 'aria-controls="user-links"', "switchTheme('dark')"):
        before, _, after = html.partition(name)
        assert before.rpartition("<")[2].startswith("button"), name
