"""The fixed cast. Everything else is made by the plain helpers in make.py."""

from __future__ import annotations

import gc
import os
from importlib import import_module

import hypothesis
import pytest
from django.apps import apps

from claims.choices import Role
from claims.models import Rating, User
from claims.serving.page_cache import page_cache
from feed.serving.repeated import repeated
from tests.make import make_user

# CI tries the same inputs every time, so that it fails for a change and not by luck; at a desk each run tries others.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")

# Each takes many seconds on services of its own: begun first, they run beside all the others, in one process. What uses
# the tests' database keeps the order of pytest-django: tests that empty its tables come last.
LONG = ("test_stack_", "test_platform_stack")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.path.name.startswith(LONG))


def pytest_collection_finish() -> None:
    """What is loaded stays until the end: looking through it for garbage took a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _cast(name: str, role: str, **fields: bool) -> User:
    """Where a module made its rows once (held.py), whoever made them is there already."""
    return User.objects.filter(username=name).first() or make_user(name, role, **fields)


@pytest.fixture
def checker(db: None) -> User:
    """Logs, attaches, drafts."""
    return _cast("checker", Role.FACT_CHECKER)


@pytest.fixture
def editor(db: None) -> User:
    """The second person."""
    return _cast("editor", Role.REVIEWER)


@pytest.fixture
def admin(db: None) -> User:
    """Editor-in-chief."""
    return _cast("admin", Role.ADMIN, is_superuser=True)


@pytest.fixture
def outsider(db: None) -> User:
    """May look, may not touch."""
    return _cast("outsider", Role.OBSERVER)


@pytest.fixture(autouse=True)
def no_kept_answers() -> None:
    """A rolled back database counts its changes from the same number again, which no real one does."""
    page_cache.clear()
    repeated.clear()


@pytest.fixture(autouse=True)
def rating_scale(request: pytest.FixtureRequest) -> None:
    """Transactional tests empty every table when they end; the next one gets the migration's rows back."""
    marker = request.node.get_closest_marker("django_db")
    if {"transactional_db", "live_server"} & set(request.fixturenames) or (marker and marker.kwargs.get("transaction")):
        request.getfixturevalue("transactional_db")
        if not Rating.objects.exists():
            import_module("claims.migrations.0004_default_scale").create(apps, None)
            import_module("claims.migrations.0008_external_reviews").create_labels(apps, None)
