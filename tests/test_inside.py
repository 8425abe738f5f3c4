"""What stays inside the newsroom: notes among colleagues and how a claim reached us. None of it ever leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from claims import services
from claims.errors import NotAllowed
from claims.models import Claim, ClaimContact, Note, Notice, User
from tests.desk import Desk
from tests.make import make_claim, make_published_verdict, make_user, make_withheld, submitted

pytestmark = pytest.mark.django_db
MARK = "quillonperest"


@pytest.fixture
def claim(checker: User, editor: User) -> Claim:
    return make_published_verdict(checker, editor).verdict.claim


def test_a_colleague_who_is_named_is_told(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    services.add_note(claim, by=checker, text="Mind the date, @editor. Write to me@editor.example, not to @nobody.")
    told = Notice.objects.get()
    assert (told.recipient, told.kind) == (editor, "mentioned") and "Mind the date" in told.text


def test_nobody_is_told_of_their_own_note(checker: User) -> None:
    services.add_note(make_claim(checker), by=checker, text="I, @checker, will call them.")
    assert not Notice.objects.exists()


def test_a_note_is_struck_out_by_its_author_alone_and_stays_readable(checker: User, editor: User) -> None:
    note = services.add_note(make_claim(checker), by=checker, text="They are wrong.")
    with pytest.raises(NotAllowed, match="Only its author"):
        services.strike_note(note, by=editor)
    struck = services.strike_note(note, by=checker)
    assert struck.struck_at is not None and struck.text == "They are wrong."


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE claims_note SET text = 'Another'",
        "UPDATE claims_note SET struck_at = NULL",
        "DELETE FROM claims_note",
    ],
)
def test_the_database_lets_nobody_rewrite_a_note(claim: Claim, checker: User, sql: str) -> None:
    services.strike_note(services.add_note(claim, by=checker, text="As it was."), by=checker)
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_reviewer_writes_a_note_while_reading_and_it_shows_on_both_pages(checker: User, editor: User) -> None:
    claim, desk = submitted(checker).claim, Desk(editor)
    desk.fill(desk.claim(claim, "note"), "step_form", text="Is this the\nright day? <b>")
    for page in ("change", "approve"):
        text = desk.get(desk.claim(claim, page))
        assert "right day? &lt;b&gt;" in text and "Strike it out" in text
    note = Note.objects.get()
    desk.send(f"{desk.claim(claim, 'note')}{note.pk}/strike/", {})
    note.refresh_from_db()
    assert note.struck_at is not None


def test_an_observer_writes_no_note(outsider: User, checker: User) -> None:
    with pytest.raises(NotAllowed):
        services.add_note(make_claim(checker), by=outsider, text="Hello")


def test_notes_and_contacts_never_leave(claim: Claim, checker: User, client: Client) -> None:
    services.add_note(claim, by=checker, text=f"A note {MARK} for colleagues")
    services.note_contact(claim, by=checker, reported_by=f"Aigul {MARK}", reach=f"{MARK}@mail.example", via=MARK)
    services.set_look_again(claim, by=checker, on=timezone.localdate() + timedelta(days=9), why=f"Then {MARK} is out")
    services.look_again(claim, by=checker, reason="A reader asked.")
    for path in (
        claim.get_absolute_url(), f"/claims/{claim.public_id}/history/", f"/api/v1/verdicts/{claim.public_id}/",
        f"/api/v1/verdicts/{claim.public_id}/versions/1/", "/api/v1/verdicts/", f"/api/v1/claims/{claim.public_id}/",
        "/api/v1/events/", "/feeds/verdicts.rss", "/feeds/verdicts.json", "/feeds/claimreview.jsonld", "/",
        f"/v1alpha1/claims:search?query={claim.text}",
    ):  # fmt: skip
        answer = client.get(path, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code == 200 and MARK not in body.decode(), path


def test_no_name_of_an_account_leaves_only_bylines_do(checker: User, client: Client) -> None:
    author = make_user("secret-author", byline="A. Pseudonym", first_name="Realname", email="real@news.example")
    approver = make_user("secret-approver", "reviewer")
    claim = make_published_verdict(author, approver).verdict.claim
    services.look_again(claim, by=author, reason="A reader asked.")
    services.confirm_verdict(claim, by=approver, note="It stands.")
    shown = client.get(f"/api/v1/verdicts/{claim.public_id}/").content.decode()
    assert "A. Pseudonym" in shown
    for path in (
        claim.get_absolute_url(), f"/claims/{claim.public_id}/history/", f"/api/v1/verdicts/{claim.public_id}/",
        f"/api/v1/verdicts/{claim.public_id}/versions/1/", "/api/v1/events/", "/feeds/verdicts.rss",
        "/feeds/verdicts.atom",
    ):  # fmt: skip
        text = client.get(path, follow=True).content.decode()
        for name in ("secret-author", "secret-approver", "Realname", "real@news"):
            assert name not in text, (path, name)


def test_how_a_claim_reached_us_is_for_those_who_check_and_the_record_does_not_say_it(
    checker: User, outsider: User
) -> None:
    claim, desk = make_claim(checker), Desk(checker)
    desk.fill(desk.claim(claim, "contact"), "step_form", reported_by=f"Aigul {MARK}", reach="+7 701", via="Telegram")
    assert MARK in desk.get(desk.claim(claim)) and MARK not in Desk(outsider).get(Desk(outsider).claim(claim))
    line = claim.activities.get(action="noted how the claim reached us")
    assert (line.detail, line.changes) == ("", [])


def test_contacts_are_forgotten_in_time_and_the_record_says_that_they_were(checker: User, settings: Any) -> None:
    settings.CLAIMTRACK_KEEP_CONTACTS = timedelta(days=30)
    old, new, now = make_claim(checker, "Old one"), make_claim(checker, "New one"), timezone.now()
    services.note_contact(old, by=checker, reported_by=MARK, at=now - timedelta(days=31))
    services.note_contact(new, by=checker, reported_by=MARK, at=now - timedelta(days=29))
    assert services.forget_contacts(at=now) == 1
    assert ClaimContact.objects.get().claim == new
    line = old.activities.get(action="forgot how the claim reached us")
    assert line.actor is None and MARK not in f"{line.detail}{line.changes}"


def test_emptying_the_form_forgets_at_once(checker: User) -> None:
    claim = make_claim(checker)
    services.note_contact(claim, by=checker, reported_by=MARK)
    services.note_contact(claim, by=checker)
    assert not ClaimContact.objects.exists()


def test_withholding_blanks_both(claim: Claim, checker: User) -> None:
    services.add_note(claim, by=checker, text=MARK)
    services.note_contact(claim, by=checker, reported_by=MARK)
    make_withheld(claim)
    assert Note.objects.get().text == "[withheld]" and not ClaimContact.objects.exists()
