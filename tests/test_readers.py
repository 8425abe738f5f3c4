"""Readers report errors and suggest claims without a cookie; the desk decides, and our answer alone is public."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from claims import services
from claims.choices import ReaderMessageKind, ReaderMessageState, VerdictStatus
from claims.errors import NotAllowed
from claims.models import Activity, Claim, Notice, ReaderMessage, User
from pages import guarding
from tests.make import make_claim
from tests.pages_rows import path_of, published, read

pytestmark = pytest.mark.django_db

MARK = "quenelle"


@pytest.fixture
def claim(checker: User, editor: User) -> Claim:
    return published(checker, editor)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Nobody waits in a test, and nobody is counted."""
    monkeypatch.setattr(guarding, "SOONEST", 0)
    settings.RATE_FORMS = 0
    monkeypatch.setattr(guarding, "TimestampSigner", Backdated)


class Backdated(signing.TimestampSigner):
    """Tickets made a second ago, so that they are older than SOONEST."""

    def timestamp(self) -> str:
        return signing.b62_encode(int(timezone.now().timestamp()) - 1)


def ticket_on(client: Client, path: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', read(client, path))
    assert found is not None
    return found[1]


def send(client: Client, path: str, headers: dict[str, str] | None = None, **fields: str) -> HttpResponse:
    said = {"text": f"The date is wrong, {MARK}.", "ticket": fields.pop("ticket", "") or ticket_on(client, path)}
    answer: Any = client.post(path, said | fields, headers=headers or {})
    return answer  # type: ignore[no-any-return]


def message_on(claim: Claim, **fields: Any) -> ReaderMessage:
    said = {"text": f"It was June, {MARK}.", "nonce": f"nonce-{ReaderMessage.objects.count()}"} | fields
    return services.receive_message(ReaderMessageKind.REPORT, claim=claim, **said)


def suggestion(**fields: Any) -> ReaderMessage:
    return services.receive_message(
        ReaderMessageKind.SUGGESTION, text=f"They say {MARK}", nonce=f"nonce-{ReaderMessage.objects.count()}", **fields
    )


# What readers see.


@pytest.mark.parametrize("prefix", ["", "/ru", "/kk"])
def test_a_report_from_the_claims_page_arrives_and_gets_a_receipt_without_a_cookie(
    prefix: str, claim: Claim, client: Client
) -> None:
    path = f"{prefix}/report/{claim.public_id}/"
    assert f'href="/report/{claim.public_id}/"' in read(client, path_of(claim))
    answer = send(client, path, contact="reader@mail.example")
    message = ReaderMessage.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{prefix}/receipts/{message.receipt}/")
    assert (message.claim, message.state, message.language) == (claim, "new", prefix[1:] or "en")
    page = client.get(answer["Location"])
    assert MARK not in page.content.decode() and "noindex" in page.content.decode()
    assert page["Cache-Control"] == "no-store, private" and not client.cookies


def test_a_suggestion_arrives(client: Client) -> None:
    assert send(client, "/suggest/", text="They say it rained frogs", where="https://tv.example/7").status_code == 303
    message = ReaderMessage.objects.get()
    assert (message.kind, message.claim, message.where) == ("suggestion", None, "https://tv.example/7")


def test_sending_the_same_form_twice_is_one_message(client: Client) -> None:
    ticket = ticket_on(client, "/suggest/")
    places = {send(client, "/suggest/", ticket=ticket)["Location"] for _ in range(2)}
    assert len(places) == 1 and ReaderMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({"homepage": "https://spam.example"}, {}),
        ({"ticket": "forged"}, {}),
        ({}, {"Origin": "https://evil.example"}),
        ({}, {"Sec-Fetch-Site": "cross-site"}),
        ({"text": " ".join(["https://spam.example"] * 6) + " buy"}, {}),
        ({"text": ""}, {}),
        ({"text": "x" * 3001}, {}),
    ],
)
def test_what_is_refused_keeps_what_was_typed_and_says_what_to_do(
    fields: dict[str, str], headers: dict[str, str], client: Client
) -> None:
    answer = send(client, "/suggest/", headers, where=f"On {MARK} street", **fields)
    content = answer.content.decode()
    assert answer.status_code == 422 and not ReaderMessage.objects.exists()
    assert f"On {MARK} street" in content and 'role="alert"' in content
    assert "spam.example" not in content or "homepage" not in fields


def test_pressing_send_again_works_after_a_refusal(client: Client) -> None:
    refused = send(client, "/suggest/", {"Sec-Fetch-Site": "cross-site"}).content.decode()
    found = re.search(r'name="ticket" value="([^"]+)"', refused)
    assert found and send(client, "/suggest/", ticket=found[1]).status_code == 303


