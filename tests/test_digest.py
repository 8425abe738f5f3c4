"""The daily mail: when it leaves, to whom, and what it says."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from pytest_django import Settings

from claims import services
from claims.choices import NoticeKind, NoticeWay
from claims.models import Claim, Digest, Notice, User
from claims.services.digest import moment
from claims.services.notices import notify
from sources.choices import Availability
from sources.models import Source
from tests.desk import Desk, html_of
from tests.make import make_claim, make_draft, make_evidence, make_offline_evidence

pytestmark = pytest.mark.django_db

# 07:30 in Almaty, five hours ahead of UTC.
DUE = datetime(2026, 3, 10, 2, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def newsroom(settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Almaty"


@pytest.fixture
def reader(checker: User) -> User:
    return with_address(checker)


def with_address(person: User) -> User:
    person.email, person.date_joined = f"{person.username}@newsroom.example", DUE - 30 * DAY
    person.save()
    return person


def tell(person: User, key: str = "one", title: str = "Published: a claim") -> None:
    notify(
        [person],
        kind=NoticeKind.PUBLISHED,
        key=key,
        title=title,
        text="What happened",
        path="/admin/",
        at=DUE - 180 * MINUTE,
    )


def publish(text: str, reader: User, editor: User, *, at: datetime) -> Claim:
    claim = make_claim(reader, text)
    make_offline_evidence(claim, reader)
    services.approve_and_publish(services.submit_for_review(make_draft(claim, reader), by=reader), by=editor, at=at)
    return claim


def bodies() -> list[str]:
    return [str(letter.body) for letter in mail.outbox]


# When.


def test_it_leaves_at_the_newsroom_s_hour_and_not_before(reader: User) -> None:
    tell(reader)
    assert services.send_digests(at=DUE - MINUTE) == 0
    assert services.send_digests(at=DUE) == 1
    assert "Published: a claim" in bodies()[0] and "What happened" in bodies()[0]


def test_the_hour_is_a_setting(reader: User, settings: Settings) -> None:
    settings.CLAIMTRACK_DIGEST_AT = time(6, 0)
    tell(reader)
    assert services.send_digests(at=DUE - 90 * MINUTE) == 1


def test_it_leaves_once_a_day_however_often_beat_asks(reader: User) -> None:
    tell(reader)
    services.send_digests(at=DUE)
    tell(reader, "two")
    assert [services.send_digests(at=DUE + wait) for wait in (MINUTE, 60 * MINUTE, 16 * 60 * MINUTE)] == [0, 0, 0]
    assert services.send_digests(at=DUE + DAY) == 1
    assert [(row.day, row.sent_at) for row in Digest.objects.order_by("day")] == [
        (date(2026, 3, 10), DUE),
        (date(2026, 3, 11), DUE + DAY),
    ]


def test_it_leaves_late_when_beat_was_away(reader: User) -> None:
    tell(reader)
    assert services.send_digests(at=DUE + 600 * MINUTE) == 1


def test_a_day_when_nothing_ran_is_not_made_up_for_and_loses_no_notice(reader: User) -> None:
    tell(reader)
    assert services.send_digests(at=DUE + 3 * DAY) == 1
    assert Digest.objects.count() == 1 and "Published: a claim" in bodies()[0]


def test_the_database_refuses_a_second_one_of_a_day(reader: User) -> None:
    Digest.objects.create(person=reader, day=date(2026, 3, 10))
    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(person=reader, day=date(2026, 3, 10))


@pytest.mark.parametrize(
    ("day", "in_utc"),
    [
        # Clocks go from 2:00 to 3:00 on this day, so there is no 2:30; and back from 3:00 to 2:00, so there are two.
        (date(2026, 3, 29), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_day_on_which_clocks_change_has_one_too(
    day: date, in_utc: datetime, reader: User, settings: Settings
) -> None:
    settings.TIME_ZONE, settings.CLAIMTRACK_DIGEST_AT = "Europe/Berlin", time(2, 30)
    assert moment(day).astimezone(UTC) == in_utc
    User.objects.update(date_joined=in_utc - 9 * DAY)
    sent = []
    for quarter in range(96):
        notify([reader], kind=NoticeKind.PUBLISHED, key=str(quarter), title="Published", at=in_utc - DAY)
        sent.append(services.send_digests(at=in_utc - 60 * MINUTE + quarter * 15 * MINUTE))
    assert sum(sent) == 1 and sent[4] == 1


# To whom.


@pytest.mark.parametrize("change", [{"email": ""}, {"notify_by_mail": False}, {"is_active": False}])
def test_who_reads_no_mail_gets_none(change: dict[str, Any], reader: User) -> None:
    make_draft(make_claim(reader), reader)
    User.objects.filter(pk=reader.pk).update(**change)
    assert services.send_digests(at=DUE) == 0
    assert not Digest.objects.exists()


def test_who_came_after_the_hour_has_the_first_one_tomorrow(reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(date_joined=DUE + MINUTE)
    services.assign(make_claim(reader), to=reader, by=reader)
    assert services.send_digests(at=DUE + 2 * MINUTE) == 0
    assert services.send_digests(at=DUE + DAY) == 1


def test_nothing_to_say_is_not_said(reader: User) -> None:
    assert services.send_digests(at=DUE) == 0
    assert (Digest.objects.get().due_at, Digest.objects.get().sent_at, mail.outbox) == (None, None, [])


def test_what_was_ticked_off_already_is_not_told_again(reader: User) -> None:
    tell(reader)
    services.mark_read(reader)
    assert services.send_digests(at=DUE) == 0
    assert not Notice.objects.filter(in_digest=True).exists()


def test_who_wants_no_overview_reads_the_chosen_notices_alone(reader: User) -> None:
    services.assign(make_claim(reader), to=reader, by=reader)
    services.choose_ways(reader, {NoticeKind.OVERVIEW: NoticeWay.DESK})
    assert services.send_digests(at=DUE) == 0
    tell(reader)
    assert services.send_digests(at=DUE + DAY) == 1
    assert "Assigned to you" not in bodies()[0]


def test_an_observer_gets_none_unasked(outsider: User, reader: User) -> None:
    with_address(outsider)
    services.assign(make_claim(reader), to=reader, by=reader)
    assert services.send_digests(at=DUE) == 1
    assert mail.outbox[0].to == [reader.email]


# What.


def test_it_says_what_waits_what_was_published_and_what_died(reader: User, editor: User) -> None:
    with_address(editor)
    services.assign(make_claim(reader, "Mine to check"), to=reader, by=reader)
    waiting = make_claim(reader, "Waits for the second person")
    make_offline_evidence(waiting, reader)
    services.submit_for_review(make_draft(waiting, reader), by=reader)
    yesterday = DUE - 20 * 60 * MINUTE
    published = publish("Out since yesterday", reader, editor, at=yesterday)
    services.look_again(published, by=reader, reason="A reader wrote.")
    source = make_evidence(make_claim(reader, "Other"), reader, url="https://gone.example/page").source
    assert source is not None
    Source.objects.filter(pk=source.pk).update(
        availability=Availability.DEAD, availability_since=yesterday, pinned=True, pinned_reason="Closed."
    )
    services.send_digests(at=DUE)
    by_person = {letter.to[0].split("@")[0]: str(letter.body) for letter in mail.outbox}
    assert "Assigned to you\n- Mine to check" in by_person["checker"]
    assert "Waiting for your review\n- Waits for the second person" in by_person["editor"]
    assert "Waits for the second person" not in by_person["checker"]
    for text in by_person.values():
        assert "Being looked at again\n- Out since yesterday (A reader wrote.)" in text
        assert "Published yesterday\n- Out since yesterday (False)" in text
        assert "Pages that died yesterday\n- https://gone.example/page" in text
        assert "- 1 verdict published" in text


def test_what_happened_today_is_tomorrow_s_news(reader: User, editor: User) -> None:
    publish("Out today", reader, editor, at=DUE - MINUTE)
    services.choose_ways(reader, {NoticeKind.PUBLISHED: NoticeWay.DESK})
    Notice.objects.update(in_digest=False)
    assert services.send_digests(at=DUE) == 0
    assert services.send_digests(at=DUE + DAY) == 1


def test_a_long_list_is_cut_and_leads_to_the_rest(reader: User) -> None:
    for number in range(11):
        services.assign(make_claim(reader, f"Claim {number}"), to=reader, by=reader)
    services.send_digests(at=DUE)
    assert bodies()[0].count("- Claim ") == 10
    assert "http://testserver/admin/claims/claim/?who=me" in bodies()[0]


def test_it_carries_the_way_out_and_strangers_words_as_text(reader: User) -> None:
    tell(reader, title="Gone\r\nBcc: victim@example.org <b>")
    services.send_digests(at=DUE)
    letter = mail.outbox[0]
    message = letter.message()
    assert message["Bcc"] is None
    assert message["List-Unsubscribe"] == "<http://testserver/admin/claims/notice/preferences/>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "&lt;b&gt;" in html_of(letter)


def test_the_way_out_leads_to_a_page_that_stops_it(reader: User) -> None:
    services.assign(make_claim(reader), to=reader, by=reader)
    Desk(reader).fill("/admin/claims/notice/preferences/", "preferences_form", overview="desk")
    assert services.send_digests(at=DUE) == 0
