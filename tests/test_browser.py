"""What only a browser can tell: pages fit a phone, nothing is refused by our own policy, the keyboard gets in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from claims import services
from claims.models import Claim, User
from tests.make import PAGE, PASSWORD, make_claimant, make_page_say, make_published_verdict, make_topic

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="NO BROWSER: install Debian's chromium and chromium-driver to run these"
    ),
]
# Seconds: a machine that does other things too is slow, not broken.
PATIENCE = 40
Found = TypeVar("Found")
PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
# No host of Google's is asked for anything, and root (CI) needs no sandbox.
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in FLAGS:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    yield driver
    driver.quit()


@pytest.fixture
def claim(checker: User, editor: User, live_server: LiveServer, settings: Settings) -> Claim:
    """Under review, with long words, a claimant, a topic and a number."""
    settings.SITE_URL = live_server.url
    version = make_published_verdict(
        checker,
        editor,
        text="Донаудампфшиффартсгезельшафтскапитэнсмютце: " + "Өтеұзынқазақшасөздертізбегі" * 3,
        claimant=make_claimant("A claimant with a rather long name, and an office"),
        topics=[make_topic()],
        quantity_as_stated="thousands of protesters",
        quantity_low=2000,
        quantity_unit="people",
    )
    source = version.evidence.get().source
    assert source is not None
    make_page_say(source, PAGE.replace("hundred", "thousand"))
    services.assess_changes()
    return Claim.objects.get(pk=version.verdict_id)


def complaints(browser: webdriver.Chrome) -> list[str]:
    entries = browser.get_log("browser")  # type: ignore[no-untyped-call]
    return [entry["message"] for entry in entries if entry["level"] in {"SEVERE", "WARNING"}]


def until(browser: webdriver.Chrome, what: Callable[[webdriver.Chrome], Found]) -> Found:
    """Wait for it, also while one page makes way for the next."""
    passing = (NoSuchElementException, StaleElementReferenceException)
    return WebDriverWait(browser, PATIENCE, ignored_exceptions=passing).until(what)


def overflow(browser: webdriver.Chrome) -> int:
    return int(browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth"))


def test_public_pages_fit_a_phone_and_break_no_policy(
    browser: webdriver.Chrome, live_server: LiveServer, claim: Claim
) -> None:
    own = claim.get_absolute_url()
    history = f"/claims/{claim.public_id}/history/"
    for path in ("/", "/claims/", own, f"/ru{own}", history, "/kk/methodology/", "/corrections/", "/nothing/"):
        browser.get(live_server.url + path)
        assert overflow(browser) <= 0, path
        assert [line for line in complaints(browser) if "404" not in line] == [], path
        assert browser.get_cookies() == [], path


def test_the_first_tab_skips_to_the_content(browser: webdriver.Chrome, live_server: LiveServer, claim: Claim) -> None:
    browser.get(live_server.url + claim.get_absolute_url())
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    link = browser.switch_to.active_element
    target = (link.get_attribute("href") or "").partition("#")[2]
    assert target and browser.find_elements(By.ID, target)


def test_the_desk_lets_a_checker_in_and_shows_what_changed(
    browser: webdriver.Chrome, live_server: LiveServer, claim: Claim
) -> None:
    browser.get(live_server.url + "/admin/")
    browser.find_element(By.NAME, "username").send_keys("checker")
    browser.find_element(By.NAME, "password").send_keys(PASSWORD, Keys.ENTER)
    until(browser, lambda driver: "thousand" in driver.find_element(By.TAG_NAME, "body").text)
    browser.get(f"{live_server.url}/admin/claims/claim/{claim.pk}/change/")
    assert "Changed since we quoted it" in browser.find_element(By.TAG_NAME, "body").text
    assert overflow(browser) <= 0
    assert [line for line in complaints(browser) if "favicon" not in line] == []
