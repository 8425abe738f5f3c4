"""One person at one browser: presses, types and looks as people do, and counts what it took."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from selenium import webdriver
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from sources.models import Source
from tests.make import PASSWORD, make_page_say
from tests.test_browser import CHROMIUM, DRIVER, FLAGS

# Seconds: a machine that does eight other things is slow, not broken.
PATIENCE = 60
# A page makes way for the next one, a bar slides over a button: looked for again.
PASSING = (
    NoSuchElementException,
    StaleElementReferenceException,
    ElementClickInterceptedException,
    ElementNotInteractableException,
)
Found = TypeVar("Found")

URL = "https://news.example/square"
CLAIMED = "“Thousands of protesters filled the square on Saturday,” the party wrote."
COUNTED = "Police said only a few hundred had actually turned up."
AGREED = "The organisers later agreed that about 400 people came."
PAGE = f"{CLAIMED} {COUNTED} {AGREED} It rained."


@contextmanager
def open_browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in (*FLAGS, "--window-size=1280,900"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


class Hands:
    """`acts`: one line for each click, key chord, or words put into one field."""

    def __init__(self, browser: webdriver.Chrome, site: str) -> None:
        self.browser, self.site = browser, site
        self.acts: list[str] = []

    # Acts.

    def press(self, selector: str, words: str = "") -> None:
        """Click what the selector finds and, where there are several, what has these words."""
        self.acts.append(f"click {selector} {words}".strip())
        self._do(lambda: self._one(selector, words).click(), f"{selector} {words} to click")

    def press_twice(self, selector: str) -> None:
        """As somebody does who is used to icons on a desktop: both clicks reach the page that is open."""
        self.acts += [f"click {selector}"] * 2
        button = self._until(lambda: self._one(selector), f"{selector} to click twice")
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        ActionChains(self.browser).double_click(button).perform()

    def type(self, selector: str, words: str, *, anew: bool = False) -> None:
        """Put the words into one field; `anew`: in place of what is there."""
        self.acts.append(f"type into {selector}")
        before = [Keys.CONTROL + "a" + Keys.NULL] if anew else []
        self._do(lambda: self._one(selector).send_keys(*before, words), f"{selector} to type into")

    def chord(self, *keys: str) -> None:
        """Keys pressed together, wherever the cursor is."""
        self.acts.append("press keys")
        self.browser.switch_to.active_element.send_keys(*keys)

    # No acts.

    def sign_in(self, name: str, path: str) -> None:
        """As this person, whoever sat here before; leads to the path."""
        self.browser.delete_all_cookies()
        self.browser.get(self.site + path)
        self.type("[name=username]", name)
        self.type("[name=password]", PASSWORD + Keys.ENTER)
        self._until(lambda: not self.browser.find_elements(By.NAME, "password"), "to be signed in")
        self.acts.clear()

    def go(self, path: str) -> None:
        self.browser.get(self.site + path)

    def see(self, words: str, within: str = "body") -> None:
        self._until(lambda: words in self._one(within).text, f"“{words}”")

    def at(self, part: str) -> None:
        self._until(lambda: part in self.browser.current_url, f"the page {part}")

    def value(self, selector: str) -> str:
        return self._until(lambda: [self._one(selector).get_attribute("value") or ""], selector)[0]

    def has_value(self, selector: str, value: str) -> None:
        self._until(lambda: self._one(selector).get_attribute("value") == value, f"{selector} to be {value}")

    def _one(self, selector: str, words: str = "") -> WebElement:
        found = self.browser.find_elements(By.CSS_SELECTOR, selector)
        for one in found:
            if words in one.text:
                return one
        raise NoSuchElementException(f"{selector} {words}")

    def _do(self, act: Callable[[], None], told: str) -> None:
        """Once, as soon as it can be done."""

        def attempt() -> bool:
            act()
            return True

        self._until(attempt, told)

    def _until(self, what: Callable[[], Found], told: str) -> Found:
        wait = WebDriverWait(self.browser, PATIENCE, poll_frequency=0.1, ignored_exceptions=PASSING)
        return wait.until(lambda driver: what(), f"waited for {told} at {self.browser.current_url}")


def capture(url: str = URL, text: str = PAGE) -> Source:
    """The page was visited: its capture is there."""
    source = Source.objects.get(canonical_url=url)
    make_page_say(source, text)
    return source
