"""Every list of the desk asks few questions, whatever it is asked for, and counts no table."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.desk import MOST_QUERIES, asked_of, is_full_count
from claims.models import User
from tests.desk import Desk
from tests.held import held
from tests.test_desk_lists import some_of_everything

pytestmark = pytest.mark.django_db

PAGES = sorted(admin.site._registry.items(), key=lambda item: item[0]._meta.label)


@held
def newsroom(checker: User, editor: User) -> None:
    some_of_everything(checker, editor, 6)


def addresses_of(model: type[Model], page: Any, boss: User) -> list[str]:
    """The list plain, with each filter, in each order, and searched."""
    request = RequestFactory().get("/")
    request.user = boss
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    asked = ["", "p=2", *asked_of(page, request)]
    asked += ["q=claim", "q=nowhere", "q=%00", "q=…"] if page.get_search_fields(request) else []
    return [f"{address}?{query}" for query in asked]


@pytest.mark.parametrize(("model", "page"), PAGES, ids=[model._meta.label for model, _ in PAGES])
def test_a_list_asks_few_questions_however_it_is_asked(model: type[Model], page: Any, admin: User) -> None:
    desk = Desk(admin)
    # The first request of a session writes down that there is one.
    desk.get("/admin/")
    for address in addresses_of(model, page, admin):
        with CaptureQueriesContext(connection) as queries:
            assert desk.client.get(address).status_code == 200, address
        asked = [query["sql"] for query in queries]
        assert len(asked) <= MOST_QUERIES, (address, len(asked))
        assert not [sql for sql in asked if is_full_count(sql)], address


def test_the_front_page_asks_few_questions(admin: User) -> None:
    desk = Desk(admin)
    desk.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        desk.get("/admin/")
    assert len(queries) <= MOST_QUERIES


def test_what_counts_a_table_is_noticed() -> None:
    assert is_full_count('SELECT COUNT(*) AS "__count" FROM "claims_claim"')
    assert not is_full_count('SELECT COUNT(*) FROM "claims_review" WHERE "closed_at" IS NULL')
