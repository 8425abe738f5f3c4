"""What follows when a page that a verdict rests on changes, dies or comes back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from claims import services
from claims.errors import NotAllowed
from claims.models import Event, Evidence, Review, User, Verdict, VerdictDocument, VerdictVersion
from sources.choices import Availability, ChangeKind
from sources.models import Source, SourceChange
from tests.desk import Desk
from tests.drifting import publish
from tests.make import PAGE, make_claim, make_evidence, make_page_say, make_published_verdict, tamper

ALTERED = PAGE.replace("a few hundred", "a few thousand")
REWRAPPED = "ADVERTISEMENT\n\n" + PAGE.replace(" ", "\n", 9) + "\n\nMore on this subject"
GONE = "This article has been taken over by a recipe for apple pie with cinnamon and raisins."


@pytest.fixture
def version(checker: User, editor: User) -> VerdictVersion:
    return make_published_verdict(checker, editor)


@pytest.fixture
def source(version: VerdictVersion) -> Source:
    source = version.evidence.get().source
    assert source is not None
    return source


def body() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(VerdictDocument.objects.get().body)
    return document


def types() -> list[str]:
    return list(Event.objects.values_list("type", flat=True))


def becomes(source: Source, state: str) -> None:
    SourceChange.objects.create(source=source, kind=ChangeKind.AVAILABILITY, before=source.availability, after=state)
    failures = {"counted_failures": 3, "last_counted_failure_at": timezone.now()} if state == "dead" else {}
    Source.objects.filter(pk=source.pk).update(availability=state, **failures)
    services.assess_changes()


def test_an_altered_passage_opens_a_review_and_leaves_the_rating(source: Source) -> None:
    make_page_say(source, ALTERED)
    assert services.assess_changes() == 1
    document = body()
    assert (document["status"], document["rating"]["code"]) == ("under_review", "false")
    assert document["review"]["opened_by"] == "machine"
    assert "Our rating stands while we look" in document["review"]["reason"]
    evidence = document["evidence"][0]
    assert evidence["quote_status"] == "altered"
    assert evidence["quote_found"] == "only a few thousand had actually turned up"
    assert ["delete", "hundred"] in [[part[0], part[1].strip()] for part in evidence["difference"]]
    assert types() == ["verdict.published", "verdict.review_opened"]


def test_a_missing_passage_opens_a_review(source: Source) -> None:
    make_page_say(source, GONE)
    services.assess_changes()
    assert body()["evidence"][0]["quote_status"] == "missing"
    assert "no longer on its page" in body()["review"]["reason"]


def test_a_page_that_changed_around_an_intact_quote_disturbs_nobody(source: Source) -> None:
    before = VerdictDocument.objects.get().body
    make_page_say(source, REWRAPPED)
    assert services.assess_changes() == 1
    assert VerdictDocument.objects.get().body == before
    assert types() == ["verdict.published"]


def test_a_change_around_an_intact_quote_is_shown_to_fact_checkers(source: Source, outsider: User) -> None:
    make_page_say(source, REWRAPPED)
    services.assess_changes()
    text = Desk(outsider).get(f"/admin/sources/source/{source.pk}/change/")
    assert "text changed" in text


def test_evidence_that_bears_no_load_is_a_label_and_opens_nothing(source: Source) -> None:
    tamper("UPDATE claims_evidence SET load_bearing = false")  # as if it had been published so
    make_page_say(source, ALTERED)
    services.assess_changes()
    assert body()["status"] == "published"
    assert types() == ["verdict.published", "verdict.evidence_changed"]


def test_without_auto_open_the_desk_knows_and_the_status_stays(source: Source, settings: Settings) -> None:
    settings.CLAIMTRACK_AUTO_OPEN_REVIEW = False
    make_page_say(source, ALTERED)
    services.assess_changes()
    assert (body()["status"], body()["evidence"][0]["quote_status"]) == ("published", "altered")
    assert Evidence.objects.disturbed().count() == 1
    assert (Review.objects.count(), types()) == (0, ["verdict.published", "verdict.evidence_changed"])


@pytest.mark.parametrize("state", [Availability.SUSPECT, Availability.DEAD, Availability.LIVE])
def test_a_page_that_dies_or_comes_back_is_a_label_not_a_review(source: Source, state: str) -> None:
    Source.objects.filter(pk=source.pk).update(availability="blocked")
    source.refresh_from_db()
    becomes(source, state)
    assert (body()["status"], body()["evidence"][0]["source"]["status"]) == ("published", state)
    assert types() == ["verdict.published", "verdict.evidence_changed"]
    assert json.loads(Event.objects.last().entry)["data"]["sources"] == {source.public_id: state}  # type: ignore[union-attr]


def test_a_page_that_moved_is_a_label_not_a_review(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(availability=Availability.MOVED)
    SourceChange.objects.create(
        source=source, kind=ChangeKind.MOVED, before="https://news.example/old", after=source.canonical_url
    )
    services.assess_changes()
    assert (body()["status"], body()["evidence"][0]["source"]["status"]) == ("published", "moved")
    assert types() == ["verdict.published", "verdict.evidence_changed"]


def test_a_page_that_many_verdicts_rest_on_is_told_in_batches(
    checker: User, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        source = publish(checker, editor, "https://news.example/square").evidence.get().source
    assert source is not None
    for module in ("consequences", "history"):
        monkeypatch.setattr(f"claims.services.{module}.MAX_BATCH", 2)
    becomes(source, Availability.DEAD)
    assert types()[3:] == ["verdict.evidence_changed"] * 3


def test_a_change_is_worked_off_once(source: Source) -> None:
    make_page_say(source, ALTERED)
    assert services.assess_changes() == 1
    assert services.assess_changes() == 0
    assert Review.objects.count() == 1


def test_a_second_change_joins_the_open_review(source: Source) -> None:
    make_page_say(source, ALTERED)
    services.assess_changes()
    make_page_say(source, GONE)
    services.assess_changes()
    assert Review.objects.count() == 1
    assert types() == ["verdict.published", "verdict.review_opened", "verdict.evidence_changed"]


def test_a_passage_that_comes_back_is_noticed_but_a_person_closes_the_review(source: Source) -> None:
    make_page_say(source, ALTERED)
    services.assess_changes()
    make_page_say(source, PAGE + " Updated.")
    services.assess_changes()
    assert (body()["status"], body()["evidence"][0]["quote_status"]) == ("under_review", "intact")


def test_a_version_a_person_has_judged_opens_no_second_review(
    version: VerdictVersion, source: Source, checker: User
) -> None:
    change = make_page_say(source, ALTERED)
    services.assess_changes()
    services.confirm_verdict(version.verdict.claim, by=checker, note="A known misprint.")
    back = change.snapshot_before
    for snapshot in (back, change.snapshot_after):
        SourceChange.objects.create(source=source, kind=ChangeKind.REVERTED, snapshot_after=snapshot)
        services.assess_changes()
    assert (body()["status"], body()["evidence"][0]["quote_status"]) == ("published", "altered")
    assert types()[-2:] == ["verdict.evidence_changed", "verdict.evidence_changed"]
    make_page_say(source, GONE)
    services.assess_changes()
    assert body()["status"] == "under_review"


def test_a_person_confirms_and_the_banner_goes(version: VerdictVersion, source: Source, checker: User) -> None:
    make_page_say(source, ALTERED)
    services.assess_changes()
    services.confirm_verdict(version.verdict.claim, by=checker, note="The edit is a typo; the capture stands.")
    assert (body()["status"], body()["review"]) == ("published", None)
    review = Review.objects.get()
    assert (review.outcome, review.closed_by) == ("confirmed", checker)
    assert types()[-1] == "verdict.review_closed"


def test_nothing_can_be_confirmed_where_nothing_is_open(version: VerdictVersion, checker: User) -> None:
    with pytest.raises(NotAllowed, match="nothing to confirm"):
        services.confirm_verdict(version.verdict.claim, by=checker, note="Fine.")


def test_a_person_may_ask_to_look_again(version: VerdictVersion, checker: User) -> None:
    services.look_again(version.verdict.claim, by=checker, reason="A reader sent a recording.")
    assert body()["review"]["opened_by"] == "person"
    with pytest.raises(NotAllowed, match="already"):
        services.look_again(version.verdict.claim, by=checker, reason="Again.")


def test_a_draft_s_evidence_is_pinned_without_any_public_event(checker: User) -> None:
    evidence = make_evidence(make_claim(checker), checker)
    assert evidence.quote_status == "unchecked"
    assert evidence.source is not None
    make_page_say(evidence.source, PAGE)
    services.assess_changes()
    evidence.refresh_from_db()
    assert evidence.quote_status == "intact"
    assert evidence.quote_prefix.endswith("Police said ")
    assert not Event.objects.exists()


def test_a_retracted_verdict_is_left_alone(version: VerdictVersion, source: Source, editor: User) -> None:
    services.retract_verdict(version.verdict.claim, by=editor, reason="Wrong square.")
    make_page_say(source, ALTERED)
    services.assess_changes()
    assert Verdict.objects.get().status == "retracted"
    assert types()[-1] == "verdict.retracted"


def test_the_day_a_change_was_noticed_is_the_newsroom_s(version: VerdictVersion, source: Source) -> None:
    make_page_say(source, ALTERED)
    with timezone.override("Asia/Almaty"):
        services.assess_changes(at=datetime(2030, 6, 1, 22, 0, tzinfo=UTC))
    assert "noticed on 2 June 2030" in Review.objects.get().reason
