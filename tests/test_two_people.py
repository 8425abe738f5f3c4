"""What a second person reads does not move, and nobody approves what they had a hand in: however it is written."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from claims import services
from claims.errors import NotAllowed
from claims.models import Claim, Draft, Evidence, User, Verdict, VerdictVersion
from tests.make import (
    make_claim,
    make_draft,
    make_offline_evidence,
    make_published_verdict,
    make_user,
    submitted,
)

pytestmark = pytest.mark.django_db


def run(sql: str) -> None:
    """As whoever has a connection to the database."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE claims_draft SET headline = 'Another'",
        "UPDATE claims_draft SET state = 'drafted', summary = 'Another'",
        "UPDATE claims_draft SET submitted_by_id = NULL",
        "UPDATE claims_evidence SET note = 'Another'",
        "DELETE FROM claims_evidence",
        "UPDATE claims_evidence SET dropped_at = now()",
        "UPDATE claims_claim SET text = 'Another'",
        "UPDATE claims_claim SET made_on = '2020-01-01'",
        "DELETE FROM claims_draft_editors",
    ],
)
def test_the_database_freezes_what_a_second_person_reads(checker: User, sql: str) -> None:
    submitted(checker)
    with pytest.raises(IntegrityError, match="refused"):
        run(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE claims_draft SET state = 'sent_back', sent_back_because = 'Mend it'",
        "UPDATE claims_evidence SET quote_status = 'intact'",
        "UPDATE claims_claim SET slug = 'given-at-publication'",
    ],
)
def test_the_workflow_and_machines_go_on_meanwhile(checker: User, sql: str) -> None:
    submitted(checker)
    run(sql)


def test_what_was_sent_back_is_written_again(checker: User, editor: User) -> None:
    draft = services.send_back(submitted(checker), by=editor, because="Mend it")
    run("UPDATE claims_draft SET headline = 'Another'")
    make_draft(draft.claim, checker, headline="Mended")


def version_approved_by(approver: User, draft: Draft, author: User) -> VerdictVersion:
    """As somebody would write it who goes around the services."""
    now = timezone.now()
    with transaction.atomic():
        verdict = Verdict.objects.create(
            claim=draft.claim, status="published", published_at=now, updated_at=now, status_since=now
        )
        assert draft.rating is not None
        return VerdictVersion.objects.create(
            verdict=verdict, number=1, rating=draft.rating, content="{}", content_salt=secrets.token_hex(16),
            content_digest="sha256:0", author=author, approved_by=approver, second_review_required=True,
            published_at=now,
        )  # fmt: skip


