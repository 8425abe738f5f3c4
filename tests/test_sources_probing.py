"""Pages that are gone though their site says 200: told by what the site shows for addresses that cannot exist."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from datetime import timedelta

import pytest

from sources.choices import Availability, ChangeKind, Outcome
from sources.models import MissingPage, Source, SourceChange
from sources.outcomes import is_like
from sources.services import probe_missing_pages
from sources.services.probing import FRESH_FOR, probe_url
from sources.services.turns import take_turns
from tests.sources_support.helpers import DAY, HOUR, START, make_source, visit
from tests.sources_support.server import Answer, Asked, Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db

ARTICLE = "Only 500 people turned up at the protests, our reporter counted. " * 12
SORRY = "Here are today's stories instead: the weather, the markets, the football and the horoscope of {path}."


class NonsenseServer(dict[str, Answer]):
    """Answers every path that is not set with the same page and 200, as sites do that know no 404."""

    def get(self, path: str, default: object = None) -> Answer:
        if path in self or path == "/robots.txt":
            return super().get(path, http(404))
        return page(SORRY.format(path=path[:20]), title="Daily")


@pytest.fixture
def careless(web: Server) -> Server:
    """A site that answers 200 to everything."""
    web.answers = NonsenseServer()
    web["/page"] = page(ARTICLE, title="Daily")
    return web


def captured(web: Server) -> Source:
    source = make_source(web)
    visit(source, START)
    return source


def asked_for_nonsense(web: Server) -> list[str]:
    return [path for path in web.pages_asked if "no-such-page" in path]


def test_a_page_replaced_by_its_site_s_nonsense_page_is_missing_and_no_version(careless: Server) -> None:
    source = captured(careless)
    del careless.answers["/page"]
    visit(source, START + HOUR)
    assert probe_missing_pages(at=START + HOUR) == 1
    check = visit(source, START + 2 * HOUR)
    assert (check.outcome, check.counted) == (Outcome.SOFT404_SUSPECT, True)
    assert source.availability == Availability.SUSPECT
    assert source.snapshots.count() == 1
    assert not SourceChange.objects.filter(kind=ChangeKind.CONTENT).exists()


def test_a_page_that_comes_back_is_live_again(careless: Server) -> None:
    source = captured(careless)
    article = careless.answers.pop("/page")
    visit(source, START + HOUR)
    probe_missing_pages(at=START + HOUR)
    visit(source, START + 2 * HOUR)
    careless["/page"] = article
    visit(source, START + DAY)
    assert (source.availability, source.pending_since) == (Availability.LIVE, None)


def test_a_page_that_was_really_cut_short_is_a_change(careless: Server) -> None:
    source = captured(careless)
    careless["/page"] = page("Only 900 people turned up. This article was shortened after a complaint.", title="Daily")
    visit(source, START + HOUR)
    probe_missing_pages(at=START + HOUR)
    visit(source, START + 2 * HOUR)
    assert SourceChange.objects.filter(kind=ChangeKind.CONTENT).count() == 1


def test_a_site_that_says_404_has_no_such_pages(web: Server) -> None:
    web["/page"] = page(ARTICLE)
    source = captured(web)
    web["/page"] = page("Much shorter now.")
    visit(source, START + HOUR)
    assert probe_missing_pages(at=START + HOUR) == 1
    assert (MissingPage.objects.get().status, MissingPage.objects.get().text) == (404, "")
    visit(source, START + 2 * HOUR)
    assert SourceChange.objects.filter(kind=ChangeKind.CONTENT).count() == 1


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (page(ARTICLE.replace("500", "900")), 0),
        (page("Short."), 1),
        (http(302, location="/elsewhere"), 1),
    ],
)
def test_a_site_is_asked_only_when_a_text_shrank_or_came_by_a_redirect(
    answer: bytes, asked: int, careless: Server
) -> None:
    source = captured(careless)
    careless["/elsewhere"] = page(ARTICLE.replace("500", "900"))
    careless["/page"] = answer
    visit(source, START + HOUR)
    assert probe_missing_pages(at=START + HOUR) == len(asked_for_nonsense(careless)) == asked


def test_a_site_is_asked_once_for_all_its_pages_and_again_after_a_month(careless: Server) -> None:
    sources = [make_source(careless, f"/{number}") for number in range(3)]

    def all_shrink(at_day: int) -> None:
        for source in sources:
            careless[source.canonical_url.rpartition(str(careless.port))[2]] = page(ARTICLE * at_day)
            visit(source, START + at_day * DAY)
            visit(source, START + at_day * DAY + HOUR)
            careless[source.canonical_url.rpartition(str(careless.port))[2]] = page(f"Short {at_day}.")
            visit(source, START + at_day * DAY + 2 * HOUR)
        probe_missing_pages(at=START + at_day * DAY + 2 * HOUR)

    all_shrink(1)
    all_shrink(2)
    assert len(asked_for_nonsense(careless)) == 1
    all_shrink(2 + FRESH_FOR // DAY)
    assert len(asked_for_nonsense(careless)) == 2


def test_a_host_whose_turn_it_is_not_is_asked_later(careless: Server) -> None:
    source = captured(careless)
    careless["/page"] = page("Short.")
    visit(source, START + HOUR)
    assert take_turns([source.host])
    assert probe_missing_pages(at=START + HOUR) == 0
    assert MissingPage.objects.get().asked_at is None


def test_robots_txt_is_obeyed(careless: Server) -> None:
    source = captured(careless)
    careless["/page"] = page("Short.")
    visit(source, START + HOUR)
    careless["/robots.txt"] = http(200, "User-agent: *\nDisallow: /no-such", content_type="text/plain")
    probe_missing_pages(at=START + 2 * DAY)
    assert asked_for_nonsense(careless) == []
    assert MissingPage.objects.get().asked_at == START + 2 * DAY


def test_a_site_that_is_down_is_not_asked_again_and_again(web: Server) -> None:
    MissingPage.objects.create(origin=web.url)
    web.close()
    assert probe_missing_pages(at=START) == 1
    assert probe_missing_pages(at=START + timedelta(minutes=1)) == 0


def test_the_address_asked_for_is_new_each_time_and_says_who_asks() -> None:
    first, second = probe_url("https://e.org"), probe_url("https://e.org")
    assert first != second
    assert re.fullmatch(r"https://e\.org/no-such-page-asked-by-claimtrack-[0-9a-f]{16}", first)


@pytest.mark.parametrize(
    ("text", "missing", "like"),
    [
        ("Sorry, /a is not here. Try the search above.", "Sorry, /b is not here. Try the search above.", True),
        ("menu " * 50 + "A short but real note on the mayor's new budget", "menu " * 50 + "Nothing here", False),
        ("", "Nothing here", False),
        ("Gone fishing", "Nothing here", False),
    ],
)
def test_pages_are_alike_when_hardly_a_word_differs(text: str, missing: str, like: bool) -> None:
    assert is_like(text, missing) == like


def hang_up(_: Asked, connection: socket.socket) -> None:
    connection.close()


@pytest.mark.parametrize("broken", [hang_up, http(200, b"\x1f\x8bbroken", content_encoding="gzip")])
def test_a_site_that_answers_nonsense_with_nonsense_breaks_nothing(
    broken: bytes | Callable[[Asked, socket.socket], None], web: Server
) -> None:
    web.answers = type("Broken", (dict,), {"get": lambda *_: broken})()
    MissingPage.objects.create(origin=web.url)
    probe_missing_pages(at=START)
    assert MissingPage.objects.get().text == ""
