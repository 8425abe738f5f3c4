"""Every list of the desk as a file: what it shows, as narrowed, for whoever may see it, and nothing private."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from claims.admin import exporting
from claims.admin.exporting import PRIVATE, columns_of
from claims.models import Activity, User
from feed.services.keys import create_key
from sources.cells import FORMULA, guarded, unguarded
from tests.desk import Desk
from tests.make import make_claim, make_claimant, make_published_verdict, make_user

pytestmark = pytest.mark.django_db

CLAIMS = "/admin/claims/claim/export.csv"


LISTS = [(model._meta.app_label, model._meta.model_name or "") for model in django_admin.site._registry]


def exported(desk: Desk, path: str) -> str:
    response: Any = desk.client.get(path)
    assert response.status_code == 200, (path, response.status_code, response.headers.get("Location"))
    return b"".join(response.streaming_content).decode()


def table(desk: Desk, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported(desk, path).removeprefix("\ufeff"))))


@pytest.mark.parametrize(("app", "model"), LISTS)
def test_every_list_can_be_exported(app: str, model: str, admin: User, checker: User, editor: User) -> None:
    make_published_verdict(checker, editor, claimant=make_claimant())
    desk = Desk(admin)
    assert f"/admin/{app}/{model}/export.csv" in desk.get(f"/admin/{app}/{model}/")
    read = exported(desk, f"/admin/{app}/{model}/export.csv")
    assert read.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(read.removeprefix("\ufeff"))))
    assert len(json.loads(exported(desk, f"/admin/{app}/{model}/export.json"))) >= len(rows)


def _model(app: str, model: str) -> Any:
    from django.apps import apps

    return apps.get_model(app, model)


@pytest.mark.parametrize(("app", "model"), LISTS)
def test_a_list_nobody_may_see_is_not_exported(app: str, model: str, outsider: User) -> None:
    desk = Desk(outsider)
    for form in ("csv", "json"):
        status = desk.client.get(f"/admin/{app}/{model}/export.{form}").status_code
        assert (status == 200) == (desk.client.get(f"/admin/{app}/{model}/").status_code == 200)


@pytest.mark.parametrize(("app", "model"), LISTS)
def test_no_column_is_private(app: str, model: str, admin: User) -> None:
    request = RequestFactory().get("/")
    request.user = admin
    page = django_admin.site._registry[_model(app, model)]
    assert not [column for column in columns_of(page, page.get_list_display(request)) if PRIVATE.search(column.name)]


def test_no_key_password_or_address_leaves(admin: User) -> None:
    person = make_user("writer", email="writer@private.example")
    _key, text = create_key("Partner", by=admin, contact="desk@partner.example")
    desk = Desk(admin)
    everything = "".join(exported(desk, f"/admin/{app}/{model}/export.json") for app, model in LISTS)
    for private in ("writer@private.example", person.password, "desk@partner.example", text):
        assert private not in everything


def test_a_visitor_gets_nothing(client: Any) -> None:
    assert client.get(CLAIMS).status_code == 302


def test_what_is_filtered_is_exported_in_the_order_of_the_list(checker: User) -> None:
    for text in ("Cats bark", "Dogs have two tails", "Birds have two tails"):
        make_claim(checker, text)
    desk = Desk(checker)
    assert [row["Claim"] for row in table(desk, f"{CLAIMS}?q=two+tails&o=1")] == [
        "Birds have two tails",
        "Dogs have two tails",
    ]


def test_the_words_are_whole_where_the_list_shortens_them(checker: User) -> None:
    claim = make_claim(checker, "Long " * 100)
    row = table(Desk(checker), CLAIMS)[0]
    assert row["Id"] == str(claim.pk)
    assert claim.text in row.values()


def test_no_cell_is_a_formula(checker: User) -> None:
    make_claim(checker, '=HYPERLINK("https://evil.example","click")')
    assert not any(cell.startswith(FORMULA) for cell in table(Desk(checker), CLAIMS)[0].values())


@given(st.text())
def test_a_guarded_cell_reads_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(FORMULA)


def test_the_record_says_who_took_how_much(checker: User) -> None:
    make_claim(checker, "Cats bark")
    make_claim(checker, "Dogs meow")
    exported(Desk(checker), f"{CLAIMS}?q=Cats")
    line = Activity.objects.get(action="exported a list")
    assert line.actor == checker
    assert line.detail == "claims (CSV): 1 rows (q=Cats)"


def test_a_longer_list_costs_no_more_queries(checker: User, editor: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            exported(desk, CLAIMS)
        return len(queries)

    desk = Desk(checker)
    make_published_verdict(checker, editor, claimant=make_claimant("One"))
    exported(desk, CLAIMS)
    short = cost()
    for number in range(4):
        make_published_verdict(checker, editor, claimant=make_claimant(f"More {number}"))
    assert cost() == short


@pytest.mark.parametrize(("app", "model"), LISTS)
def test_no_list_asks_again_for_each_row(app: str, model: str, admin: User, checker: User, editor: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            exported(desk, f"/admin/{app}/{model}/export.csv")
        return len(queries)

    desk = Desk(admin)
    make_published_verdict(checker, editor, claimant=make_claimant("One"))
    exported(desk, f"/admin/{app}/{model}/export.csv")
    short = cost()
    for number in range(3):
        make_user(f"colleague{number}")
        make_published_verdict(checker, editor, claimant=make_claimant(f"More {number}"))
    assert cost() <= short


def test_a_list_too_long_is_refused_with_what_to_do(checker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "EXPORT_LIMIT", 1)
    make_claim(checker, "Cats bark")
    make_claim(checker, "Dogs meow")
    response = Desk(checker).client.get(CLAIMS, follow=True)
    assert "Narrow it with a filter" in response.content.decode()
    assert not Activity.objects.filter(action="exported a list").exists()


def test_a_filter_that_means_nothing_leads_back_to_the_list(checker: User) -> None:
    response = Desk(checker).client.get(f"{CLAIMS}?nonsense=1")
    assert response.status_code == 302


def test_an_unknown_list_or_format_is_not_found(checker: User) -> None:
    desk = Desk(checker)
    for path in ("/admin/claims/nothing/export.csv", "/admin/claims/claim/export.exe"):
        assert desk.client.get(path).status_code == 404
