"""The rows for evidence below a claim, in a browser: folded until asked for, with the fields their kind needs."""

from __future__ import annotations

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By

from claims.models import Claim, User
from tests.make import make_claim, make_evidence
from tests.test_browser import browser, complaints, pytestmark, until
from tests.test_browser_drafting import see, sign_in

__all__ = ["browser", "pytestmark"]


@pytest.fixture
def claim(checker: User) -> Claim:
    claim = make_claim(checker)
    make_evidence(claim, checker)
    return claim


def test_an_empty_row_is_folded_until_it_is_asked_for_and_asks_what_its_kind_needs(
    browser: webdriver.Chrome, live_server: LiveServer, claim: Claim
) -> None:
    browser.delete_all_cookies()
    sign_in(browser, f"{live_server.url}/admin/claims/claim/{claim.pk}/change/")
    see(browser, "Add another Evidence")

    def shown(name: str) -> bool:
        return browser.find_element(By.NAME, f"evidence-1-{name}").is_displayed()

    # Words are there before the page's script is.
    until(browser, lambda driver: not shown("kind"))
    assert browser.find_element(By.NAME, "evidence-0-quote").is_displayed()
    add = browser.find_element(By.CSS_SELECTOR, "#evidence-data .add-row")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", add)
    assert browser.switch_to.active_element.get_attribute("name") == "evidence-1-kind"
    assert [shown(name) for name in ("url", "quote", "description")] == [True, True, False]
    browser.switch_to.active_element.send_keys("Off")
    until(browser, lambda driver: [shown(name) for name in ("url", "quote", "description")] == [False, False, True])
    assert browser.find_element(By.NAME, "evidence-TOTAL_FORMS").get_attribute("value") == "2"
    assert [line for line in complaints(browser) if "favicon" not in line] == []
