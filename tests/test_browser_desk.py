"""The desk by screen reader, keyboard and phone: axe-core judges every kind of page by WCAG 2.2 AA."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from claims.models import Claim, User
from tests.make import make_claim, make_draft, make_evidence
from tests.test_browser import CHROMIUM, DRIVER, FLAGS, PHONE, claim, overflow, until  # noqa: F401

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="NO BROWSER: install Debian's chromium and chromium-driver to run these"
    ),
]
DESKTOP = {"width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": False}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
JUDGE = """
const done = arguments[arguments.length - 1];
axe.run({runOnly: {type: "tag", values: arguments[0]}, resultTypes: ["violations"]}).then(found => done(
  found.violations.flatMap(one => one.nodes.map(node => one.id + " " + node.target.join(" ")))));
"""
# Not ours, and why it stays: (rule, what its place ends with).
THEIRS = {
    # select2, the menus with a search that Django's admin brings, lists what is chosen beside a cross for all of it.
    ("list", ".select2-selection__rendered"),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in FLAGS:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.set_script_timeout(60)
    yield driver
    driver.quit()


@pytest.fixture
def pages(claim: Claim, admin: User, checker: User, editor: User, settings: Settings) -> list[str]:  # noqa: F811
    """Every kind of page: the front page, lists, forms, steps, our own pages."""
    drafted = make_claim(checker, "Handed to nobody yet")
    make_evidence(drafted, checker, url="https://news.example/drafted")
    make_draft(drafted, checker)
    source = claim.evidence.get().source
    assert source is not None
    own = f"/admin/claims/claim/{claim.pk}"
    return [
        "/admin/", "/admin/claims/claim/", f"{own}/change/", f"/admin/claims/claim/{drafted.pk}/draft/",
        f"/admin/claims/claim/{drafted.pk}/submit/", f"{own}/confirm/", "/admin/claims/claim/add/", "/admin/claims/log",
        "/admin/claims/notice/", "/admin/claims/hold/", f"/admin/sources/source/{source.pk}/change/",
        "/admin/sources/source/", "/admin/sources/source/health/", "/admin/claims/user/add/",
        "/admin/feed/endpoint/add/", "/admin/account/", "/admin/claims/claimfile/add/", f"{own}/history/",
        f"/admin/claims/claim/{drafted.pk}/evidence/add/",
    ]  # fmt: skip


def sign_in(browser: webdriver.Chrome, live_server: LiveServer, user: User) -> None:
    client = Client()
    client.force_login(user)
    browser.get(live_server.url + "/admin/login/")
    browser.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value, "path": "/"})


def look(browser: webdriver.Chrome, *, size: dict[str, Any], theme: str) -> None:
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]}
    )


def violations(browser: webdriver.Chrome) -> list[str]:
    browser.execute_script(AXE)
    found = browser.execute_async_script(JUDGE, RULES)
    return [one for one in found if not any(one.startswith(rule) and one.endswith(end) for rule, end in THEIRS)]


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_axe_finds_nothing_of_ours_on_any_kind_of_page(
    size: dict[str, Any], theme: str, browser: webdriver.Chrome, live_server: LiveServer, admin: User, pages: list[str]
) -> None:
    look(browser, size=size, theme=theme)
    browser.get(live_server.url + "/admin/login/")
    found = {"/admin/login/": violations(browser)}
    sign_in(browser, live_server, admin)
    for path in pages:
        browser.get(live_server.url + path)
        found[path] = violations(browser)
    assert {path: left for path, left in found.items() if left} == {}


def test_every_page_fits_a_phone(
    browser: webdriver.Chrome, live_server: LiveServer, admin: User, pages: list[str]
) -> None:
    look(browser, size=PHONE, theme="light")
    sign_in(browser, live_server, admin)
    wide = {}
    for path in pages:
        browser.get(live_server.url + path)
        if overflow(browser) > 0:
            wide[path] = overflow(browser)
    assert wide == {}


def test_the_first_tab_of_a_page_skips_to_its_content(
    browser: webdriver.Chrome, live_server: LiveServer, admin: User
) -> None:
    look(browser, size=DESKTOP, theme="light")
    sign_in(browser, live_server, admin)
    browser.get(live_server.url + "/admin/claims/claim/")
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    link = browser.switch_to.active_element
    assert (link.get_attribute("href") or "").endswith("#content") and link.is_displayed()


def test_the_menus_open_and_close_by_keyboard(browser: webdriver.Chrome, live_server: LiveServer, admin: User) -> None:
    look(browser, size=PHONE, theme="light")
    sign_in(browser, live_server, admin)
    browser.get(live_server.url + "/admin/")
    browser.find_element(By.ID, "desk-menu").send_keys(Keys.ENTER)
    # The theme's script shows and hides in its own time.
    until(browser, lambda driver: driver.find_element(By.ID, "nav-sidebar").is_displayed())
    user = browser.find_element(By.CSS_SELECTOR, "[aria-controls='user-links']")
    user.send_keys(Keys.ENTER)
    until(browser, lambda driver: driver.find_element(By.CSS_SELECTOR, "#user-links button[lang='kk']").is_displayed())
    user.send_keys(Keys.ESCAPE)
    until(browser, lambda driver: not driver.find_element(By.ID, "user-links").is_displayed())


def test_whatever_is_clicked_can_be_reached_by_keyboard(
    browser: webdriver.Chrome, live_server: LiveServer, admin: User, pages: list[str]
) -> None:
    """The theme hangs clicks on plain elements here and there; where it does, the same is offered by a real control."""
    look(browser, size=DESKTOP, theme="light")
    sign_in(browser, live_server, admin)
    script = """return [...document.querySelectorAll("*")].filter(one => [...one.attributes].some(
      given => given.name.startsWith("x-on:click") && !given.name.includes("outside")) && one.tabIndex < 0
      && one.checkVisibility()).map(one => one.outerHTML.slice(0, 120));"""
    left = {}
    for path in pages:
        browser.get(live_server.url + path)
        if found := browser.execute_script(script):
            left[path] = found
    assert left == {}
