"""The fixed cast. Everything else is made by the plain helpers in make.py."""

from __future__ import annotations

import pytest

from claims.choices import Role
from claims.models import User
from tests.make import make_user


@pytest.fixture
def checker(db: None) -> User:
    """Logs, attaches, drafts."""
    return make_user("checker", Role.FACT_CHECKER)


@pytest.fixture
def editor(db: None) -> User:
    """The second person."""
    return make_user("editor", Role.REVIEWER)


@pytest.fixture
def admin(db: None) -> User:
    """Editor-in-chief."""
    return make_user("admin", Role.ADMIN, is_superuser=True)


@pytest.fixture
def outsider(db: None) -> User:
    """May look, may not touch."""
    return make_user("outsider", Role.OBSERVER)


@pytest.fixture(autouse=True)
def rating_scale_after_flush(django_db_serialized_rollback: None) -> None:
    """Transactional tests empty every table afterwards; the next one gets the migrations' rows back."""
