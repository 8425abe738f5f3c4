"""Rows that all tests of a module share: made once, each test a savepoint above them, undone at the end.

Only for modules whose tests all roll back: one that empties the tables instead would wait for these rows for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from claims.choices import Role
from claims.models import User
from tests.make import make_user


def held(make: Callable[[User, User], Any]) -> Any:
    """A fixture of every test of the module: what `make` returns of the checker and the editor."""

    @pytest.fixture(scope="module", autouse=True, name=make.__name__)
    def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
        with django_db_blocker.unblock(), transaction.atomic():
            yield make(make_user("checker", Role.FACT_CHECKER), make_user("editor", Role.REVIEWER))
            transaction.set_rollback(True)

    return made