def test_the_database_refuses_an_approver_who_wrote_in_the_draft(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    make_offline_evidence(claim, checker)
    make_draft(claim, editor)
    draft = services.submit_for_review(Draft.objects.get(), by=checker)
    with pytest.raises(IntegrityError, match="does not approve it"):
        version_approved_by(editor, draft, checker)


def test_the_database_refuses_an_approver_who_attached_the_evidence_before_there_was_a_draft(
    checker: User, editor: User
) -> None:
    claim = make_claim(checker)
    make_offline_evidence(claim, editor)
    draft = services.submit_for_review(make_draft(claim, checker), by=checker)
    with pytest.raises(IntegrityError, match="does not approve it"):
        version_approved_by(editor, draft, checker)
    with pytest.raises(NotAllowed, match="You wrote part of this"):
        services.approve_and_publish(draft, by=editor)


def test_the_database_refuses_an_approver_who_is_no_reviewer(checker: User) -> None:
    with pytest.raises(IntegrityError, match="only a reviewer"):
        version_approved_by(make_user("other"), submitted(checker), checker)


def test_the_database_refuses_a_draft_that_was_not_handed_in(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    draft = make_draft(claim, checker)
    with pytest.raises(IntegrityError, match="not handed in"):
        version_approved_by(editor, draft, checker)


def test_the_database_takes_nobody_among_the_editors_who_approved(checker: User, editor: User) -> None:
    version = make_published_verdict(checker, editor)
    with pytest.raises(IntegrityError, match="not among its editors"), transaction.atomic():
        version.editors.add(editor)


def test_the_database_lets_a_second_person_approve(checker: User, editor: User) -> None:
    assert version_approved_by(editor, submitted(checker), checker).pk


def test_who_dropped_evidence_of_a_published_verdict_does_not_approve_the_correction(
    checker: User, editor: User
) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    services.attach_evidence(claim, by=checker, stance="refutes", kind="offline", description="An interview.")
    services.drop_evidence(Evidence.objects.get(claim=claim, kind="page"), by=editor)
    services.correct_verdict(claim, by=checker, kind="minor", reason="Another source.")
    draft = services.submit_for_review(services.save_draft(claim, by=checker, summary="Other"), by=checker)
    with pytest.raises(NotAllowed, match="You wrote part of this"):
        services.approve_and_publish(draft, by=editor)
    version = services.approve_and_publish(draft, by=make_user("second", "reviewer"))
    assert set(version.editors.all()) == {checker, editor}
    assert not claim.evidence_editors.exists()


def test_two_reviewers_do_not_read_the_same_draft(checker: User, editor: User) -> None:
    draft, other = submitted(checker), make_user("other-editor", "reviewer")
    services.begin_reading(draft, by=editor)
    with pytest.raises(NotAllowed, match="editor is reading this draft"):
        services.begin_reading(draft, by=other)
    with pytest.raises(NotAllowed, match="not the one"):
        services.stop_reading(draft, by=other)
    services.stop_reading(draft, by=editor)
    assert services.begin_reading(draft, by=other).reader == other


def test_a_reader_who_was_called_away_keeps_the_draft_from_nobody(checker: User, editor: User) -> None:
    draft = submitted(checker)
    services.begin_reading(draft, by=editor, at=timezone.now() - timedelta(hours=5))
    assert services.begin_reading(draft, by=make_user("other-editor", "reviewer")).reader != editor


def test_a_draft_that_was_sent_back_is_read_by_nobody(checker: User, editor: User) -> None:
    draft = services.begin_reading(submitted(checker), by=editor)
    assert services.send_back(draft, by=editor, because="Mend it").reader is None


def test_a_correction_that_was_begun_is_dropped_and_the_verdict_stands(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    draft = services.correct_verdict(claim, by=checker, kind="minor", reason="A slip.")
    services.drop_draft(draft, by=checker, reason="It was no slip.")
    assert not Draft.objects.exists() and Verdict.objects.get().status == "published"
    services.correct_verdict(claim, by=checker, kind="minor", reason="It was one after all.")


def test_a_claim_whose_draft_was_dropped_is_logged_again_and_can_be_taken_up(checker: User) -> None:
    claim = make_claim(checker)
    services.drop_draft(make_draft(claim, checker), by=checker, reason="Not worth it.")
    services.assign(Claim.objects.get(pk=claim.pk), to=checker, by=checker)
    assert Draft.objects.get().state == "assigned"


def test_what_is_in_review_is_not_dropped(checker: User) -> None:
    with pytest.raises(NotAllowed, match="in review"):
        services.drop_draft(submitted(checker), by=checker, reason="Never mind.")


def test_a_retracted_verdict_is_taken_up_again_with_a_public_reason(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    with pytest.raises(NotAllowed, match="Only a retracted"):
        services.reopen_verdict(claim, by=checker, reason="We were right.")
    services.retract_verdict(claim, by=editor, reason="We doubted it.")
    draft = services.reopen_verdict(claim, by=checker, reason="The doubt is gone.")
    assert Verdict.objects.get().status == "retracted", "one person brings nothing back"
    services.approve_and_publish(services.submit_for_review(draft, by=checker), by=editor)
    version = VerdictVersion.objects.get(number=2)
    assert (Verdict.objects.get().status, version.correction_reason) == ("published", "The doubt is gone.")
