"""Alarms of the machinery start once and end once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from claims import services
from claims.choices import AlarmKind
from claims.models import Alarm, Notice, User
from claims.services.alarms import CALM
from claims.services.notices import notify
from sources.choices import Outcome
from sources.models import Source, SourceCheck
from sources.services import register_source

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def source(admin: User) -> Source:
    return register_source("https://news.example/square", at=NOW)


def minutes(number: int) -> datetime:
    return NOW + timedelta(minutes=number)


def visits(source: Source, *, failed: int, found: int, at: datetime = NOW) -> None:
    rows = [Outcome.INTERNAL_ERROR] * failed + [Outcome.OK] * found
    SourceCheck.objects.bulk_create(
        SourceCheck(source=source, at=at, outcome=outcome, error="No space left\non device") for outcome in rows
    )


def open_kinds() -> list[str]:
    return [str(alarm.kind) for alarm in Alarm.objects.open()]


def test_a_page_that_waits_for_an_hour_raises_the_alarm_once(source: Source) -> None:
    assert services.raise_alarms(at=minutes(60)) == 0
    assert services.raise_alarms(at=minutes(62)) == 1
    assert services.raise_alarms(at=minutes(90)) == 0
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.started_at) == (AlarmKind.SWEEP_LATE, minutes(62))
    assert "90 minutes late" in alarm.text
    assert list(Notice.objects.values_list("recipient__username", "kind")) == [("admin", "alarm_started")]


def test_an_alarm_ends_once_when_it_stays_calm(source: Source) -> None:
    services.raise_alarms(at=minutes(62))
    Source.objects.update(next_check_at=minutes(1000))
    assert services.raise_alarms(at=minutes(63)) == 0
    assert services.raise_alarms(at=minutes(63) + CALM) == 1
    assert services.raise_alarms(at=minutes(64) + CALM) == 0
    assert Alarm.objects.get().ended_at == minutes(63) + CALM
    assert Notice.objects.filter(kind="alarm_ended").count() == 1


def test_what_comes_and_goes_is_one_alarm(source: Source) -> None:
    for minute in range(62, 122, 10):
        Source.objects.update(next_check_at=NOW if minute % 20 else minutes(1000))
        services.raise_alarms(at=minutes(minute))
    assert (Alarm.objects.count(), Notice.objects.count()) == (1, 1)


def test_captures_that_fail_by_our_fault_raise_the_alarm(source: Source) -> None:
    visits(source, failed=6, found=94)
    services.raise_alarms(at=minutes(1))
    alarm = Alarm.objects.get()
    assert alarm.kind == AlarmKind.ARCHIVE_FAILING
    assert "6 of 100 visits" in alarm.text and "No space left on device" in alarm.text


@pytest.mark.parametrize(("failed", "found"), [(4, 0), (5, 95), (0, 10)])
def test_few_failures_raise_no_alarm(source: Source, failed: int, found: int) -> None:
    visits(source, failed=failed, found=found)
    services.raise_alarms(at=minutes(1))
    assert open_kinds() == []


def test_failures_of_yesterday_raise_no_alarm(source: Source) -> None:
    visits(source, failed=6, found=0, at=NOW - timedelta(days=1))
    services.raise_alarms(at=minutes(1))
    assert open_kinds() == []


def test_a_source_that_fails_at_every_visit_is_named(source: Source) -> None:
    Source.objects.update(faults=2)
    services.raise_alarms(at=NOW)
    assert open_kinds() == []
    Source.objects.update(faults=3)
    services.raise_alarms(at=NOW)
    assert open_kinds() == [AlarmKind.POISON_SOURCES]
    assert source.canonical_url in Alarm.objects.get().text


def test_mail_that_does_not_leave_is_an_alarm_on_the_desk(admin: User) -> None:
    notify([admin], kind="quote_changed", key="one", title="x", at=NOW)  # type: ignore[arg-type]
    Notice.objects.update(mail_due_at=NOW, mail_attempts=3, mail_error="OSError: refused")
    services.raise_alarms(at=NOW)
    assert "1 notices could not be mailed. The last attempt said: OSError: refused" in Alarm.objects.get().text


def test_the_database_knows_one_open_alarm_of_a_kind() -> None:
    Alarm.objects.create(kind=AlarmKind.SWEEP_LATE, started_at=NOW, text="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Alarm.objects.create(kind=AlarmKind.SWEEP_LATE, started_at=NOW, text="x")


def test_readyz_says_how_late_the_sweep_is_and_fails_nothing_for_it(source: Source, client: Client) -> None:
    Source.objects.update(next_check_at=timezone.now() - timedelta(hours=3))
    answer = client.get("/readyz").json()
    assert answer["sweep"]["late_seconds"] in range(10_800, 10_900)
    assert not any("sweep" in part for part in answer["failing"])
