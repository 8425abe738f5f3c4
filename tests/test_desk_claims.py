"""The claim's page: everything typed is saved through services, or comes back with the reason beside its field."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims import services
from claims.models import Appearance, Claim, Event, Evidence, NameChange, Translation, User
from tests.desk import CLAIMS, Desk, fields_of, row
from tests.make import (
    PAGE,
    QUOTE,
    make_claim,
    make_claimant,
    make_draft,
    make_evidence,
    make_offline_evidence,
    make_page_say,
    make_published_verdict,
    make_topic,
)

pytestmark = pytest.mark.django_db
URL = "https://news.example/square"


def page_row(number: int = 0, **fields: Any) -> dict[str, Any]:
    return row("evidence", number, **({"kind": "page", "stance": "refutes", "url": URL, "quote": QUOTE} | fields))


def html(response: Any) -> str:
    assert response.status_code == 200, response.headers.get("Location")
    return str(response.content.decode())


def test_an_unusable_address_is_an_error_at_its_field_and_nothing_is_written(checker: User) -> None:
    desk = Desk(checker)
    first = page_row(0)
    second = page_row(1, url="ftp://files.example/a", quote="the second quote")
    text = html(desk.fill(f"{CLAIMS}add/", text="Thousands came", **(first | second)))
    assert "Write the full address, beginning with https://" in text
    assert "Thousands came" in text and "the second quote" in text and QUOTE in text
    assert not Claim.objects.exists() and not Evidence.objects.exists()


def test_every_row_that_is_refused_is_named_at_once(checker: User) -> None:
    rows = page_row(0, url="nonsense") | page_row(1, url="ftp://files.example/a")
    text = html(Desk(checker).fill(f"{CLAIMS}add/", text="Thousands came", **rows))
    assert text.count("Write the full address, beginning with https://") == 2


def test_a_claim_without_words_is_refused_at_its_field(checker: User) -> None:
    text = html(Desk(checker).fill(f"{CLAIMS}add/", text="", location="Almaty"))
    assert "This field is required" in text and "Almaty" in text
    assert not Claim.objects.exists()


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


def test_the_second_of_two_people_is_told_what_differs_and_keeps_their_words(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    first, second = Desk(editor), Desk(checker)
    stale = second.form(second.claim(claim))
    first.fill(first.claim(claim), location="Astana")

    answer = second.send(second.claim(claim), stale | {"location": "Almaty", "text": "Thousands in Almaty"})
    text = html(answer)
    assert "editor saved this claim while you were editing" in text
    assert "Saved meanwhile: “Astana”" in text
    assert 'value="Almaty"' in text and "Thousands in Almaty" in text
    claim.refresh_from_db()
    assert claim.location == "Astana"

    # Sending the page again as it came back is a decision.
    assert second.send(second.claim(claim), fields_of(text, "claim_form")).status_code == 302
    claim.refresh_from_db()
    assert (claim.location, claim.text) == ("Almaty", "Thousands in Almaty")


def test_rows_typed_beside_a_conflict_are_kept_too(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    first, second = Desk(editor), Desk(checker)
    stale = second.form(second.claim(claim))
    first.fill(first.claim(claim), location="Astana")
    text = html(second.send(second.claim(claim), stale | {"location": "Almaty"} | page_row(0)))
    assert QUOTE in text
    assert not claim.evidence.exists()


def test_somebody_who_only_adds_evidence_is_not_stopped_by_a_new_revision(checker: User) -> None:
    claim = make_claim(checker)
    desk = Desk(checker)
    before = claim.revision
    assert desk.fill(desk.claim(claim), **page_row(0)).status_code == 302
    claim.refresh_from_db()
    assert claim.revision == before


def test_there_is_one_first_appearance(checker: User) -> None:
    claim = make_claim(checker)
    rows = row("appearances", 0, url="https://a.example/1", is_first="on")
    rows |= row("appearances", 1, url="https://a.example/2", is_first="on")
    desk = Desk(checker)
    assert "There is one first appearance" in html(desk.fill(desk.claim(claim), **rows))
    assert not Appearance.objects.exists()


def test_the_first_appearance_moves_from_one_row_to_another(checker: User) -> None:
    claim = make_claim(checker)
    services.add_appearance(claim, url="https://a.example/1", by=checker, is_first=True)
    services.add_appearance(claim, url="https://a.example/2", by=checker)
    desk = Desk(checker)
    form = desk.form(desk.claim(claim)) | {"appearances-1-is_first": "on"}
    del form["appearances-0-is_first"]
    assert desk.send(desk.claim(claim), form).status_code == 302
    assert Appearance.objects.get(is_first=True).url == "https://a.example/2"


def test_a_changed_appearance_of_a_published_claim_is_announced(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    services.add_appearance(claim, url="https://a.example/1", by=checker)
    desk = Desk(checker)
    before = Event.objects.count()
    desk.fill(desk.claim(claim), **{"appearances-0-platform": "telegram"})
    event = Event.objects.order_by("-sequence")[0]
    assert Event.objects.count() == before + 1
    assert event.type == "verdict.updated" and '"appearances"' in event.entry


def test_a_translation_belongs_to_the_current_version_and_is_announced(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    desk = Desk(checker)
    words = {"language": "ru", "claim_text": "Тысячи", "headline": "Сотни, не тысячи", "summary": "Сотни."}
    assert desk.fill(desk.claim(claim), **row("translations", 0, **words)).status_code == 302
    translation = Translation.objects.get()
    assert (translation.of_version, translation.translated_by) == (1, checker)
    assert '"translations"' in Event.objects.order_by("-sequence")[0].entry


def test_the_claim_shows_what_is_missing_and_what_was_done(checker: User) -> None:
    claim = make_claim(checker)
    services.assign(claim, to=checker, by=checker)
    desk = Desk(checker)
    text = desk.get(desk.claim(claim))
    assert "Choose a rating." in text and "Attach at least one piece of evidence." in text
    assert "logged the claim" in text


def test_a_claimants_new_name_is_left_for_the_pages_that_show_it(checker: User) -> None:
    claimant = make_claimant("Old Name")
    desk = Desk(checker)
    desk.fill(f"/admin/claims/claimant/{claimant.pk}/change/", "claimant_form", name="New Name")
    assert NameChange.objects.get().claimant == claimant


def test_the_desk_logs_a_claim_while_redis_is_away(checker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    import redis

    def refuse(*args: object, **kwargs: object) -> None:
        raise redis.ConnectionError("Redis is away")

    monkeypatch.setattr(redis.connection.AbstractConnection, "connect", refuse)
    assert Desk(checker).fill(f"{CLAIMS}add/", text="Thousands came", **page_row(0)).status_code == 302
    assert Evidence.objects.get().source is not None


@pytest.mark.parametrize("field", ["claimant", "topics"])
@pytest.mark.parametrize("value", ["abc", "1\x00", "99999999999999999999", "-1", "²", "0"])
def test_what_is_no_choice_comes_back_as_an_error_of_the_form(checker: User, field: str, value: str) -> None:
    text = html(Desk(checker).fill(f"{CLAIMS}add/", text="Thousands came", **{field: value}))
    assert "Thousands came" in text and "valid" in text
    assert not Claim.objects.exists()


def test_a_choice_that_was_right_stays_beside_one_that_is_not(checker: User) -> None:
    topic = make_topic("Protests")
    text = html(Desk(checker).fill(f"{CLAIMS}add/", text="Thousands came", topics=[str(topic.pk), "abc"]))
    assert f'value="{topic.pk}" selected' in text


def test_an_account_of_nobody_is_an_error_of_its_form(checker: User) -> None:
    fields = {"claimant": "abc", "platform": "telegram", "handle": "x"}
    assert "valid" in html(Desk(checker).fill("/admin/claims/claimantaccount/add/", "claimantaccount_form", **fields))
