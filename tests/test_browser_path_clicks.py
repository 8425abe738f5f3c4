"""How much it takes to log a claim with two passages of evidence and to hand it in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from claims.choices import DraftState
from claims.models import Claim, User
from tests.hands import AGREED, CLAIMED, COUNTED, URL, Hands, capture, open_browser
from tests.test_browser import pytestmark

__all__ = ["pytestmark"]
MOST = 12


@pytest.fixture(scope="module")
def desktop() -> Iterator[webdriver.Chrome]:
    with open_browser() as driver:
        yield driver


@pytest.mark.timeout(300)
def test_a_claim_with_two_passages_is_handed_in_with_twelve_acts(
    desktop: webdriver.Chrome, live_server: LiveServer, settings: Settings, checker: User
) -> None:
    settings.SITE_URL = live_server.url
    hands = Hands(desktop, live_server.url)
    hands.sign_in("checker", "/admin/claims/log")
    hands.type("[name=pasted]", URL)
    hands.chord(Keys.ENTER)
    hands.at("source=")
    capture()
    hands.press("[data-passage]", CLAIMED)
    hands.press("[name=_pick]")
    hands.press(".desk-sentence", COUNTED)
    hands.press(".desk-sentence", AGREED)
    hands.type("#passage_form [name=stance]", "Refutes")
    hands.press("[name=_each]")
    hands.type("#draft_form [name=rating]", "False")
    hands.type("#draft_form [name=headline]", "A few hundred came, not thousands")
    hands.type("#draft_form [name=summary]", "Police counted a few hundred, and the organisers agree.")
    hands.press("#draft_form [name=_submit]")
    hands.see("Handed in. A second person reads it now.")

    claim = Claim.objects.get()
    assert (claim.text, claim.draft.state) == (CLAIMED, DraftState.IN_REVIEW)
    assert [(row.quote, row.quote_status) for row in claim.evidence.order_by("pk")] == [
        (COUNTED, "intact"),
        (AGREED, "intact"),
    ]
    print(f"\nlogged with two passages and handed in with {len(hands.acts)} acts: {'; '.join(hands.acts)}")
    assert len(hands.acts) <= MOST
