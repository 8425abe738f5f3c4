"""The event log is gap-free, chained and not to be rewritten."""

from __future__ import annotations

import json
from threading import Barrier, Thread

import pytest
import rfc8785
from django.db import IntegrityError, connection, transaction

from claims import services
from claims.models import Claim, Event, User, VerdictVersion
from claims.services import history
from claims.services.history import GENESIS_HASH, NewEvent, append_events, digest
from claims.services.verifying import verify_history
from tests.make import make_claim, make_correction, make_published_verdict, tamper


def append(claim: Claim, **data: object) -> Event:
    with transaction.atomic():
        return append_events([NewEvent(claim=claim, type="verdict.updated", version=1, data=data)])[0]


def test_it_begins_with_sixty_four_zeros_and_chains_each_hash(checker: User) -> None:
    claim = make_claim(checker)
    first, second = append(claim), append(claim)
    assert (first.sequence, first.previous_hash) == (1, GENESIS_HASH)
    assert (second.sequence, second.previous_hash) == (2, first.hash)


def test_its_hash_is_that_of_the_canonical_json_of_exactly_seven_keys(checker: User) -> None:
    event = append(make_claim(checker), topic="é")
    entry = json.loads(event.entry)
    assert set(entry) == {"sequence", "id", "type", "at", "verdict", "data", "previous_hash"}
    assert rfc8785.dumps(entry).decode() == event.entry
    assert digest(event.entry) == event.hash
    assert json.loads(event.served) == entry | {"hash": event.hash}


def test_it_refuses_to_append_outside_a_transaction(transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        append_events([NewEvent(claim=Claim(), type="verdict.updated", version=1)])


def test_it_refuses_a_batch_over_five_hundred(checker: User) -> None:
    batch = [NewEvent(claim=make_claim(checker), type="verdict.updated", version=1)] * 501
    with pytest.raises(ValueError, match="at most 500"):
        append_events(batch)


@pytest.mark.parametrize("statement", ["UPDATE claims_event SET version = 9", "DELETE FROM claims_event"])
def test_the_database_refuses_to_change_an_event(checker: User, statement: str) -> None:
    append(make_claim(checker))
    with pytest.raises(IntegrityError, match="never changed or deleted"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "table", ["claims_event", "claims_verdictversion", "claims_evidence", "sources_snapshot", "sources_sourcecheck"]
)
def test_the_database_refuses_to_empty_what_was_public(db: None, table: str) -> None:
    with pytest.raises(IntegrityError, match="TRUNCATE refused"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL claimtrack.allow_truncate = off")  # as everywhere but in a test run
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("column", ["content = 'x'", "rating_id = rating_id", "approved_by_id = NULL"])
def test_the_database_refuses_to_change_a_published_version(checker: User, editor: User, column: str) -> None:
    make_published_verdict(checker, editor)
    with pytest.raises(IntegrityError, match="never changed or deleted"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE claims_verdictversion SET {column}")


def test_the_database_refuses_to_change_what_a_person_wrote_in_published_evidence(checker: User, editor: User) -> None:
    version = make_published_verdict(checker, editor)
    with pytest.raises(IntegrityError, match="published version rests on"), transaction.atomic():
        version.evidence.update(quote="something else")
    assert version.evidence.update(quote_status="altered") == 1


def published_twice(checker: User, editor: User) -> VerdictVersion:
    version = make_published_verdict(checker, editor)
    return make_correction(version.verdict.claim, checker, editor)


def test_an_untouched_history_verifies(checker: User, editor: User) -> None:
    published_twice(checker, editor)
    report = verify_history()
    assert report.tampering is None
    assert report.checked == Event.objects.count() >= 2
    head = Event.objects.head()
    assert head is not None and report.head_hash == head.hash


@pytest.mark.parametrize(
    ("sql", "where", "problem"),
    [
        (
            "UPDATE claims_event SET entry = replace(entry, 'false', 'true') WHERE sequence = 1",
            "event 1",
            "does not give its hash",
        ),
        ("DELETE FROM claims_event WHERE sequence = 1", "event 0", "event 1 is missing"),
        ("UPDATE claims_event SET version = 7 WHERE sequence = 2", "event 2", "column verdict"),
        ("UPDATE claims_event SET type = 'verdict.updated' WHERE sequence = 2", "event 2", "column type"),
        (
            "UPDATE claims_verdictversion SET content = replace(content, 'few', 'many') WHERE number = 1",
            "version 1",
            "digest",
        ),
        (
            "DELETE FROM claims_event WHERE sequence = (SELECT max(sequence) FROM claims_event)",
            "version 2",
            "no event",
        ),
    ],
)
def test_it_names_the_first_row_that_was_tampered_with(
    checker: User, editor: User, sql: str, where: str, problem: str
) -> None:
    published_twice(checker, editor)
    tamper(sql)
    tampering = verify_history().tampering
    assert tampering is not None
    assert problem in tampering.problem
    if where != "event 0":
        assert where in tampering.where


def test_a_rewritten_row_with_a_fresh_hash_breaks_the_chain_at_the_next_one(checker: User) -> None:
    claim = make_claim(checker)
    first, _ = append(claim, was="this"), append(claim)
    forged = first.entry.replace("this", "that")
    tamper(f"UPDATE claims_event SET entry = '{forged}', hash = '{digest(forged)}' WHERE sequence = 1")
    tampering = verify_history().tampering
    assert tampering is not None
    assert tampering.where == "event 2"
    assert "does not follow" in tampering.problem


def write_at_once(claims: list[Claim]) -> None:
    """Writers that all begin before any of them commits."""
    start, errors = Barrier(len(claims)), []

    def write(claim: Claim) -> None:
        try:
            with transaction.atomic():
                start.wait(timeout=10)
                append_events([NewEvent(claim=claim, type="verdict.updated", version=1)])
                connection.cursor().execute("SELECT pg_sleep(0.02)")
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=write, args=[claim]) for claim in claims]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_leave_no_gap_and_no_repeat(checker: User) -> None:
    write_at_once([make_claim(checker, text=f"Claim {n}") for n in range(8)])
    assert list(Event.objects.values_list("sequence", flat=True)) == list(range(1, 9))
    assert verify_history().tampering is None


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_concurrent_writers_collide(checker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proof that the test above can fail: each transaction takes a lock of its own instead of the common one."""
    keys = iter(range(1, 100))
    monkeypatch.setattr(history, "lock_key", lambda: next(keys))
    with pytest.raises(IntegrityError):
        write_at_once([make_claim(checker, text=f"Claim {n}") for n in range(8)])


def test_stored_documents_equal_freshly_rendered_ones(checker: User, editor: User) -> None:
    version = published_twice(checker, editor)
    assert services.stale_documents([version.verdict_id]) == []
