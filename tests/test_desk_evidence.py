"""Evidence on the claim's page: attached, refused with a reason, compared with its page, locked once published."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims import services
from claims.models import User
from tests.desk import URL, Desk, html, page_row, row
from tests.make import (
    PAGE,
    QUOTE,
    make_claim,
    make_draft,
    make_evidence,
    make_offline_evidence,
    make_page_say,
    make_published_verdict,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"url": ""}, "Write the address of the page"),
        ({"quote": ""}, "Copy the passage from the page"),
        ({"kind": "offline"}, "Describe it: who, when, where"),
        ({"kind": "file"}, "Choose the file"),
        ({"stance": ""}, "This field is required"),
        ({"quantity_low": "9", "quantity_high": "3"}, "swap the two"),
    ],
)
def test_evidence_that_lacks_something_says_what(checker: User, fields: dict[str, str], reason: str) -> None:
    claim = make_claim(checker)
    desk = Desk(checker)
    assert reason in html(desk.fill(desk.claim(claim), **page_row(0, **fields)))
    assert not claim.evidence.exists()


@pytest.mark.parametrize(
    ("stance", "said", "rests"),
    [
        ("refutes", "unknown", True),
        ("context", "unknown", False),
        ("context", "true", True),
        ("refutes", "false", False),
    ],
)
def test_the_verdict_rests_on_what_is_not_context_unless_somebody_says(
    checker: User, stance: str, said: str, rests: bool
) -> None:
    claim = make_claim(checker)
    desk = Desk(checker)
    desk.fill(desk.claim(claim), **page_row(0, stance=stance, load_bearing=said))
    assert claim.evidence.get().load_bearing is rests


def test_a_row_sent_by_a_script_needs_no_more_than_page_quote_and_stance(checker: User) -> None:
    claim = make_claim(checker)
    desk = Desk(checker)
    fields = row("evidence", 1, kind="page", stance="refutes", url=URL, quote=QUOTE)
    assert desk.fill(desk.claim(claim), **fields).status_code == 302
    assert claim.evidence.get().load_bearing


def test_an_empty_row_below_the_claim_is_no_evidence(checker: User) -> None:
    claim = make_claim(checker)
    desk = Desk(checker)
    assert desk.fill(desk.claim(claim), location="Almaty").status_code == 302
    assert not claim.evidence.exists()
    claim.refresh_from_db()
    assert claim.location == "Almaty"


def test_a_file_is_kept_as_evidence(checker: User) -> None:
    claim = make_claim(checker)
    desk = Desk(checker)
    shot = SimpleUploadedFile("shot.png", b"\x89PNG\r\n\x1a\n" + b"0" * 30, content_type="image/png")
    desk.fill(
        desk.claim(claim), **row("evidence", 0, kind="file", stance="context", file=shot, description="The post.")
    )
    evidence = claim.evidence.get()
    assert evidence.upload is not None and evidence.upload.name == "shot.png"


def test_unpublished_evidence_is_changed_in_place(checker: User) -> None:
    claim = make_claim(checker)
    evidence = make_evidence(claim, checker)
    desk = Desk(checker)
    desk.fill(desk.claim(claim), **{"evidence-0-note": "The police said so."})
    evidence.refresh_from_db()
    assert (evidence.note, evidence.quote) == ("The police said so.", QUOTE)


def test_a_page_that_is_not_captured_yet_says_so(checker: User) -> None:
    claim = make_claim(checker)
    make_evidence(claim, checker)
    desk = Desk(checker)
    assert "Not captured yet" in desk.get(desk.claim(claim))
    assert "unchecked_acknowledged" in desk.get(desk.claim(claim, "draft"))


def test_the_acknowledgement_is_not_offered_when_every_page_is_captured(checker: User) -> None:
    claim = make_claim(checker)
    make_offline_evidence(claim, checker)
    desk = Desk(checker)
    assert "unchecked_acknowledged" not in desk.get(desk.claim(claim, "draft"))


def test_a_quote_that_is_not_on_the_page_is_told_with_the_nearest_passage(checker: User) -> None:
    claim = make_claim(checker)
    known = make_evidence(claim, checker)
    assert known.source is not None
    make_page_say(known.source, PAGE)
    desk = Desk(checker)
    answer = desk.fill(desk.claim(claim), **page_row(1, quote="only a few thousand had actually turned up"))
    assert f"The nearest passage there: “{QUOTE}" in desk.get(answer.headers["Location"])


def test_the_nearest_passage_is_taken_over_with_one_box(checker: User) -> None:
    claim = make_claim(checker)
    evidence = make_evidence(claim, checker, quote="only a few thousand had actually turned up")
    assert evidence.source is not None
    make_page_say(evidence.source, PAGE)
    services.assess_changes()
    desk = Desk(checker)
    desk.fill(desk.claim(claim), **{"evidence-0-take_nearest": "on"})
    evidence.refresh_from_db()
    assert (evidence.quote, evidence.quote_status) == (QUOTE, "intact")


def test_published_evidence_is_locked(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    desk = Desk(checker)
    desk.fill(desk.claim(claim), **{"evidence-0-quote": "something else", "evidence-0-stance": "supports"})
    evidence = claim.evidence.get()
    assert (evidence.quote, evidence.stance) == (QUOTE, "refutes")


def test_published_evidence_is_left_out_of_the_next_version_and_kept(checker: User, editor: User) -> None:
    version = make_published_verdict(checker, editor)
    desk = Desk(checker)
    desk.fill(desk.claim(version.verdict.claim), **{"evidence-0-drop": "on"})
    assert not version.verdict.claim.evidence.attached().exists()
    assert version.evidence.count() == 1


def test_published_evidence_is_quoted_anew_by_a_copy(checker: User, editor: User) -> None:
    version = make_published_verdict(checker, editor)
    old = version.evidence.get()
    assert old.source is not None
    make_page_say(old.source, PAGE.replace("few hundred", "few thousand"))
    services.assess_changes()
    desk = Desk(checker)
    desk.fill(desk.claim(version.verdict.claim), **{"evidence-0-take_nearest": "on"})
    new = version.verdict.claim.evidence.attached().get()
    assert "few thousand" in new.quote and new.quote_status == "intact"
    old.refresh_from_db()
    assert old.quote == QUOTE and old.dropped_at is not None


def test_evidence_attached_while_the_draft_is_in_review_is_refused_not_lost(checker: User) -> None:
    claim = make_claim(checker)
    make_offline_evidence(claim, checker)
    services.submit_for_review(make_draft(claim, checker), by=checker)
    desk = Desk(checker)
    text = html(desk.fill(desk.claim(claim), **page_row(1)))
    assert "draft is in review" in text and QUOTE in text
    assert claim.evidence.count() == 1
