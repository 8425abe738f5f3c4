"""What a visit finds on a page: a first capture, nothing new, or a change that a second visit confirms."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sources.choices import Availability, ChangeKind, Outcome
from sources.models import Snapshot, SourceChange
from tests.sources_support.helpers import HOUR, START, changes, make_source, visit
from tests.sources_support.server import Server, page, with_etag

pytest_plugins = ["tests.sources_support.fixtures"]

pytestmark = pytest.mark.django_db
CONFIRM = timedelta(minutes=10)


def test_the_first_visit_captures_the_page_and_makes_it_live(web: Server) -> None:
    web["/page"] = page("Only 500 people turned up.", title="Counting")
    source = make_source(web)
    check = visit(source, START)
    assert (check.outcome, check.http_status, check.counted) == (Outcome.OK, 200, False)
    assert source.availability == Availability.LIVE
    assert source.current_snapshot is not None
    assert "Only 500 people turned up." in source.current_snapshot.text
    assert (source.title, source.language, check.peer_address) == ("Counting", "en", "127.0.0.1")
    assert check.snapshot == source.current_snapshot
    assert changes(source.pk) == [(ChangeKind.CAPTURED, "", "")]


def test_an_unchanged_page_is_asked_for_conditionally_and_adds_only_a_check(web: Server) -> None:
    web["/page"] = with_etag(b"<p>The same for ever.</p>")
    source = make_source(web)
    visit(source, START)
    check = visit(source, START + HOUR)
    assert check.outcome == Outcome.NOT_MODIFIED
    assert Snapshot.objects.count() == 1
    assert source.unchanged_visits == 1
    assert source.last_ok_at == START + HOUR


def test_a_change_is_recorded_only_when_a_second_visit_sees_it_too(web: Server) -> None:
    web["/page"] = page("Only 500 people turned up.")
    source = make_source(web)
    visit(source, START)
    first = source.current_snapshot
    web["/page"] = page("Only 900 people turned up.")
    visit(source, START + HOUR)
    assert (source.current_snapshot, source.pending_since) == (first, START + HOUR)
    assert source.next_check_at == START + HOUR + CONFIRM
    visit(source, START + HOUR + CONFIRM)
    change = SourceChange.objects.get(kind=ChangeKind.CONTENT)
    assert (change.snapshot_before, change.snapshot_after) == (first, source.current_snapshot)
    assert source.current_snapshot is not None and "900" in source.current_snapshot.text
    assert source.pending_since is None


def test_a_second_visit_too_soon_confirms_nothing(web: Server) -> None:
    web["/page"] = page("One.")
    source = make_source(web)
    visit(source, START)
    web["/page"] = page("Two.")
    visit(source, START + HOUR)
    visit(source, START + HOUR + timedelta(seconds=30))
    assert not SourceChange.objects.filter(kind=ChangeKind.CONTENT).exists()


def test_a_change_that_is_gone_at_the_second_visit_was_none(web: Server) -> None:
    web["/page"] = page("One.")
    source = make_source(web)
    visit(source, START)
    web["/page"] = page("A passing error message.")
    visit(source, START + HOUR)
    web["/page"] = page("One.")
    visit(source, START + HOUR + CONFIRM)
    assert source.pending_since is None
    assert changes(source.pk) == [(ChangeKind.CAPTURED, "", "")]


def test_a_page_of_the_demo_newsroom_is_confirmed_within_seconds(web: Server) -> None:
    web["/page"] = page("One.")
    source = make_source(web, is_demo=True)
    visit(source, START)
    web["/page"] = page("Two.")
    visit(source, START + HOUR)
    assert source.next_check_at == START + HOUR + timedelta(seconds=5)
    visit(source, source.next_check_at)
    assert SourceChange.objects.filter(kind=ChangeKind.CONTENT).count() == 1


def test_a_page_that_goes_back_to_a_version_we_hold_is_confirmed_and_makes_no_new_version(web: Server) -> None:
    source = make_source(web)
    web["/page"] = page("Version A.")
    visit(source, START)
    web["/page"] = page("Version B.")
    visit(source, START + HOUR)
    visit(source, START + 2 * HOUR)
    before = SourceChange.objects.count()
    web["/page"] = page("Version A.")
    visit(source, START + 3 * HOUR)
    assert SourceChange.objects.count() == before
    visit(source, START + 4 * HOUR)
    change = SourceChange.objects.latest("pk")
    assert (change.kind, change.snapshot_after) == (ChangeKind.REVERTED, source.current_snapshot)
    assert "Version A." in source.current_snapshot.text  # type: ignore[union-attr]
    assert Snapshot.objects.count() == 2


def test_other_markup_around_the_same_text_is_no_change(web: Server) -> None:
    web["/page"] = page("The same words.")
    source = make_source(web)
    visit(source, START)
    web["/page"] = page('The same <b class="x">words</b>.<script>var ad = 17;</script><div class="ads">Buy!</div>')
    check = visit(source, START + HOUR)
    assert check.raw_sha256 != source.current_snapshot.raw_sha256  # type: ignore[union-attr]
    assert source.pending_since is None