def test_a_form_is_taken_neither_at_once_nor_days_later(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = ticket_on(client, "/suggest/")
    for name, seconds in (("SOONEST", 60), ("LATEST", 0)):
        with monkeypatch.context() as changed:
            changed.setattr(guarding, name, seconds)
            assert send(client, "/suggest/", ticket=ticket).status_code == 422
    assert send(client, "/suggest/", ticket=ticket).status_code == 303


def test_a_ticket_of_one_form_opens_no_other(claim: Claim, client: Client) -> None:
    assert send(client, f"/report/{claim.public_id}/", ticket=ticket_on(client, "/suggest/")).status_code == 422


def test_a_network_that_sends_too_much_is_told_when_to_come_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.admission.readers.wait_of", lambda address: 125)
    answer = send(client, "/suggest/")
    assert (answer.status_code, answer["Retry-After"]) == (429, "125")
    assert MARK in answer.content.decode() and "in 3 minutes" in answer.content.decode()


def test_a_flood_from_everywhere_is_held_up(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.readers, "MOST_AN_HOUR", 1)
    suggestion()
    assert send(client, "/suggest/").status_code == 422 and ReaderMessage.objects.count() == 1


def test_nobody_reports_on_what_is_not_public(checker: User, client: Client) -> None:
    claim = make_claim(checker)
    read(client, f"/report/{claim.public_id}/", 404)
    with pytest.raises(NotAllowed):
        message_on(claim)


def test_our_answer_stands_on_the_claims_page_and_the_readers_words_do_not(
    claim: Claim, checker: User, client: Client
) -> None:
    before = client.get(path_of(claim))
    message = message_on(claim)
    services.answer_message(message, by=checker, answer="The date is right: <see> page 4.")
    page = client.get(path_of(claim), headers={"If-None-Match": before["ETag"]})
    assert page.status_code == 200
    for content in (page.content.decode(), read(client, f"/receipts/{message.receipt}/")):
        assert "The date is right: &lt;see&gt; page 4." in content and MARK not in content
    assert re.search(r'<th scope="row">20\d\d</th><td class="number">1</td><td class="number">1</td>',
                     read(client, "/corrections/"))  # fmt: skip


# What the desk does.


def test_the_desk_is_told_once_a_day_and_not_what_they_wrote(claim: Claim, checker: User) -> None:
    for _ in range(2):
        message_on(claim, contact=f"{MARK}@mail.example")
        suggestion()
    told = Notice.objects.filter(recipient=checker, kind__startswith="reader_")
    assert sorted(told.values_list("kind", flat=True)) == ["reader_report", "reader_suggestion"]
    kept = [*Notice.objects.values_list("title", "text", "words"), *Activity.objects.values_list("detail", "changes")]
    assert MARK not in str(kept)


def test_a_report_opens_a_review_in_our_words(claim: Claim, checker: User) -> None:
    message = message_on(claim)
    services.look_again_for(message, by=checker, reason="A reader doubts the date.")
    message.refresh_from_db()
    claim.verdict.refresh_from_db()
    assert (message.state, claim.verdict.status) == (ReaderMessageState.TAKEN, VerdictStatus.UNDER_REVIEW)


def test_what_is_put_aside_says_why_to_colleagues_alone(claim: Claim, checker: User, client: Client) -> None:
    message = message_on(claim)
    services.dismiss_message(message, by=checker, because="Nonsense")
    assert "Nonsense" not in read(client, f"/receipts/{message.receipt}/") + read(client, path_of(claim))
    with pytest.raises(NotAllowed):
        services.dismiss_message(message, by=checker, because="Again")
    with pytest.raises(NotAllowed):
        services.answer_message(message, by=checker, answer="Too late")


def test_a_suggestion_leads_to_the_verdict_once_there_is_one(claim: Claim, checker: User, client: Client) -> None:
    message = suggestion()
    services.link_message(message, claim, by=checker)
    assert path_of(claim) in read(client, f"/receipts/{message.receipt}/")
    services.link_message(suggestion(), make_claim(checker, f"Not public {MARK}"), by=checker)
    assert MARK not in read(client, f"/receipts/{ReaderMessage.objects.latest('pk').receipt}/")


def test_observers_decide_nothing(claim: Claim, outsider: User) -> None:
    message = message_on(claim)
    for step in (
        lambda: services.answer_message(message, by=outsider, answer="No"),
        lambda: services.dismiss_message(message, by=outsider, because="No"),
        lambda: services.look_again_for(message, by=outsider, reason="No"),
        lambda: services.take_message(message, by=outsider),
        lambda: services.link_message(message, claim, by=outsider),
    ):
        with pytest.raises(NotAllowed):
            step()


def test_how_to_reach_a_reader_is_forgotten_in_time(claim: Claim, settings: Any) -> None:
    settings.CLAIMTRACK_KEEP_CONTACTS, now = timedelta(days=30), timezone.now()
    old = message_on(claim, contact="old@mail.example", at=now - timedelta(days=31))
    new = message_on(claim, contact="new@mail.example", at=now - timedelta(days=29))
    assert services.forget_contacts(at=now) == 1
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.contact, new.contact) == ("", "new@mail.example") and MARK in old.text


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("has_text", {"text": ""}),
        ("report_names_its_claim", {"claim": None}),
        ("answered_has_answer", {"answer": "Public without being answered"}),
        ("decided_by_somebody", {"state": "taken"}),
    ],
)
def test_the_database_holds_what_a_message_may_be(name: str, fields: dict[str, Any], claim: Claim) -> None:
    message = message_on(claim)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ReaderMessage.objects.filter(pk=message.pk).update(**fields)
