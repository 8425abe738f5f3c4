"""Evidence picked and a verdict written in a browser: by keyboard, on a phone, through a lost session."""

from __future__ import annotations

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from claims.models import Claim, Draft, Evidence, UnsavedWords, User
from sources.services import register_source
from tests.make import PASSWORD, make_claim, make_draft, make_snapshot
from tests.test_browser import browser, complaints, overflow, pytestmark, until

__all__ = ["browser", "pytestmark"]
MOST_TABS = 120


@pytest.fixture
def claim(checker: User) -> Claim:
    claim = make_claim(checker)
    make_draft(claim, checker)
    return claim


def sign_in(browser: webdriver.Chrome, address: str) -> None:
    """Leads to the address, by way of the desk's sign-in."""
    browser.get(address)
    browser.find_element(By.NAME, "username").send_keys("checker")
    browser.find_element(By.NAME, "password").send_keys(PASSWORD, Keys.ENTER)


def see(browser: webdriver.Chrome, words: str) -> None:
    until(browser, lambda driver: words in driver.find_element(By.TAG_NAME, "body").text)


def value_is(browser: webdriver.Chrome, name: str, value: str) -> None:
    until(browser, lambda driver: driver.find_element(By.NAME, name).get_attribute("value") == value)


def press(browser: webdriver.Chrome, name: str) -> None:
    def pressed(driver: webdriver.Chrome) -> bool:
        driver.find_element(By.NAME, name).click()
        return True

    until(browser, pressed)


def tab_to(browser: webdriver.Chrome, name: str) -> None:
    for _press in range(MOST_TABS):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        if browser.switch_to.active_element.get_attribute("name") == name:
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def test_a_passage_is_picked_by_keyboard_on_a_phone(
    browser: webdriver.Chrome, live_server: LiveServer, claim: Claim
) -> None:
    source = register_source("https://news.example/square")
    make_snapshot(source)
    browser.delete_all_cookies()
    sign_in(browser, f"{live_server.url}/admin/claims/claim/{claim.pk}/evidence/{source.pk}/")
    see(browser, "What the page says")
    assert overflow(browser) <= 0
    tab_to(browser, "sentence")
    browser.switch_to.active_element.send_keys(Keys.TAB, Keys.NULL)
    browser.switch_to.active_element.send_keys(Keys.SPACE)
    see(browser, "Stands on the page")
    tab_to(browser, "stance")
    browser.switch_to.active_element.send_keys("Ref")
    tab_to(browser, "_attach")
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    see(browser, "is pinned to our capture")
    row = Evidence.objects.get()
    assert (row.quote, row.quote_status) == ("Police said only a few hundred had actually turned up.", "intact")
    assert [line for line in complaints(browser) if "favicon" not in line] == []


def test_words_survive_a_session_that_ends(browser: webdriver.Chrome, live_server: LiveServer, claim: Claim) -> None:
    address = f"{live_server.url}/admin/claims/claim/{claim.pk}/draft/"
    browser.delete_all_cookies()
    sign_in(browser, address)
    see(browser, "As readers will see it")
    field = browser.find_element(By.NAME, "headline")
    field.clear()
    field.send_keys("Пришли сотни")
    see(browser, "Kept ")
    assert UnsavedWords.objects.get().words["headline"] == ["Пришли сотни"]
    browser.delete_cookie("sessionid")
    field.send_keys(", а не тысячи")
    see(browser, "You are signed out: kept on this device")
    browser.find_element(By.NAME, "_save").click()
    see(browser, "Password")
    complaints(browser)

    # What was sent after the session had ended came through signing in, unsaved.
    sign_in(browser, address)
    assert overflow(browser) <= 0
    value_is(browser, "headline", "Пришли сотни, а не тысячи")
    browser.find_element(By.NAME, "_save").click()
    see(browser, "Saved.")
    assert Draft.objects.get().headline == "Пришли сотни, а не тысячи" and not UnsavedWords.objects.exists()
    assert browser.execute_script("return Object.keys(localStorage).filter(key => key.includes('draft'))") == []
