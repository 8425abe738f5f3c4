"""What is published changes in public: corrections, changed ratings, retractions, new names."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError

from claims import services
from claims.errors import NotAllowed
from claims.models import Event, Rating, User, VerdictDocument
from tests.make import make_claimant, make_correction, make_published_verdict


def test_a_published_verdict_is_changed_by_a_correction_alone(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    with pytest.raises(NotAllowed, match="Begin a correction"):
        services.save_draft(claim, by=checker, headline="Quietly better")
    with pytest.raises(NotAllowed, match="Begin a correction"):
        services.assign(claim, to=checker, by=editor)


def test_a_correction_is_a_new_version_with_its_reason(checker: User, editor: User) -> None:
    first = make_published_verdict(checker, editor)
    claim = first.verdict.claim
    second = make_correction(claim, checker, editor, kind="minor", reason="A name was misspelt.")
    document = json.loads(VerdictDocument.objects.get().body)
    assert (second.number, document["version"]) == (2, 2)
    assert document["corrections"] == [
        {"kind": "minor", "reason": "A name was misspelt.", "at": document["updated_at"], "version": 2}
    ]
    assert services.document_of_version(first)["summary"] != document["summary"]
    assert Event.objects.get(version=2).type == "verdict.corrected"


def test_a_changed_rating_is_noticed_by_itself(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    rating = Rating.objects.get(code="mostly-false")
    version = make_correction(claim, checker, editor, kind="minor", rating=rating, reason="New count.")
    assert version.correction_kind == "rating_changed"
    assert [event.type for event in Event.objects.filter(version=2)] == ["verdict.rating_changed"]


def test_a_correction_without_a_reason_is_refused(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    with pytest.raises(ValidationError, match="becomes public"):
        services.correct_verdict(claim, by=checker, kind="minor", reason="  ")


def test_a_retracted_verdict_stays_readable_and_leaves_the_list(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    services.retract_verdict(claim, by=editor, reason="We mixed up two squares.")
    document = VerdictDocument.objects.get()
    body = json.loads(document.body)
    assert (body["status"], body["status_reason"]) == ("retracted", "We mixed up two squares.")
    assert body["corrections"][0]["kind"] == "retracted"
    assert document.claimreview == ""
    assert not VerdictDocument.objects.listed().exists()


def test_renaming_a_claimant_re_renders_what_shows_the_name(checker: User, editor: User) -> None:
    claimant = make_claimant("Old Name")
    make_published_verdict(checker, editor, claimant=claimant)
    claimant.name = "New Name"
    claimant.save()
    services.note_name_change(claimant=claimant)
    assert services.announce_name_changes() == 1
    assert json.loads(VerdictDocument.objects.get().body)["claim"]["claimant"]["name"] == "New Name"
    assert Event.objects.last().type == "verdict.updated"  # type: ignore[union-attr]
    assert services.announce_name_changes() == 0
