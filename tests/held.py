"""Rows that all tests of a module share: made once, each test a savepoint above them, undone at the end.

Only for modules whose tests all roll back: one that empties the tables instead would wait for these rows for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker

from claims.choices import Role
from claims.models import User
from tests.make import make_user


@contextmanager
def held(blocker: DjangoDbBlocker) -> Iterator[tuple[User, User]]:
    """The checker and the editor; what they make inside stays until the block ends."""
    with blocker.unblock(), transaction.atomic():
        yield make_user("checker", Role.FACT_CHECKER), make_user("editor", Role.REVIEWER)
        transaction.set_rollback(True)
