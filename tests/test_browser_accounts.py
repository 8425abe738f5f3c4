"""Signing in by two factors on a phone: by keyboard, with a button pressed twice, within our own policy."""

from __future__ import annotations

import time

import pyotp
import pytest
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from claims.models import User
from tests.make import PASSWORD
from tests.test_browser import browser, complaints, overflow, pytestmark, until

__all__ = ["browser", "pytestmark"]


def see(browser: webdriver.Chrome, words: str) -> None:
    """Wait for the words; what is shown fits the phone and broke no policy."""
    until(browser, lambda driver: words in driver.find_element(By.TAG_NAME, "body").text)
    assert overflow(browser) <= 0, words
    assert [line for line in complaints(browser) if "favicon" not in line] == [], words


def sign_in(browser: webdriver.Chrome, site: str) -> None:
    browser.delete_all_cookies()
    browser.get(f"{site}/admin/login/?next=/admin/account/")
    browser.find_element(By.NAME, "username").send_keys("checker")
    browser.find_element(By.NAME, "password").send_keys(PASSWORD, Keys.ENTER)


@pytest.mark.timeout(300)
def test_a_second_factor_is_set_up_and_used(
    browser: webdriver.Chrome, live_server: LiveServer, checker: User
) -> None:
    sign_in(browser, live_server.url)
    see(browser, "Where you are signed in")
    browser.get(f"{live_server.url}/admin/account/second-factor/")
    see(browser, "Have the app read this")
    app = pyotp.TOTP(browser.find_element(By.CLASS_NAME, "accounts-secret").text.replace(" ", ""))
    browser.find_element(By.NAME, "token").send_keys(app.at(time.time() - 30))
    finish = browser.find_element(By.CSS_SELECTOR, "#factor_form button")
    ActionChains(browser).double_click(finish).perform()
    see(browser, "Your recovery codes")
    assert len(browser.find_elements(By.CSS_SELECTOR, ".accounts-codes code")) == 10
    assert browser.find_element(By.CSS_SELECTOR, "[data-print]").is_displayed()

    sign_in(browser, live_server.url)
    see(browser, "Second step")
    until(browser, lambda driver: driver.switch_to.active_element.get_attribute("name") == "token")
    browser.switch_to.active_element.send_keys(app.now(), Keys.ENTER)
    see(browser, "10 recovery codes left")
