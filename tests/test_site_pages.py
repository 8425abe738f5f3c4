"""About and privacy: truthful without a word of the newsroom's, and in its own words once there are any."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from claims.models import Activity, SitePage, User
from tests.desk import Desk
from tests.pages_rows import read

pytestmark = pytest.mark.django_db

LIST = "/admin/claims/sitepage/"


def test_a_new_site_says_what_its_newsroom_has_not_said_yet(client: Client) -> None:
    about = read(client, "/about/")
    assert "has not stated yet who owns it" in about and "has not named its editors" in about
    assert "has not stated yet who is responsible for personal data" in read(client, "/privacy/")


def test_an_administrator_writes_the_page_safely_and_on_record(admin: User, client: Client) -> None:
    desk = Desk(admin)
    text = "## Funding\n\nBy **readers** alone. <script>alert(1)</script> [x](javascript:alert(1))"
    desk.fill(f"{LIST}add/", "sitepage_form", name="about", language="en", text=text)
    about = read(client, "/about/")
    assert "<h2>Funding</h2>" in about and "<strong>readers</strong>" in about
    assert "<script>alert" not in about and 'href="javascript' not in about
    assert "has not stated yet who owns it" not in about
    row = SitePage.objects.get()
    desk.fill(f"{LIST}{row.pk}/change/", "sitepage_form", text="By nobody.")
    assert "By nobody." in read(client, "/about/")
    changes = Activity.objects.get(action="changed sitepage").changes
    assert {"field": "text", "from": text, "to": "By nobody."} in changes


def test_each_language_has_its_text_and_falls_back_on_english(client: Client) -> None:
    SitePage.objects.create(name="about", language="en", text="In English.")
    SitePage.objects.create(name="about", language="ru", text="По-русски.")
    assert "По-русски." in read(client, "/ru/about/")
    assert 'lang="en"><p>In English.' in read(client, "/kk/about/")


def test_the_privacy_page_says_the_settings_that_are_in_force(client: Client, settings: Settings) -> None:
    settings.CLAIMTRACK_KEEP_CONTACTS, settings.KEEP_SIGN_INS = timedelta(days=1), timedelta(hours=30)
    page = read(client, "/privacy/")
    assert "erased 1 day after" in page and "kept for 2 days" in page and "keyed hash" in page
    settings.RATE_FORMS = 0
    assert "keyed hash" not in read(client, "/privacy/")


def test_only_administrators_write_them(checker: User, editor: User) -> None:
    for person in (checker, editor):
        assert Desk(person).client.get(f"{LIST}add/").status_code == 403


def test_a_page_has_one_text_in_a_language() -> None:
    SitePage.objects.create(name="about", language="en", text="One.")
    with pytest.raises(IntegrityError, match="claims_site_page_once"), transaction.atomic():
        SitePage.objects.create(name="about", language="en", text="Two.")
    with pytest.raises(IntegrityError, match="claims_site_page_has_text"), transaction.atomic():
        SitePage.objects.create(name="privacy", language="en", text="")
