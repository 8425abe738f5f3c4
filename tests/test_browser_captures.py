"""A real browser shows a hostile capture: nothing runs, nothing is loaded, nothing leads away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from claims import services
from claims.models import User
from sources.models import Source
from tests.make import make_claim, make_draft, make_evidence
from tests.sources_support.attacks import ATTACKS
from tests.sources_support.helpers import make_source, visit
from tests.sources_support.server import Canary, Server, http
from tests.test_browser import CHROMIUM, DRIVER, FLAGS, pytestmark

__all__ = ["pytestmark"]
pytest_plugins = ["tests.sources_support.fixtures"]
WORDS = "Police counted a few hundred people on the square."


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in FLAGS:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def hostile(web: Server, canary: Canary, checker: User, editor: User) -> Source:
    """A page in which every attack we know reaches for the canary, quoted by a published verdict."""
    evil = f"http://127.0.0.1:{canary.port}/"
    attacks = "".join(markup for name, markup in ATTACKS.items() if name not in {"refresh", "frameset", "template"})
    attacks = attacks.replace("https://evil.example/", evil).replace("//evil.example", evil)
    attacks = attacks.replace("steal()", f"location=`{evil}`")
    web["/page"] = http(200, f"<title>The square</title><p>{WORDS}</p>{attacks}")
    source = make_source(web, "/page", at=timezone.now())
    visit(source, timezone.now())
    claim = make_claim(checker)
    make_evidence(claim, checker, url=source.canonical_url, quote="a few hundred people")
    services.assess_changes()
    services.approve_and_publish(services.submit_for_review(make_draft(claim, checker), by=checker), by=editor)
    return source


def addresses(source: Source) -> tuple[str, str]:
    assert source.current_snapshot is not None
    frame = f"/sources/{source.public_id}/captures/{source.current_snapshot.public_id}/"
    return frame, f"{frame}page/"


def test_the_attacks_do_act_where_nothing_keeps_them(
    browser: webdriver.Chrome, hostile: Source, canary: Canary
) -> None:
    browser.get(hostile.canonical_url)
    assert canary.connections > 0


def test_a_hostile_capture_reaches_for_nothing(
    browser: webdriver.Chrome, hostile: Source, canary: Canary, live_server: LiveServer, settings: Settings
) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = "full"
    frame, page = addresses(hostile)
    browser.get(live_server.url + page)
    assert WORDS in browser.find_element(By.TAG_NAME, "body").text
    browser.find_element(By.CLASS_NAME, "link").click()
    assert browser.current_url == live_server.url + page
    browser.get(live_server.url + frame)
    browser.switch_to.frame(browser.find_element(By.TAG_NAME, "iframe"))
    assert WORDS in browser.find_element(By.TAG_NAME, "body").text
    assert browser.find_elements(By.CSS_SELECTOR, "script, img, a, form, input, iframe, object, svg, link, base") == []
    browser.switch_to.default_content()
    assert browser.current_url == live_server.url + frame
    assert canary.connections == 0


def test_scripts_stay_dead_in_the_page_even_if_one_slipped_through(
    browser: webdriver.Chrome, hostile: Source, canary: Canary, live_server: LiveServer, settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The second wall: our own headers, with nothing taken out of the page."""
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = "full"
    monkeypatch.setattr("sources.inert.page._made_inert", lambda content, kind: content.decode())
    browser.get(live_server.url + addresses(hostile)[1])
    assert WORDS in browser.find_element(By.TAG_NAME, "body").text
    assert canary.connections == 0
