"""A change that breaks whatever acts on it stops no other change, and is neither lost nor hidden."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from claims import services
from claims.choices import AlarmKind, HoldOutcome
from claims.models import Alarm, Evidence, Hold, TouchedQuote, User
from sources.models import Source, SourceChange
from tests.drifting import ALTERED, GONE, publish_many, say, statuses, under_review

NOW = timezone.now()


@pytest.fixture
def sources(checker: User, editor: User) -> list[Source]:
    """The pages of three published verdicts; whatever acts on a change of the second one breaks."""
    sources = published(3, checker, editor)
    break_where(f"NEW.source_id = {sources[1].pk}")
    return sources


def published(number: int, checker: User, editor: User) -> list[Source]:
    """Each on a host of its own, or the brake would hold them."""
    return [publish_many(1, checker, editor, host=f"news{count}.example")[0] for count in range(number)]


def break_where(condition: str, on: str = "UPDATE ON claims_evidence", code: str = "P0001") -> None:
    """From now on the database refuses to write such rows, and no others that were refused before."""
    mend()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION break_it() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {condition} THEN RAISE EXCEPTION 'broken' USING ERRCODE = '{code}'; END IF; "
            "RETURN NEW; END $$"
        )
        cursor.execute(f"CREATE TRIGGER breaks BEFORE {on} FOR EACH ROW EXECUTE FUNCTION break_it()")


def mend() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS break_it CASCADE")


def assess(at: datetime) -> int:
    return services.assess_changes(at=at)


def minutes(number: float) -> datetime:
    return NOW + timedelta(minutes=number)


def test_the_others_are_worked_off_and_it_stays(sources: list[Source]) -> None:
    changes = say(sources, ALTERED, NOW)
    assert assess(NOW) == 2
    assert statuses() == ["altered", "intact", "altered"] and under_review() == 2
    (left,) = SourceChange.objects.unprocessed()
    assert (left.pk, left.attempts, left.not_before) == (changes[1].pk, 1, minutes(1))


def test_it_is_tried_again_later_and_later(sources: list[Source]) -> None:
    (change,) = say(sources[1:2], ALTERED, NOW)
    waits, at = [], NOW
    for _ in range(11):
        assert assess(at) == 0
        change.refresh_from_db()
        assert change.not_before is not None
        waits.append(change.not_before - at)
        assert assess(change.not_before - timedelta(seconds=1)) == 0
        at = change.not_before
    assert waits[:4] == [timedelta(minutes=number) for number in (1, 2, 4, 8)]
    assert waits[-1] == timedelta(hours=6)
    assert change.attempts == 11


def test_mended_it_is_worked_off(sources: list[Source]) -> None:
    say(sources, ALTERED, NOW)
    assess(NOW)
    mend()
    assert assess(minutes(1)) == 1
    assert statuses() == ["altered"] * 3
    assert not SourceChange.objects.unprocessed().exists()


def test_a_newer_change_of_its_page_waits_behind_it(sources: list[Source]) -> None:
    """Judged first, the newer text would be overruled by the older one."""
    say(sources[1:2], GONE, NOW)
    say(sources[1:2], ALTERED, NOW)
    assert assess(NOW) == 0
    assert list(SourceChange.objects.unprocessed().values_list("attempts", flat=True)) == [1, 0]
    mend()
    assert assess(minutes(0.5)) == 0
    assert assess(minutes(1)) == 2
    assert statuses() == ["intact", "altered", "intact"]


def test_several_that_break_are_all_found(sources: list[Source]) -> None:
    break_where(f"NEW.source_id <> {sources[2].pk}")
    say(sources, ALTERED, NOW)
    assert assess(NOW) == 1
    assert statuses() == ["intact", "intact", "altered"]
    assert SourceChange.objects.filter(attempts=1).count() == 2


def test_the_brake_is_not_got_around(checker: User, editor: User) -> None:
    """Tried one by one for good, the first of very many changes would each pass the brake."""
    sources = published(8, checker, editor)
    broken = Evidence.objects.get(source=sources[0])
    break_where(f"NEW.evidence_id = {broken.pk}", on="INSERT ON claims_touchedquote")
    say(sources, ALTERED, NOW)
    assert (assess(NOW), under_review(), TouchedQuote.objects.waiting().count()) == (7, 0, 7)


def test_where_two_break_only_together_each_is_worked_off(sources: list[Source]) -> None:
    break_where(
        "NEW.processed_at IS NOT NULL AND EXISTS "
        "(SELECT FROM sources_sourcechange WHERE processed_at = NEW.processed_at)",
        on="UPDATE ON sources_sourcechange",
    )
    say(sources, ALTERED, NOW)
    assert [assess(minutes(number)) for number in range(4)] == [1, 1, 1, 0]


def test_a_database_that_is_away_is_no_change_s_fault(sources: list[Source]) -> None:
    break_where("true", code="57P01")  # admin_shutdown
    say(sources, ALTERED, NOW)
    with pytest.raises(OperationalError):
        assess(NOW)
    assert not SourceChange.objects.filter(attempts__gt=0).exists()


def test_after_three_attempts_it_is_an_alarm_that_names_the_page(sources: list[Source]) -> None:
    say(sources, ALTERED, NOW)
    for number in (0, 1):
        assess(minutes(number))
    services.raise_alarms(at=minutes(2))
    assert not Alarm.objects.exists()
    assess(minutes(3))
    services.raise_alarms(at=minutes(4))
    alarm = Alarm.objects.get(kind=AlarmKind.POISON_CHANGES)
    assert sources[1].canonical_url in alarm.text and "1 changes" in alarm.text


def test_a_released_change_that_breaks_holds_up_nothing_behind_it(checker: User, editor: User) -> None:
    held, other = publish_many(8, checker, editor), published(1, checker, editor)[0]
    say(held, ALTERED, NOW)
    assess(NOW)
    # Released, and nothing followed from it yet: so large holds are for some beats.
    Hold.objects.update(outcome=HoldOutcome.RELEASED, decided_at=NOW, decided_by=editor, reason="They were edited.")
    broken = Evidence.objects.get(source=held[0])
    break_where(f"NEW.id = {broken.pk}")
    change = say([other], ALTERED, NOW)[0]
    assess(minutes(1))
    change.refresh_from_db()
    assert change.processed_at is not None
    assert TouchedQuote.objects.get(evidence=broken).settled_at is None
    mend()
    assess(minutes(2))
    assert TouchedQuote.objects.get(evidence=broken).settled_at is not None
