"""What colleagues do is told to whom it concerns, each the way they chose, in their own language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from claims import services
from claims.choices import NoticeKind, NoticeWay, Role
from claims.models import Claim, Draft, Notice, NoticePreference, User
from claims.notice_ways import KINDS, default_way
from claims.said import kept, say, spoken
from claims.services.notices import notify
from tests.desk import Desk, html_of
from tests.make import make_claim, make_draft, make_offline_evidence, make_published_verdict, make_user

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LATER = NOW + timedelta(minutes=2)
PAGE = "/admin/claims/notice/preferences/"


@pytest.fixture
def claim(checker: User, editor: User, admin: User) -> Claim:
    for one in (checker, editor, admin):
        User.objects.filter(pk=one.pk).update(email=f"{one.username}@newsroom.example")
        one.refresh_from_db()
    return make_claim(checker)


def handed_in(claim: Claim, by: User) -> Draft:
    make_offline_evidence(claim, by)
    return services.submit_for_review(make_draft(claim, by), by=by)


def told(kind: NoticeKind) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def tell(person: User, kind: NoticeKind = NoticeKind.MENTIONED) -> Notice:
    notify([person], kind=kind, key=f"{kind}-one", title="Look at this", at=NOW)
    return Notice.objects.get(recipient=person, key=f"{kind}-one")


# Of what.


def test_whoever_is_given_a_claim_is_told(claim: Claim, checker: User, editor: User) -> None:
    services.assign(claim, to=checker, by=editor)
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind, notice.path) == (
        checker, "assigned", f"/admin/claims/claim/{claim.pk}/change/",
    )  # fmt: skip
    assert "editor gave you this claim." in notice.text


def test_nobody_is_told_of_taking_a_claim(claim: Claim, checker: User) -> None:
    services.assign(claim, to=checker, by=checker)
    assert not Notice.objects.exists()


def test_giving_a_claim_to_who_has_it_already_tells_nobody_again(claim: Claim, checker: User, editor: User) -> None:
    services.assign(claim, to=checker, by=editor)
    services.assign(claim, to=checker, by=editor)
    assert Notice.objects.count() == 1


def test_who_may_approve_is_told_of_a_draft_that_waits_and_no_author_is(
    claim: Claim, checker: User, editor: User
) -> None:
    make_user("second", Role.REVIEWER)
    services.save_draft(claim, by=editor, headline="Begun by the editor.")
    handed_in(claim, checker)
    assert told(NoticeKind.DRAFT_WAITING) == {"second", "admin"}


def test_the_author_reads_why_a_draft_came_back(claim: Claim, checker: User, editor: User) -> None:
    services.send_back(handed_in(claim, checker), by=editor, because="The 100 % is\nnot in the source.")
    notice = Notice.objects.get(kind=NoticeKind.SENT_BACK)
    assert notice.recipient == checker and "The 100 % is\nnot in the source." in notice.shown_text


def test_what_asked_to_read_a_draft_is_ticked_off_once_it_is_sent_back(
    claim: Claim, checker: User, editor: User
) -> None:
    draft = handed_in(claim, checker)
    assert Notice.objects.unread().filter(kind=NoticeKind.DRAFT_WAITING).exists()
    services.send_back(draft, by=editor, because="Shorter.")
    assert not Notice.objects.unread().filter(kind=NoticeKind.DRAFT_WAITING).exists()
    assert not Notice.objects.filter(kind=NoticeKind.DRAFT_WAITING, mail_due_at__isnull=False).exists()


def test_who_takes_a_draft_back_is_not_told(claim: Claim, checker: User) -> None:
    services.send_back(handed_in(claim, checker), by=checker, because="A typing error.")
    assert told(NoticeKind.SENT_BACK) == set()


def test_the_authors_are_told_that_it_is_published_and_the_approver_is_not(
    claim: Claim, checker: User, editor: User
) -> None:
    services.approve_and_publish(handed_in(claim, checker), by=editor)
    assert told(NoticeKind.PUBLISHED) == {"checker"}


def test_a_review_that_a_person_opens_is_told_to_everybody_it_concerns_but_them(
    claim: Claim, checker: User, editor: User
) -> None:
    services.approve_and_publish(handed_in(claim, checker), by=editor)
    services.look_again(claim, by=editor, reason="A reader wrote.")
    notice = Notice.objects.get(kind=NoticeKind.REVIEW_OPENED)
    assert notice.recipient == checker and "A reader wrote." in notice.text


def test_a_mention_is_told_once_for_each_note(claim: Claim, checker: User, editor: User) -> None:
    for _ in range(2):
        services.tell_of_mention([checker, editor], claim=claim, note="@checker look", key="7", by=editor, at=NOW)
    assert told(NoticeKind.MENTIONED) == {"checker"}
    assert Notice.objects.get().text == "@checker look"


def test_the_day_to_look_again_is_told_to_author_and_approver_once(checker: User, editor: User) -> None:
    verdict = make_published_verdict(checker, editor).verdict
    for _ in range(2):
        services.tell_of_look_again(verdict, why="New census.", at=NOW)
    assert told(NoticeKind.LOOK_AGAIN_DUE) == {"checker", "editor"}
    assert Notice.objects.filter(kind=NoticeKind.LOOK_AGAIN_DUE).count() == 2


# How.


def test_every_kind_has_its_ways() -> None:
    assert set(KINDS) == set(NoticeKind)
    for kind, known in KINDS.items():
        assert {default_way(kind, role) for role in known.roles} <= set(known.ways)


@pytest.mark.parametrize(
    ("way", "mailed", "kept_for_digest"),
    [(NoticeWay.MAIL, True, False), (NoticeWay.DIGEST, False, True), (NoticeWay.DESK, False, False)],
)
def test_a_notice_goes_the_way_its_person_chose(
    way: NoticeWay, mailed: bool, kept_for_digest: bool, claim: Claim, checker: User
) -> None:
    services.choose_ways(checker, {NoticeKind.MENTIONED: way})
    notice = tell(checker)
    assert (notice.mail_due_at is not None, notice.in_digest) == (mailed, kept_for_digest)
    assert notice.is_unread


def test_one_s_choice_is_nobody_else_s(claim: Claim, checker: User, editor: User) -> None:
    services.choose_ways(checker, {NoticeKind.MENTIONED: NoticeWay.DESK})
    assert tell(editor).mail_due_at is not None


def test_what_reviewers_read_at_once_waits_for_the_daily_mail_of_an_administrator(claim: Claim, checker: User) -> None:
    handed_in(claim, checker)
    by_name = {notice.recipient.username: notice for notice in Notice.objects.all()}
    assert by_name["editor"].mail_due_at and not by_name["admin"].mail_due_at and by_name["admin"].in_digest


def test_who_switched_mail_off_has_nothing_kept_for_the_daily_mail(claim: Claim, checker: User) -> None:
    services.choose_ways(checker, {NoticeKind.MENTIONED: NoticeWay.DIGEST})
    notice = tell(checker)
    services.switch_mail(checker, on=False)
    notice.refresh_from_db()
    assert not notice.in_digest
    assert not tell(checker, NoticeKind.PUBLISHED).in_digest


@pytest.mark.parametrize(("kind", "way"), [("alarm_started", "mail"), ("mentioned", "pigeon"), ("overview", "mail")])
def test_what_is_no_choice_is_refused(kind: str, way: str, checker: User) -> None:
    with pytest.raises(ValidationError):
        services.choose_ways(checker, {kind: way})
    assert not NoticePreference.objects.exists()


# Its page.


def test_the_page_keeps_what_is_chosen(claim: Claim, checker: User) -> None:
    desk = Desk(checker)
    desk.fill(PAGE, "preferences_form", assigned="digest", published="mail")
    how = services.told_how(checker)
    assert (how[NoticeKind.ASSIGNED], how[NoticeKind.PUBLISHED]) == (NoticeWay.DIGEST, NoticeWay.MAIL)
    # What stayed as it was is not kept: a better default reaches it.
    assert NoticePreference.objects.count() == 2
    assert desk.form(PAGE, "preferences_form")["assigned"] == "digest"


def test_the_page_brings_the_defaults_back(claim: Claim, checker: User) -> None:
    services.choose_ways(checker, {NoticeKind.ASSIGNED: NoticeWay.DESK})
    Desk(checker).send(PAGE, {"_defaults": ""})
    assert services.told_how(checker)[NoticeKind.ASSIGNED] == NoticeWay.MAIL


def test_the_page_switches_all_mail_off_and_on(claim: Claim, checker: User) -> None:
    desk = Desk(checker)
    sent = desk.form(PAGE, "preferences_form")
    assert sent.pop("mail")
    desk.send(PAGE, sent)
    checker.refresh_from_db()
    assert not checker.notify_by_mail
    desk.send(PAGE, sent | {"mail": "on"})
    checker.refresh_from_db()
    assert checker.notify_by_mail


def test_a_kind_that_never_concerns_a_role_is_not_on_its_page(checker: User, admin: User) -> None:
    assert 'name="alarm_started"' not in Desk(checker).get(PAGE)
    assert 'name="alarm_started"' in Desk(admin).get(PAGE)


def test_a_made_up_choice_changes_nothing_and_says_so(checker: User) -> None:
    desk = Desk(checker)
    desk.send(PAGE, {"assigned": "pigeon"})
    assert "There is no such choice" in desk.get(PAGE)


@pytest.mark.parametrize("place", ["/admin/claims/notice/", "/admin/"])
def test_the_page_is_found_from_the_notices_and_behind_one_s_name(place: str, checker: User) -> None:
    assert f'href="{PAGE}"' in Desk(checker).get(place)


# In whose language.


def test_a_notice_is_read_in_the_reader_s_language(claim: Claim, checker: User, editor: User, monkeypatch: Any) -> None:
    services.assign(claim, to=checker, by=editor)
    notice = Notice.objects.get()
    monkeypatch.setattr(
        "claims.said.gettext", lambda text: {"Given to you: %(claim)s": "Вам: %(claim)s"}.get(text, text)
    )
    assert notice.shown_title == f"Вам: {claim.text}" and notice.title == f"Given to you: {claim.text}"


def test_a_notice_told_before_there_were_words_reads_as_it_was_told(checker: User) -> None:
    old = Notice.objects.create(recipient=checker, kind="quote_changed", key="old", title="Old % one", text="100 %")
    assert (old.shown_title, old.shown_text) == ("Old % one", "100 %")


def test_a_translation_that_lost_a_value_gives_way_to_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.said.gettext", lambda text: "Нет %(such)s")
    assert spoken(kept(say("Over: %(what)s", what="Mail"))) == "Over: Mail"


def test_strangers_words_are_no_template(checker: User) -> None:
    notify([checker], kind=NoticeKind.MENTIONED, key="odd", title=say("Over: %(what)s", what="%(evil)s %d"), at=NOW)
    assert Notice.objects.get().shown_title == "Over: %(evil)s %d"


def test_the_mail_is_in_the_language_of_its_person(claim: Claim, checker: User, monkeypatch: Any) -> None:
    spoken_in: list[str | None] = []
    services.choose_language(checker, language="ru")

    def translated(text: str) -> str:
        spoken_in.append(translation.get_language())
        return text

    monkeypatch.setattr("claims.said.gettext", translated)
    notify([checker], kind=NoticeKind.MENTIONED, key="one", title=say("Alarm: %(what)s", what="x"), at=NOW)
    del spoken_in[:]
    services.send_notices(at=LATER)
    assert set(spoken_in) == {"ru"}
    assert '<html lang="ru">' in html_of(mail.outbox[0])


# The mail itself.


def test_a_mail_is_text_and_html_and_says_how_to_be_rid_of_it(claim: Claim, checker: User) -> None:
    notify(
        [checker],
        kind=NoticeKind.MENTIONED,
        key="one",
        title="<b>Bold</b> & more",
        text="a < b",
        path="/admin/",
        at=NOW,
    )
    services.send_notices(at=LATER)
    letter = mail.outbox[0]
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; more" in html_of(letter)
    assert "<b>Bold</b> & more" in letter.body and "a < b" in letter.body
    message = letter.message()
    assert message["List-Unsubscribe"] == f"<http://testserver{PAGE}>" and message["Auto-Submitted"] == "auto-generated"
    assert f"http://testserver{PAGE}" in letter.body
