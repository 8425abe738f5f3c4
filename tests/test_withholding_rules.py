"""Nothing is written on what the law had withheld, and nobody hides a verdict behind the word."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from claims import services
from claims.errors import NotAllowed
from claims.models import Claim, User, Verdict
from tests.make import make_published_verdict, make_withheld, tamper

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LEGAL_BASIS = "Court of Almaty, docket 12/2026"


def test_a_version_that_hides_behind_the_word_withheld_is_found(checker: User, editor: User, admin: User) -> None:
    hidden, withheld = (make_published_verdict(checker, editor, text=f"Claim {name}") for name in ("one", "two"))
    make_withheld(withheld.verdict.claim)
    tamper(f"UPDATE claims_verdict SET status = 'withheld' WHERE claim_id = {hidden.verdict_id}")
    tampering = services.verify_history().tampering
    assert tampering is not None and "knows of no withholding" in tampering.problem


def test_a_withheld_version_that_still_has_its_text_is_found(checker: User, editor: User, admin: User) -> None:
    version = make_published_verdict(checker, editor)
    make_withheld(version.verdict.claim)
    tamper("UPDATE claims_verdictversion SET content = '{}'")
    tampering = services.verify_history().tampering
    assert tampering is not None and "its text is still there" in tampering.problem


@pytest.mark.parametrize(
    ("table", "sql"),
    [
        ("claims_claim", "UPDATE claims_claim SET text = 'again'"),
        ("claims_evidence", "UPDATE claims_evidence SET note = 'again' WHERE kind = 'page'"),
        ("claims_verdict", "UPDATE claims_verdict SET status = 'published'"),
        ("claims_withholding", "DELETE FROM claims_withholding"),
        ("claims_withholding", "UPDATE claims_withholding SET reason = 'another'"),
        ("claims_verdictversion", "UPDATE claims_verdictversion SET content = 'again'"),
    ],
)
def test_the_database_lets_nobody_write_on_what_is_withheld(
    checker: User, editor: User, admin: User, table: str, sql: str
) -> None:
    make_withheld(make_published_verdict(checker, editor).verdict.claim)
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_lets_nobody_withhold_alone(checker: User, editor: User, admin: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    with pytest.raises(IntegrityError, match="nobody confirmed"), transaction.atomic():
        Verdict.objects.filter(claim=claim).update(status="withheld")
    proposal = services.propose_withholding(claim, by=admin, reason="A court.", legal_basis=LEGAL_BASIS)
    with pytest.raises(IntegrityError, match="by_a_second_person"), transaction.atomic():
        type(proposal).objects.update(confirmed_by=admin, confirmed_at=NOW)


def test_services_write_nothing_on_what_is_withheld(checker: User, editor: User, admin: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    make_withheld(claim)
    claim = Claim.objects.get(pk=claim.pk)
    for write in (
        lambda: services.update_claim(claim, by=admin, expected_revision=claim.revision, text="Again"),
        lambda: services.add_appearance(claim, url="https://social.example/again", by=admin),
        lambda: services.attach_evidence(claim, by=admin, stance="refutes", kind="offline", description="Again"),
        lambda: services.correct_verdict(claim, by=admin, kind="minor", reason="Again"),
        lambda: services.save_draft(claim, by=admin, headline="Again"),
        lambda: services.look_again(claim, by=admin, reason="Again"),
    ):
        with pytest.raises(NotAllowed):
            write()
