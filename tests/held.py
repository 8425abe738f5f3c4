"""Rows that all tests of a module share: made once, each test a savepoint above them, undone at the end.

Only for modules whose tests all roll back: one that empties the tables instead would wait for these rows for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def held(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is made inside stays until the block ends."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
