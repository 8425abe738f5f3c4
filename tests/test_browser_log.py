"""Logging a claim in a browser: paste, pick, save by keyboard; what arrives late; what was typed stays."""

from __future__ import annotations

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from claims.models import Claim, User
from sources.models import Source
from tests.make import PASSWORD, make_claim, make_snapshot
from tests.test_browser import CHROMIUM, DRIVER, browser, complaints, overflow, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="NO BROWSER: install Debian's chromium and chromium-driver to run these"
    ),
]
__all__ = ["browser"]
LOG = "/admin/claims/log"
URL = "https://news.example/square"
PAGE = "На площадь вышли не менее 2000 человек, сообщила полиция. Погода была хорошей весь день."
PASSAGE = "На площадь вышли не менее 2000 человек, сообщила полиция."


@pytest.fixture
def desk(browser: webdriver.Chrome, live_server: LiveServer, settings: Settings, checker: User) -> webdriver.Chrome:  # noqa: F811
    """Signed in, at the log page."""
    settings.SITE_URL = live_server.url
    browser.delete_all_cookies()
    browser.get(live_server.url + LOG)
    field(browser, "username").send_keys("checker")
    field(browser, "password").send_keys(PASSWORD, Keys.ENTER)
    wait(browser, "[name=pasted]")
    return browser


def field(page: webdriver.Chrome, name: str) -> WebElement:
    # The language of the desk is chosen on every page too.
    place = "#log_form " if page.find_elements(By.ID, "log_form") else ""
    return page.find_element(By.CSS_SELECTOR, f'{place}[name="{name}"]')


def wait(page: webdriver.Chrome, selector: str) -> WebElement:
    return until(page, lambda driver: driver.find_element(By.CSS_SELECTOR, selector))


def paste(page: webdriver.Chrome, pasted: str = URL) -> None:
    field(page, "pasted").send_keys(pasted, Keys.ENTER)
    wait(page, "#log_form")


def test_a_claim_is_logged_in_four_steps_with_the_keyboard_alone(desk: webdriver.Chrome) -> None:
    paste(desk)
    make_snapshot(Source.objects.get(), PAGE)
    passage = wait(desk, "[data-passage]")
    assert passage.text == PASSAGE
    passage.send_keys(Keys.ENTER)
    until(desk, lambda driver: field(driver, "text").get_attribute("value") == PASSAGE)
    assert field(desk, "language").get_attribute("value") == "ru"
    wait(desk, "#log_quantities [name=_fill]").send_keys(Keys.ENTER)
    assert field(desk, "quantity_low").get_attribute("value") == "2000"
    assert overflow(desk) <= 0
    field(desk, "text").send_keys(Keys.CONTROL, Keys.ENTER)
    until(desk, lambda driver: "/change/" in driver.current_url)
    claim = Claim.objects.get()
    assert (claim.text, claim.language) == (PASSAGE, "ru")
    assert claim.quantity_low == 2000
    assert claim.appearances.get().url == URL
    assert [line for line in complaints(desk) if "favicon" not in line and "403" not in line] == []


def test_what_was_typed_stays_when_the_page_arrives(desk: webdriver.Chrome) -> None:
    paste(desk)
    field(desk, "text").send_keys("Мои слова")
    language = field(desk, "language")
    language.clear()
    language.send_keys("uk")
    make_snapshot(Source.objects.get(), PAGE)
    wait(desk, "[data-passage]").send_keys(Keys.ENTER)
    assert field(desk, "language").get_attribute("value") == "uk"
    assert field(desk, "text").get_attribute("value") == f"Мои слова\n{PASSAGE}"


def test_a_claim_like_it_appears_while_writing_and_takes_the_page(desk: webdriver.Chrome, checker: User) -> None:
    claim = make_claim(checker)
    paste(desk)
    field(desk, "text").send_keys("protesters filled the square")
    button = wait(desk, "[name=_same]")
    assert desk.find_element(By.ID, "log_similar").get_attribute("role") == "status"
    button.send_keys(Keys.ENTER)
    until(desk, lambda driver: f"/{claim.pk}/change/" in driver.current_url)
    assert claim.appearances.get().url == URL
    assert Claim.objects.count() == 1


def test_another_appearance_is_one_button_away(desk: webdriver.Chrome) -> None:
    paste(desk)
    field(desk, "_more").send_keys(Keys.ENTER)
    field(desk, "appearances-1-url").send_keys("https://t.me/channel/1")
    field(desk, "text").send_keys("Thousands came", Keys.CONTROL, Keys.ENTER)
    until(desk, lambda driver: "/change/" in driver.current_url)
    assert Claim.objects.get().appearances.count() == 2
