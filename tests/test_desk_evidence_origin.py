"""Primary or secondary, and what is said of a page before readers are sent to it."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction

from claims import services
from claims.models import Claim, Evidence, User, VerdictDocument
from sources.models import Source
from tests.desk import Desk, page_row
from tests.make import (
    make_claim,
    make_correction,
    make_draft,
    make_evidence,
    make_published_verdict,
    make_snapshot,
)

pytestmark = pytest.mark.django_db


def on_a_page(claim: Claim, checker: User, availability: str) -> Evidence:
    """Pinned evidence whose page has since come to this."""
    row = make_evidence(claim, checker)
    assert row.source is not None
    make_snapshot(row.source)
    services.change_evidence(row, by=checker, url=row.source.url, quote="It rained.")
    failures = {"counted_failures": 3, "last_counted_failure_at": "2026-01-01T00:00Z"} if availability == "dead" else {}
    Source.objects.filter(pk=row.source.pk).update(availability=availability, **failures)
    return Evidence.objects.get(pk=row.pk)


def test_a_row_says_whether_it_is_a_primary_source(checker: User) -> None:
    claim, desk = make_claim(checker), Desk(checker)
    desk.fill(desk.claim(claim), **page_row(origin="secondary"))
    assert Evidence.objects.get().origin == "secondary"
    assert "Secondary source" in desk.get(desk.claim(claim))


def test_readers_of_the_feed_learn_the_origin_only_where_it_was_said(checker: User, editor: User) -> None:
    version = make_published_verdict(checker, editor)
    claim = version.verdict.claim
    make_evidence(claim, checker, url="https://register.example/", quote="Not there", origin="primary")
    make_correction(claim, checker, editor, unchecked_acknowledged=True)
    told = [row.get("origin") for row in json.loads(VerdictDocument.objects.get().body)["evidence"]]
    assert told == [None, "primary"]
    assert services.verify_history().tampering is None


def test_the_origin_is_frozen_once_a_version_rests_on_it(checker: User, editor: User) -> None:
    make_published_verdict(checker, editor)
    with pytest.raises(IntegrityError, match="a published version rests on this evidence"), transaction.atomic():
        Evidence.objects.update(origin="primary")


def test_the_database_knows_two_origins(checker: User) -> None:
    make_evidence(make_claim(checker), checker)
    with pytest.raises(IntegrityError, match="claims_evidence_origin_is_known"), transaction.atomic():
        Evidence.objects.update(origin="tertiary")


@pytest.mark.parametrize(
    ("availability", "words"),
    [
        ("dead", "The page is dead"),
        ("blocked", "turns our robot away"),
        ("paywalled", "behind a login or a payment"),
        ("suspect", "could not be reached lately"),
    ],
)
def test_a_page_in_trouble_is_told_before_publication_and_blocks_nothing(
    checker: User, editor: User, availability: str, words: str
) -> None:
    claim = make_claim(checker)
    row = on_a_page(claim, checker, availability)
    draft = services.submit_for_review(make_draft(claim, checker), by=checker)
    desk = Desk(editor)
    copy = f"/admin/sources/snapshot/{row.snapshot_id}/capture/"
    for page in ("change", "approve"):
        text = desk.get(desk.claim(claim, page))
        assert words in text and copy in text, page
    assert "Pages that readers may not get to see" in desk.get(desk.claim(claim, "approve"))
    services.approve_and_publish(draft, by=editor)


def test_a_page_that_can_be_read_is_no_trouble(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    on_a_page(claim, checker, "live")
    services.submit_for_review(make_draft(claim, checker), by=checker)
    desk = Desk(editor)
    assert "Pages that readers may not get to see" not in desk.get(desk.claim(claim, "approve"))
