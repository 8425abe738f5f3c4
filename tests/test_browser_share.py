"""A card in a sandbox without scripts, and the copying that the claim page offers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By

from claims import services
from claims.models import Claim, User
from tests.make import make_published_verdict
from tests.sources_support.server import Server, http
from tests.test_browser import browser, complaints, pytestmark, until

__all__ = ["browser", "pytestmark"]
pytest_plugins = ["tests.sources_support.fixtures"]


@pytest.fixture
def claim(checker: User, editor: User, live_server: LiveServer, settings: Settings) -> Iterator[Claim]:
    settings.SITE_URL = live_server.url
    yield make_published_verdict(checker, editor).verdict.claim


def framed(web: Server, address: str, sandbox: str) -> str:
    web["/host"] = http(200, f'<iframe src="{address}" width="300" height="400" sandbox="{sandbox}"></iframe>')
    return f"{web.url}/host"


def test_a_card_shows_in_a_sandbox_without_scripts_on_every_visit(
    browser: webdriver.Chrome, live_server: LiveServer, claim: Claim, web: Server
) -> None:
    """The second visit is answered 304, whose headers the browser puts on the card it kept."""
    host = framed(web, f"{live_server.url}/embed/{claim.public_id}/", "")
    for _ in range(2):
        browser.get(host)
        browser.switch_to.frame(browser.find_element(By.TAG_NAME, "iframe"))
        word = browser.find_element(By.CLASS_NAME, "embed-word")
        assert word.is_displayed() and "False" in word.text
        assert word.value_of_css_property("display") == "flex", "its style sheet has come"
    assert browser.get_cookies() == []


def test_an_open_card_follows_the_verdict(
    browser: webdriver.Chrome, live_server: LiveServer, claim: Claim, web: Server, editor: User
) -> None:
    complaints(browser)
    browser.get(framed(web, f"{live_server.url}/embed/{claim.public_id}/", "allow-scripts"))
    browser.switch_to.frame(browser.find_element(By.TAG_NAME, "iframe"))
    until(browser, lambda driver: driver.find_elements(By.CSS_SELECTOR, ".fresh .embed-word"))
    services.retract_verdict(claim, by=editor, reason="We were wrong.")
    browser.execute_script(
        "const now = Date.now; Date.now = () => now() + 60000; document.dispatchEvent(new Event('visibilitychange'))"
    )
    until(browser, lambda driver: "We were wrong." in driver.find_element(By.ID, "card").text)
    assert [line for line in complaints(browser) if "favicon" not in line] == []


def test_copying_says_aloud_what_it_did(browser: webdriver.Chrome, live_server: LiveServer, claim: Claim) -> None:
    browser.get(live_server.url + claim.get_absolute_url())
    button = until(browser, lambda driver: driver.find_element(By.CSS_SELECTOR, "[data-copies=share-quotation]"))
    until(browser, lambda _: button.is_displayed())
    browser.execute_script("navigator.clipboard.writeText = async (text) => { window.copied = text }")
    browser.execute_script("arguments[0].click()", button)
    said = browser.find_element(By.CSS_SELECTOR, "[role=status][data-share-said]")
    until(browser, lambda _: "copied" in str(said.get_property("textContent")))
    copied = browser.execute_script("return window.copied")
    assert "Rating: False" in copied and claim.public_id in copied
    assert browser.switch_to.active_element == button
