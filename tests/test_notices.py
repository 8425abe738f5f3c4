"""Who is told of what, and how it reaches them by mail."""

from __future__ import annotations

from datetime import timedelta
from email.message import Message
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from claims import services
from claims.choices import NoticeKind
from claims.models import Notice, User, VerdictVersion
from claims.services.mailing import ATTEMPTS, LEASE
from claims.services.notices import notify
from sources.choices import ChangeKind
from sources.models import Source, SourceChange
from tests.drifting import ALTERED, GONE, change, publish
from tests.make import make_user

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def version(checker: User, editor: User) -> VerdictVersion:
    for person in (checker, editor):
        person.email = f"{person.username}@newsroom.example"
        person.save()
    published = publish(checker, editor, "https://news.example/square")
    # What colleagues are told on the way there is a matter of test_told.py.
    Notice.objects.all().delete()
    return published


@pytest.fixture
def source(version: VerdictVersion) -> Source:
    return Source.objects.get()


def tell(*people: User, title: str = "A page changed", key: str = "one", at: Any = NOW, text: str = "") -> None:
    notify(people, kind=NoticeKind.QUOTE_CHANGED, key=key, title=title, text=text, path="/admin/", at=at)


def told() -> set[tuple[str, str]]:
    return set(Notice.objects.values_list("recipient__username", "kind"))


def becomes(source: Source, before: str, after: str) -> None:
    SourceChange.objects.create(source=source, kind=ChangeKind.AVAILABILITY, before=before, after=after)
    services.assess_changes()


class Broken(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages: Any) -> int:
        raise OSError("connection refused\r\nX-Evil: 1")


# Of what.


def test_author_and_approver_are_told_of_a_review_with_the_changed_words(source: Source) -> None:
    change([source], ALTERED)
    assert told() == {("checker", "review_opened"), ("editor", "review_opened")}
    text = Notice.objects.all()[0].text
    assert "We quoted: “only a few hundred had actually turned up”" in text
    assert "The page says: “only a few thousand had actually turned up”" in text
    assert "Gone: hundred" in text and "New: thousand" in text


def test_whoever_has_the_claim_is_told_too(version: VerdictVersion, source: Source, checker: User, admin: User) -> None:
    claim = version.verdict.claim
    services.correct_verdict(claim, by=checker, kind="minor", reason="A date.")
    services.assign(claim, to=admin, by=checker)
    change([source], ALTERED)
    assert ("admin", "review_opened") in told()


def test_a_quote_that_is_gone_is_said_to_be_gone(source: Source) -> None:
    change([source], GONE)
    assert "The page says nothing like it any more." in Notice.objects.all()[0].text


def test_a_second_change_of_a_verdict_under_review_is_told_as_such(source: Source) -> None:
    change([source], ALTERED)
    change([source], GONE)
    assert told() >= {("checker", "quote_changed"), ("editor", "quote_changed")}


def test_without_reviews_of_the_machine_s_own_the_desk_is_told_all_the_same(source: Source, settings: Settings) -> None:
    settings.CLAIMTRACK_AUTO_OPEN_REVIEW = False
    change([source], ALTERED)
    assert told() == {("checker", "quote_changed"), ("editor", "quote_changed")}


def test_an_intact_quote_is_no_news(source: Source) -> None:
    change([source], "Advertisement. " + ALTERED.replace("a few thousand", "a few hundred"))
    assert told() == set()


@pytest.mark.parametrize(
    ("before", "after", "title"), [("suspect", "dead", "Page dead"), ("dead", "live", "Page back")]
)
def test_a_page_that_dies_or_comes_back_is_told(source: Source, before: str, after: str, title: str) -> None:
    becomes(source, before, after)
    assert told() == {("checker", "source_changed"), ("editor", "source_changed")}
    assert Notice.objects.all()[0].title.startswith(f"{title}: ")
    assert "Thousands of protesters filled the square" in Notice.objects.all()[0].text


def test_a_page_that_moved_is_told(source: Source) -> None:
    old = "https://news.example/old"
    SourceChange.objects.create(source=source, kind=ChangeKind.MOVED, before=old, after=source.canonical_url)
    services.assess_changes()
    assert old in Notice.objects.all()[0].text


@pytest.mark.parametrize(("before", "after"), [("live", "suspect"), ("suspect", "live"), ("live", "blocked")])
def test_a_page_that_stumbles_is_not_told(source: Source, before: str, after: str) -> None:
    becomes(source, before, after)
    assert told() == set()


def test_a_page_that_is_only_context_is_not_told(checker: User, editor: User) -> None:
    publish(checker, editor, "https://news.example/square", "https://news.example/context", load_bearing=False)
    Notice.objects.all().delete()
    becomes(Source.objects.get(canonical_url__endswith="context"), "suspect", "dead")
    assert told() == set()


def test_when_author_and_approver_have_left_the_approvers_are_told(
    source: Source, checker: User, editor: User, admin: User
) -> None:
    User.objects.filter(pk__in=[checker.pk, editor.pk]).update(is_active=False)
    change([source], ALTERED)
    assert told() == {("admin", "review_opened")}


def test_nobody_is_told_twice_of_one_event(checker: User) -> None:
    tell(checker)
    tell(checker)
    assert Notice.objects.count() == 1


# By mail.


