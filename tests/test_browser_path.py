"""The whole way of a claim by three people at a browser: logged, sent back, published, changed, looked at again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from claims import services
from claims.choices import VerdictStatus
from claims.models import Claim, User, VerdictVersion
from tests.hands import AGREED, CLAIMED, COUNTED, PAGE, URL, Hands, capture, open_browser
from tests.test_browser import pytestmark

__all__ = ["pytestmark"]
HOME = "/admin/"


@pytest.fixture(scope="module")
def desktop() -> Iterator[webdriver.Chrome]:
    with open_browser() as driver:
        yield driver


def log_pick_and_hand_in(hands: Hands) -> Claim:
    hands.sign_in("checker", "/admin/claims/log")
    hands.type("[name=pasted]", URL + Keys.ENTER)
    hands.at("source=")
    capture()
    hands.press("[data-passage]", CLAIMED)
    hands.press(".log-save [name=_save]")
    hands.see("The claim is logged.")

    hands.press("a.desk-button", "Add evidence")
    hands.press(".desk-list a")
    hands.press(".desk-sentence", COUNTED)
    hands.see("Stands on the page")
    hands.type("#passage_form [name=stance]", "Refutes")
    hands.press("[name=_another]")
    hands.see("Quoted from it already")
    hands.press(".desk-sentence", AGREED)
    hands.type("#passage_form [name=stance]", "Refutes")
    hands.press("[name=_attach]")

    hands.type("#draft_form [name=rating]", "False")
    hands.type("#draft_form [name=headline]", "A few came, not thousands")
    hands.type("#draft_form [name=summary]", "Police counted a few hundred.")
    hands.press("#draft_form [name=_save]")
    hands.see("Saved.")
    hands.press("#draft_form [name=_submit]")
    hands.see("Handed in. A second person reads it now.")
    return Claim.objects.get()


def send_back(hands: Hands) -> None:
    hands.sign_in("editor", HOME)
    hands.press(".desk-list a", CLAIMED[:40])
    hands.see("A few came, not thousands")
    hands.press("a", "Back to the claim")
    hands.press("a.desk-button", "Send back")
    hands.type("#step_form [name=because]", "Say that the organisers agree.")
    hands.press("#step_form button.primary")
    hands.see("Sent back.")


def mend(hands: Hands, claim: Claim) -> None:
    hands.sign_in("checker", HOME)
    hands.see("Say that the organisers agree.")
    hands.press("a", CLAIMED[:40])
    hands.see("Say that the organisers agree.")
    hands.press("a.desk-button", "Write the verdict")
    hands.type("#draft_form [name=summary]", " The organisers agree.")
    hands.press("#draft_form [name=_submit]")
    hands.see("Handed in. A second person reads it now.")


def publish(hands: Hands) -> None:
    hands.sign_in("editor", HOME)
    hands.press(".desk-list a", CLAIMED[:40])
    hands.see("The organisers agree.")
    hands.press("#step_form button.primary")
    hands.see("Published as version 1.")


def confirm_what_changed(hands: Hands) -> None:
    hands.sign_in("admin", HOME)
    changed = ".desk-alert"
    hands.see(CLAIMED, within=changed)
    hands.see("hundred", within=f"{changed} del")
    hands.see("thousand", within=f"{changed} ins")
    hands.press(f"{changed} a.desk-button", "It stands: confirm")
    hands.type("#step_form [name=note]", "The police figure has not changed; the page misquotes it now.")
    hands.press("#step_form button.primary")
    hands.see("The verdict stands; the review is closed.")


@pytest.mark.timeout(400)
def test_three_people_take_a_claim_from_its_page_to_a_second_look(
    desktop: webdriver.Chrome,
    live_server: LiveServer,
    settings: Settings,
    checker: User,
    editor: User,
    admin: User,
) -> None:
    settings.SITE_URL = live_server.url
    hands = Hands(desktop, live_server.url)
    claim = log_pick_and_hand_in(hands)
    send_back(hands)
    mend(hands, claim)
    publish(hands)
    version = VerdictVersion.objects.get()
    assert (version.number, version.author, version.approved_by) == (1, checker, editor)
    hands.go(claim.get_absolute_url())
    hands.see("Police counted a few hundred. The organisers agree.")

    capture(text=PAGE.replace("few hundred", "few thousand"))
    services.assess_changes()
    hands.go(claim.get_absolute_url())
    hands.see("thousand", within=".difference ins")
    confirm_what_changed(hands)
    hands.go(claim.get_absolute_url())
    hands.see("The police figure has not changed; the page misquotes it now.")
    claim.refresh_from_db()
    assert claim.verdict.status == VerdictStatus.PUBLISHED
