"""What is written while a verdict is being withheld does not outlive it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, connections, transaction

from claims import services
from claims.errors import NotAllowed
from claims.models import Claim, ClaimContact, Note, UnsavedWords, User
from tests.make import make_published_verdict, make_user

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "Secret thousands filled the square on Saturday"
Write = Callable[[Claim, User], object]
SERVICES: list[Write] = [
    lambda claim, by: services.add_note(claim, by=by, text=SECRET),
    lambda claim, by: services.note_contact(claim, by=by, reported_by=SECRET),
    lambda claim, by: services.keep_words(claim, by=by, words={"summary": [SECRET]}),
]
ROWS: list[Write] = [
    lambda claim, by: Note.objects.create(claim=claim, author=by, text=SECRET),
    lambda claim, by: ClaimContact.objects.create(claim=claim, reported_by=SECRET),
    lambda claim, by: UnsavedWords.objects.create(claim=claim, user=by, words={"summary": [SECRET]}),
]


def written_meanwhile(write: Write, refusal: type[Exception]) -> None:
    """`write` begins after the texts were blanked and before that is committed."""
    checker, editor, admin = make_user("anna"), make_user("boris", "reviewer"), make_user("clara", "admin")
    claim = make_published_verdict(checker, editor).verdict.claim
    services.propose_withholding(claim, by=admin, reason="A court.", legal_basis="Court of Almaty, docket 12/2026")

    def other() -> None:
        try:
            write(claim, checker)
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.confirm_withholding(claim, by=editor)
            writing = pool.submit(other)
            wait_until_it_waits()
        with pytest.raises(refusal):
            writing.result(30)
    assert not any(model.objects.filter(claim=claim).exists() for model in (Note, ClaimContact, UnsavedWords))


def wait_until_it_waits() -> None:
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            row = cursor.fetchone()
        if row and row[0]:
            return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("write", SERVICES, ids=["note", "contact", "unsaved"])
def test_a_service_waits_and_says_why_it_refuses(write: Write) -> None:
    written_meanwhile(write, NotAllowed)


@pytest.mark.parametrize("write", ROWS, ids=["note", "contact", "unsaved"])
def test_the_database_refuses_it_whoever_writes(write: Write) -> None:
    written_meanwhile(write, IntegrityError)