def test_one_mail_carries_all_that_came_within_the_minute(version: VerdictVersion, checker: User, editor: User) -> None:
    tell(checker, editor)
    tell(checker, key="two", title="Another page", text="What changed", at=NOW + timedelta(seconds=50))
    assert services.send_notices(at=NOW) == 0
    assert services.send_notices(at=NOW + timedelta(seconds=61)) == 2
    letter = next(letter for letter in mail.outbox if letter.to == ["checker@newsroom.example"])
    assert letter.subject == "[Claimtrack] A page changed (+1)"
    assert "Another page" in letter.body and "What changed" in letter.body
    assert "http://testserver/admin/" in letter.body
    assert services.send_notices(at=LATER) == 0


def test_who_switched_mail_off_reads_it_on_the_desk_alone(version: VerdictVersion, checker: User) -> None:
    services.switch_mail(checker, on=False)
    tell(checker)
    assert (services.send_notices(at=LATER), Notice.objects.unread().count()) == (0, 1)


def test_mail_switched_off_in_between_does_not_leave(version: VerdictVersion, checker: User) -> None:
    tell(checker)
    services.switch_mail(checker, on=False)
    assert services.send_notices(at=LATER) == 0
    assert Notice.objects.get().mail_due_at is None


def test_somebody_without_an_address_is_not_mailed(checker: User) -> None:
    tell(checker)
    assert Notice.objects.get().mail_due_at is None


def test_a_stranger_s_title_sets_no_header(version: VerdictVersion, checker: User) -> None:
    tell(checker, title="Gone\r\nBcc: victim@example.org\u2028\u202e\x00 evil " + "x" * 500)
    services.send_notices(at=LATER)
    message: Message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert mail.outbox[0].subject.startswith("[Claimtrack] Gone Bcc: victim@example.org evil x")
    assert len(mail.outbox[0].subject) < 150
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_mail_that_fails_is_tried_again_and_says_why(
    version: VerdictVersion, checker: User, settings: Settings
) -> None:
    tell(checker)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Broken"
    assert services.send_notices(at=LATER) == 0
    notice = Notice.objects.get()
    assert (notice.mail_attempts, notice.mail_error) == (1, "OSError: connection refused X-Evil: 1")
    assert notice.mail_due_at == LATER + timedelta(minutes=1)
    settings.EMAIL_BACKEND = working
    assert services.send_notices(at=LATER + timedelta(minutes=1)) == 1
    notice.refresh_from_db()
    assert (notice.mail_error, notice.mail_due_at is None) == ("", True)


def test_a_mail_that_never_leaves_is_given_up_and_stays_on_the_desk(
    version: VerdictVersion, checker: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    tell(checker)
    at = LATER
    for _ in range(ATTEMPTS):
        services.send_notices(at=at)
        at += timedelta(hours=6)
    notice = Notice.objects.get()
    assert (notice.mail_attempts, notice.mail_due_at, notice.mailed_at) == (ATTEMPTS, None, None)
    assert notice.mail_error and notice.is_unread


def test_a_worker_killed_while_it_sends_loses_no_mail(
    version: VerdictVersion, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(checker)

    def killed(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", killed)
        with pytest.raises(SystemExit):
            services.send_notices(at=LATER)
    assert services.send_notices(at=LATER + timedelta(minutes=5)) == 0
    assert services.send_notices(at=LATER + LEASE) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_inside_a_transaction(checker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    checker.email = "checker@newsroom.example"
    checker.save()
    inside = []

    def send(*_: Any) -> int:
        inside.append(connection.in_atomic_block)
        return 1

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    tell(checker)
    services.send_notices(at=LATER)
    assert inside == [False]


def test_while_one_worker_sends_another_finds_nothing_to_send(
    version: VerdictVersion, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(checker)
    meanwhile = []

    def send(*_: Any) -> int:
        meanwhile.append(services.send_notices(at=LATER))
        return 1

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    assert services.send_notices(at=LATER) == 1
    assert meanwhile == [0]


def test_a_large_mail_is_cut_short(version: VerdictVersion, checker: User) -> None:
    for number in range(40):
        tell(checker, key=str(number))
    services.send_notices(at=LATER)
    assert "And 10 more, all on the desk." in mail.outbox[0].body


# On the desk.


def test_one_ticks_off_one_s_own_notices_alone(checker: User, editor: User) -> None:
    tell(checker, editor)
    tell(checker, key="two")
    first = Notice.objects.filter(recipient=checker).order_by("pk")[0]
    assert services.mark_read(editor, notice=first.pk) == 0
    assert services.mark_read(checker, notice=first.pk) == 1
    assert services.mark_read(checker) == 1
    assert not Notice.objects.filter(recipient=checker, mail_due_at__isnull=False).exists()
    assert list(Notice.objects.unread()) == [Notice.objects.get(recipient=editor)]


def test_an_observer_is_not_asked_to_decide(source: Source, outsider: User, admin: User) -> None:
    from claims.models import Hold
    from claims.services.notices import tell_of_hold

    make_user("gone", "reviewer", is_active=False)
    tell_of_hold(Hold.objects.create(host="news.example", opened_at=NOW, why="6 quotes"), at=NOW)
    assert told() == {("editor", "hold_opened"), ("admin", "hold_opened")}
