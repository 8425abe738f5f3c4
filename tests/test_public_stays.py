"""What readers were shown is not deleted: the database refuses, whoever asks."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from claims import services
from claims.models import Appearance, Claim, User
from sources.services import erasure_allowed
from tests.make import make_claim, make_published_verdict

pytestmark = pytest.mark.django_db


def published(checker: User, editor: User) -> Claim:
    claim = make_published_verdict(checker, editor).verdict.claim
    services.add_appearance(claim, url="https://social.example/1", by=checker)
    services.look_again(claim, by=editor, reason="Is it so?")
    return claim


def delete(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM claims_{table}")


@pytest.mark.parametrize("table", ["appearance", "review", "verdict"])
def test_the_database_refuses_to_delete_what_was_public(checker: User, editor: User, table: str) -> None:
    published(checker, editor)
    with pytest.raises(IntegrityError, match="this was public"):
        delete(table)


@pytest.mark.parametrize("table", ["review", "verdict"])
def test_nor_does_it_where_the_law_demands_that_words_go(checker: User, editor: User, table: str) -> None:
    published(checker, editor)
    with erasure_allowed():
        delete("appearance")
        with pytest.raises(IntegrityError, match="this was public"), transaction.atomic():
            delete(table)


def test_what_was_never_public_goes_with_its_claim(checker: User, admin: User) -> None:
    claim = make_claim(checker)
    services.add_appearance(claim, url="https://social.example/1", by=checker)
    services.remove_claim(claim, by=admin, reason="A test")
    assert not Appearance.objects.exists()
