"""What may be published, by whom, and what publishing leaves behind."""

from __future__ import annotations

import json
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from claims import services
from claims.errors import NotAllowed
from claims.models import Activity, Claim, Draft, Event, User, Verdict, VerdictDocument, VerdictVersion
from claims.models.identity import make_slug
from tests.make import (
    make_claim,
    make_draft,
    make_evidence,
    make_offline_evidence,
    make_page_say,
    make_published_verdict,
    submitted,
)


def nothing_is_public() -> bool:
    return not (Verdict.objects.exists() or VerdictDocument.objects.exists() or Event.objects.exists())


def test_a_second_person_publishes(checker: User, editor: User) -> None:
    version = services.approve_and_publish(submitted(checker), by=editor)
    assert (version.number, version.author, version.approved_by) == (1, checker, editor)
    document = json.loads(VerdictDocument.objects.get().body)
    assert (document["status"], document["reviewed_by_second_person"]) == ("published", True)
    assert list(Event.objects.values_list("type", flat=True)) == ["verdict.published"]
    assert not Draft.objects.exists()


def test_the_author_may_not_approve(editor: User) -> None:
    with pytest.raises(NotAllowed, match="second person"):
        services.approve_and_publish(submitted(editor), by=editor)
    assert nothing_is_public()


def test_whoever_edited_the_draft_counts_as_author(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    make_offline_evidence(claim, checker)
    make_draft(claim, checker)
    draft = services.save_draft(claim, by=editor, headline="The editor's headline")
    services.submit_for_review(draft, by=checker)
    with pytest.raises(NotAllowed, match="wrote part of this"):
        services.approve_and_publish(draft, by=editor)


def test_whoever_attached_evidence_to_the_draft_counts_as_author(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    draft = make_draft(claim, checker)
    make_offline_evidence(claim, editor)
    services.submit_for_review(draft, by=checker)
    with pytest.raises(NotAllowed, match="wrote part of this"):
        services.approve_and_publish(draft, by=editor)


def test_a_fact_checker_may_not_approve(checker: User, outsider: User) -> None:
    draft = submitted(checker)
    outsider.role = "fact_checker"
    with pytest.raises(NotAllowed, match="reviewer"):
        services.approve_and_publish(draft, by=outsider)


def test_an_observer_may_do_nothing(checker: User, outsider: User) -> None:
    claim = make_claim(checker)
    for act in (
        lambda: services.log_claim("Something", by=outsider),
        lambda: make_evidence(claim, outsider),
        lambda: make_draft(claim, outsider),
        lambda: services.look_again(claim, by=outsider, reason="Because"),
    ):
        with pytest.raises(NotAllowed, match="Observers"):
            act()


def test_one_person_may_publish_alone_where_the_newsroom_says_so(editor: User, settings: Settings) -> None:
    settings.CLAIMTRACK_REQUIRE_SECOND_REVIEWER = False
    claim = make_claim(editor)
    make_offline_evidence(claim, editor)
    version = services.approve_and_publish(make_draft(claim, editor), by=editor)
    assert (version.second_review_required, version.approved_by) == (False, None)
    assert json.loads(VerdictDocument.objects.get().body)["reviewed_by_second_person"] is False


def test_the_database_holds_the_two_person_rule_whoever_writes(checker: User, editor: User) -> None:
    version = make_published_verdict(checker, editor)
    for approver in (None, editor.pk):
        with pytest.raises(IntegrityError, match="approved_by_a_second_person"), transaction.atomic():
            VerdictVersion.objects.create(
                verdict=version.verdict,
                number=9,
                rating=version.rating,
                content="{}",
                content_salt="",
                content_digest="",
                author=editor,
                approved_by_id=approver,
                second_review_required=True,
                correction_kind="minor",
                correction_reason="x",
                published_at=version.published_at,
            )


def test_a_draft_says_everything_that_is_missing_at_once(checker: User) -> None:
    draft = services.assign(make_claim(checker), to=checker, by=checker)
    with pytest.raises(ValidationError) as raised:
        services.submit_for_review(draft, by=checker)
    assert raised.value.messages == [
        "Choose a rating.",
        "Write a headline: what is true, in one line.",
        "Write the answer: one paragraph that says what is true and why.",
        "Attach at least one piece of evidence.",
    ]


def test_a_rating_with_a_truth_value_needs_evidence_that_decides(checker: User) -> None:
    claim = make_claim(checker)
    make_offline_evidence(claim, checker, stance="context")
    with pytest.raises(ValidationError, match="supports or refutes"):
        services.submit_for_review(make_draft(claim, checker), by=checker)


def test_a_rating_without_truth_value_is_content_with_context(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    make_offline_evidence(claim, checker, stance="context")
    services.approve_and_publish(
        services.submit_for_review(make_draft(claim, checker, rating="unproven"), by=checker), by=editor
    )
    rating = json.loads(VerdictDocument.objects.get().body)["rating"]
    assert {"value", "best", "worst"}.isdisjoint(rating)


def test_a_quote_that_is_not_on_the_page_is_refused_with_the_nearest_passage(checker: User) -> None:
    claim = make_claim(checker)
    evidence = make_evidence(claim, checker, quote="only five thousand had actually turned up")
    assert evidence.source is not None
    make_page_say(evidence.source, "Police said only a few hundred had actually turned up. It rained.")
    services.assess_changes()
    with pytest.raises(ValidationError, match="is not on .*nearest passage there is: “only a few hundred had"):
        services.submit_for_review(make_draft(claim, checker), by=checker)


def test_an_uncaptured_page_needs_an_acknowledgement_that_is_recorded(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    make_evidence(claim, checker)
    draft = make_draft(claim, checker)
    with pytest.raises(ValidationError, match="is not captured yet"):
        services.submit_for_review(draft, by=checker)
    services.save_draft(claim, by=checker, unchecked_acknowledged=True)
    version = services.approve_and_publish(services.submit_for_review(draft, by=checker), by=editor)
    assert version.unchecked_acknowledged_by == checker
    assert Activity.objects.filter(claim=claim, detail__contains="checker acknowledged").exists()


def test_publishing_twice_is_told_and_makes_one_version(checker: User, editor: User) -> None:
    draft = submitted(checker)
    services.approve_and_publish(draft, by=editor)
    draft.pk = draft.pk or 1
    with pytest.raises(NotAllowed, match="published already"):
        services.approve_and_publish(draft, by=editor)
    assert VerdictVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_publishing_at_once_make_one_version(checker: User, editor: User, admin: User) -> None:
    draft, start, outcomes = submitted(checker), Barrier(2), []

    def approve(by: User) -> None:
        try:
            start.wait(timeout=10)
            outcomes.append(str(services.approve_and_publish(draft, by=by)))
        except NotAllowed as error:
            outcomes.append(str(error)[:18])
        finally:
            connection.close()

    threads = [Thread(target=approve, args=[by]) for by in (editor, admin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["This draft is gone", "version 1"]
    assert Event.objects.count() == 1


def test_a_failure_half_way_leaves_nothing_behind(checker: User, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = submitted(checker)

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("claims.services.publishing.append_events", fail)
    with pytest.raises(OSError, match="disk is full"):
        services.approve_and_publish(draft, by=editor)
    assert nothing_is_public()
    assert Draft.objects.get().state == "in_review"


def test_a_slug_is_unicode_frozen_and_never_history(checker: User, editor: User) -> None:
    def slug(text: str) -> str:
        claim = make_claim(checker, text=text)
        make_offline_evidence(claim, checker)
        services.approve_and_publish(services.submit_for_review(make_draft(claim, checker), by=checker), by=editor)
        return Claim.objects.get(pk=claim.pk).slug

    assert slug("Тысячи вышли на площадь") == "тысячи-вышли-на-площадь"
    assert slug("History") == "claim"
    assert make_slug("!!!", fallback="claim") == "claim"
