"""The desk's pages about sources."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from sources.choices import Availability
from sources.models import Source, SourceChange
from sources.services import pin, register_source
from tests.sources_support.helpers import DAY, START, make_source, visit
from tests.sources_support.server import Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, checker: Any) -> Client:
    checker.is_staff = True
    checker.save()
    client.force_login(checker)
    return client


def page_of(source: Source) -> str:
    return reverse("admin:sources_source_change", args=[source.pk])


def form(source: Source, **changes: Any) -> dict[str, Any]:
    """What the browser would post."""
    data = {"title": source.title, "publisher": source.publisher, "language": source.language, "settled_as": ""}
    for prefix in ("checks", "snapshots", "changes"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return data | changes


def test_the_list_makes_as_many_queries_for_many_sources_as_for_few(
    desk: Client, django_assert_max_num_queries: Any
) -> None:
    address = reverse("admin:sources_source_changelist")
    for number in range(30):
        register_source(f"https://example.org/{number}")
    # The first request of a session writes down that there is one.
    desk.get(address)
    with django_assert_max_num_queries(10):
        answer = desk.get(address)
    assert answer.status_code == 200
    assert b"https://example.org/29" in answer.content


def test_a_source_s_page_shows_its_visits_and_versions(desk: Client, web: Server) -> None:
    web["/page"] = page("Words.", title="The page")
    source = make_source(web)
    visit(source, START)
    web["/page"] = http(500)
    visit(source, START + DAY)
    content = desk.get(page_of(source)).content.decode()
    assert "server error" in content
    assert "the server answered 500" in content
    assert "The page" in content


def test_sources_are_found_by_words_of_their_address(desk: Client) -> None:
    register_source("https://example.org/needle")
    register_source("https://example.org/hay")
    content = desk.get(reverse("admin:sources_source_changelist"), {"q": "needle"}).content.decode()
    assert "/needle" in content and "/hay" not in content


def test_a_person_s_pin_is_set_and_lifted_on_the_page(desk: Client, checker: Any) -> None:
    source = register_source("https://example.org/page")
    desk.post(page_of(source), form(source, pinned="on", pinned_reason="Opens for people.", settled_as="live"))
    source.refresh_from_db()
    assert (source.pinned, source.pinned_by, source.availability) == (True, checker, Availability.LIVE)
    assert SourceChange.objects.get().after == Availability.LIVE
    desk.post(page_of(source), form(source))
    source.refresh_from_db()
    assert (source.pinned, source.pinned_reason) == (False, "")


def test_a_pin_without_a_reason_is_refused_with_advice(desk: Client) -> None:
    source = register_source("https://example.org/page")
    answer = desk.post(page_of(source), form(source, pinned="on"))
    assert b"Say why" in answer.content
    source.refresh_from_db()
    assert not source.pinned


def test_saving_a_title_does_not_undo_a_visit_made_meanwhile(desk: Client, web: Server) -> None:
    web["/page"] = page("Words.", title="")
    source = make_source(web)
    stale = form(source, title="A better title")
    visit(source, START)
    desk.post(page_of(source), stale)
    source.refresh_from_db()
    assert (source.title, source.availability) == ("A better title", Availability.LIVE)


def test_recheck_now_makes_a_source_due(desk: Client) -> None:
    source = register_source("https://example.org/page", at=START + 10_000 * DAY)
    desk.post(page_of(source), form(source, sources_source_recheck_now="1"))
    source.refresh_from_db()
    assert source.next_check_at < START + 9_000 * DAY


@pytest.mark.parametrize("in_list", [False, True])
def test_who_asks_for_a_visit_learns_when_a_pending_change_can_be_confirmed(
    desk: Client, settings: Settings, in_list: bool
) -> None:
    settings.RECHECK_CONFIRM_DELAY = timedelta(hours=1)
    source = register_source("https://example.org/page")
    seen = timezone.now()
    Source.objects.filter(pk=source.pk).update(pending_since=seen, pending_text_sha256="a" * 64)
    source.refresh_from_db()
    chosen = {"action": "recheck_selected", "_selected_action": [source.pk]}
    where = reverse("admin:sources_source_changelist") if in_list else page_of(source)
    sent = chosen if in_list else form(source, sources_source_recheck_now="1")
    answer = desk.post(where, sent, follow=True).content.decode()
    assert f"at {timezone.localtime(seen + timedelta(hours=1)):%H:%M} at the earliest" in answer


def test_who_asks_for_a_visit_is_told_nothing_of_confirming_where_nothing_is_pending(desk: Client) -> None:
    source = register_source("https://example.org/page")
    sent = form(source, sources_source_recheck_now="1")
    assert "at the earliest" not in desk.post(page_of(source), sent, follow=True).content.decode()


def test_an_empty_list_asks_nobody_to_create_what_nobody_can(desk: Client) -> None:
    content = desk.get(reverse("admin:sources_snapshot_changelist")).content.decode()
    assert "Nothing here yet" in content and "Create a new item" not in content
    assert "Nothing fits" in desk.get(reverse("admin:sources_source_changelist"), {"q": "needle"}).content.decode()


def test_a_capture_is_called_a_capture(desk: Client) -> None:
    assert "snapshots" not in desk.get(reverse("admin:sources_snapshot_changelist")).content.decode().split("<main")[-1]


def test_who_asks_for_a_visit_stays_on_the_page(desk: Client) -> None:
    source = register_source("https://example.org/page")
    answer = desk.post(page_of(source), form(source, sources_source_recheck_now="1"))
    assert answer.headers["Location"] == page_of(source)


def test_the_list_says_which_states_a_person_settled(desk: Client, checker: Any) -> None:
    register_source("https://example.org/free")
    pin(
        register_source("https://example.org/page"),
        by=checker,
        reason="Opens for people.",
        availability=Availability.LIVE,
    )
    content = desk.get(reverse("admin:sources_source_changelist")).content.decode()
    assert content.count("live, settled") == 1 and "new, settled" not in content


def test_a_version_s_page_leads_to_the_stored_page(desk: Client, web: Server) -> None:
    web["/page"] = page("Words.")
    source = make_source(web)
    visit(source, START)
    source.refresh_from_db()
    version = source.current_snapshot_id
    content = desk.get(reverse("admin:sources_snapshot_change", args=[version])).content.decode()
    assert reverse("admin:sources_snapshot_capture", args=[version]) in content


def test_recheck_now_makes_chosen_sources_due(desk: Client) -> None:
    source = register_source("https://example.org/page", at=START + 10_000 * DAY)
    desk.post(
        reverse("admin:sources_source_changelist"), {"action": "recheck_selected", "_selected_action": [source.pk]}
    )
    source.refresh_from_db()
    assert source.next_check_at < START + 9_000 * DAY


@pytest.mark.parametrize("model", ["source", "sourcecheck", "snapshot", "upload"])
def test_nothing_is_added_or_deleted_by_hand(client: Client, admin: Any, model: str) -> None:
    source = register_source("https://example.org/page")
    client.force_login(admin)
    assert client.get(reverse(f"admin:sources_{model}_add")).status_code == 403
    assert client.get(reverse("admin:sources_source_delete", args=[source.pk])).status_code == 403
    assert client.get(reverse(f"admin:sources_{model}_changelist")).status_code == 200


def test_an_observer_looks_and_changes_nothing(client: Client, outsider: Any) -> None:
    source = register_source("https://example.org/page")
    outsider.is_staff = True
    outsider.save()
    client.force_login(outsider)
    assert client.get(page_of(source)).status_code == 200
    assert client.post(page_of(source), form(source, title="Mine")).status_code == 403
