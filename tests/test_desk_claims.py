"""The claim's page: everything typed is saved through services, or comes back with the reason beside its field."""

from __future__ import annotations

import pytest

from claims import services
from claims.models import Appearance, Claim, Event, Evidence, NameChange, Translation, User
from tests.desk import CLAIMS, Desk, fields_of, html, page_row, row
from tests.make import QUOTE, make_claim, make_claimant, make_published_verdict, make_topic

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("language", ["xx", "english", "EN", "en_GB", "en\n-"])
def test_a_language_that_is_none_is_refused_at_its_field(checker: User, language: str) -> None:
    text = html(Desk(checker).fill(f"{CLAIMS}add/", text="Thousands came", language=language))
    assert "begins with a code of ISO 639" in text and "Thousands came" in text
    assert not Claim.objects.exists()


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
