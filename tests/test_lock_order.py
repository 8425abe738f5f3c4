"""Locks are taken in one order, so that no two people at one claim wait for each other in a circle."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from claims import services
from claims.models import Translation, User
from tests.make import make_claim, make_evidence, make_published_verdict
from tests.test_truth_table import CALLS, STATES, TABLE, Undone, claim_in, people

__all__ = ["people"]
pytestmark = pytest.mark.django_db

TABLES = "(claim|draft|evidence|appearance|translation|verdict|review)"
LOCKS = re.compile(
    rf'SELECT .*?FROM "claims_{TABLES}".* FOR (?:NO KEY )?UPDATE'
    rf'|(?:INSERT INTO|UPDATE|DELETE FROM) "claims_{TABLES}"'
)


def locked_tables(queries: CaptureQueriesContext) -> list[str]:
    found = (LOCKS.match(query["sql"]) for query in queries.captured_queries)
    return [match[1] or match[2] for match in found if match]


@pytest.mark.parametrize("state", STATES)
def test_every_step_that_holds_a_draft_or_evidence_holds_its_claim_first(state: str, people: dict[str, User]) -> None:
    claim = claim_in(state, people)
    for step, states in TABLE.items():
        for sign in states.get(state, "")[:1]:
            with CaptureQueriesContext(connection) as queries:
                try:
                    with transaction.atomic():
                        CALLS[step](claim, people[sign])
                        raise Undone
                except Undone:
                    pass
            held = locked_tables(queries)
            assert not held or held[0] == "claim", f"{step}, {state}: {held}"


def test_evidence_is_changed_and_dropped_with_its_claim_held_first(checker: User) -> None:
    claim = make_claim(checker)
    evidence = make_evidence(claim, checker)
    with CaptureQueriesContext(connection) as queries:
        services.change_evidence(evidence, by=checker, note="Seen twice")
        services.drop_evidence(evidence, by=checker)
    assert locked_tables(queries)[0] == "claim"
    assert "evidence" in locked_tables(queries)


def test_appearances_and_translations_are_written_with_their_claim_held_first(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    appearance = services.add_appearance(claim, url="https://social.example/1", by=checker)
    row = Translation(claim=claim, language="ru", claim_text="Слова", headline="Слова", summary="Слова")
    steps: list[Callable[[], object]] = [
        lambda: services.change_appearance(appearance, by=checker, platform="web"),
        lambda: services.save_translation(row, by=checker),
        lambda: services.remove_translation(row, by=checker),
    ]
    for step in steps:
        with CaptureQueriesContext(connection) as queries:
            step()
        held = locked_tables(queries)
        assert held[0] == "claim" and len(held) > 1, held
