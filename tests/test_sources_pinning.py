"""What a person has settled, and what remains of it when the pin is lifted."""

from __future__ import annotations

from typing import Any

import pytest

from sources.choices import Availability
from sources.services import pin, unpin
from tests.sources_support.helpers import DAY, HOUR, START, changes, make_source, visit
from tests.sources_support.server import Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def person(django_user_model: Any) -> Any:
    return django_user_model.objects.create(username="editor")


@pytest.mark.parametrize("failures", [0, 1, 2])
def test_a_person_s_dead_does_not_outlive_the_pin_while_the_failures_are_too_few(
    failures: int, web: Server, person: Any
) -> None:
    source = make_source(web)  # a 404
    for number in range(failures):
        visit(source, START + 3 * number * DAY)
    at = START + 3 * DAY + HOUR
    pin(source, by=person, reason="The office told us by telephone.", availability=Availability.DEAD, at=at)
    unpin(source, at=at)
    visit(source, at + HOUR)
    assert (source.availability, source.counted_failures) == (Availability.SUSPECT, min(failures + 1, 2))


def test_what_the_machine_calls_dead_stays_so_when_a_pin_is_lifted(web: Server, person: Any) -> None:
    source = make_source(web)
    for day in (0, 3, 6):
        visit(source, START + day * DAY)
    pin(source, by=person, reason="Confirmed.", at=START + 7 * DAY)
    unpin(source, at=START + 8 * DAY)
    source.refresh_from_db()
    assert source.availability == Availability.DEAD
    assert [after for _, _, after in changes(source.pk)] == ["suspect", "dead"]


def test_a_page_gone_for_good_is_dead_again_at_the_visit_after_a_pin(web: Server, person: Any) -> None:
    web["/page"] = http(410)
    source = make_source(web)
    for day in (0, 3):
        visit(source, START + day * DAY)
    pin(source, by=person, reason="Confirmed.", at=START + 4 * DAY)
    unpin(source, at=START + 4 * DAY)
    visit(source, START + 4 * DAY)
    assert source.availability == Availability.DEAD


@pytest.mark.parametrize("availability", list(Availability))
def test_no_visit_changes_a_pinned_availability(availability: Availability, web: Server, person: Any) -> None:
    source = make_source(web)
    pin(source, by=person, reason="Settled.", availability=availability, at=START)
    for day, answer in enumerate((page(), http(404), http(410), http(403), http(401), b"", page("Other words."))):
        web["/page"] = answer
        visit(source, START + 4 * day * DAY)
        assert source.availability == availability
