"""Wrong turns in a browser: pressed twice, gone back, signed out, cut off, two at one draft. Nothing lost or twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from claims.choices import DraftState
from claims.models import Claim, Draft, Evidence, UnsavedWords, User, VerdictVersion
from sources.services import register_source
from tests.hands import CLAIMED, COUNTED, URL, Hands, capture, open_browser
from tests.make import make_claim, make_draft, make_offline_evidence, make_user, submitted
from tests.test_browser import pytestmark as browser_marks

pytestmark = [*browser_marks, pytest.mark.timeout(300)]
HEADLINE = "#draft_form [name=headline]"
SUMMARY = "#draft_form [name=summary]"
SAVE = "#draft_form [name=_save]"


@pytest.fixture(scope="module")
def window() -> Iterator[webdriver.Chrome]:
    with open_browser() as driver:
        yield driver


@pytest.fixture
def hands(window: webdriver.Chrome, live_server: LiveServer, settings: Settings, checker: User) -> Hands:
    """Those of the fact-checker, once signed in."""
    settings.SITE_URL = live_server.url
    cut_off(window, offline=False)
    return Hands(window, live_server.url)


def drafted(by: User, **fields: Any) -> Claim:
    claim = make_claim(by)
    make_offline_evidence(claim, by)
    make_draft(claim, by, **fields)
    return claim


def page(claim: Claim, name: str) -> str:
    return f"/admin/claims/claim/{claim.pk}/{name}/"


def cut_off(window: webdriver.Chrome, *, offline: bool) -> None:
    """The line between this browser and everything else."""
    window.execute_cdp_cmd("Network.enable", {})
    line = {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    window.execute_cdp_cmd("Network.emulateNetworkConditions", line)


def done(claim: Claim, action: str) -> int:
    return claim.activities.filter(action=action).count()


def test_logging_with_a_double_click_logs_one_claim(hands: Hands) -> None:
    hands.sign_in("checker", "/admin/claims/log")
    hands.type("[name=pasted]", "Thousands of protesters filled the square" + Keys.CONTROL + Keys.ENTER)
    hands.press_twice(".log-save [name=_save]")
    hands.at("/change/")
    hands.see("Where it is")
    assert done(Claim.objects.get(), "logged the claim") == 1


def test_picking_with_a_double_click_attaches_one_piece_of_evidence(hands: Hands, checker: User) -> None:
    claim = make_claim(checker)
    source = register_source(URL)
    capture()
    hands.sign_in("checker", page(claim, f"evidence/{source.pk}"))
    hands.press(".desk-sentence", COUNTED)
    hands.type("#passage_form [name=stance]", "Refutes")
    hands.press_twice("[name=_attach]")
    hands.see("Write the verdict")
    hands.at("/draft/")
    assert Evidence.objects.get().quote == COUNTED
    assert done(claim, "attached evidence") == 1


def test_handing_in_with_a_double_click_hands_in_once(hands: Hands, checker: User) -> None:
    claim = drafted(checker)
    hands.sign_in("checker", page(claim, "draft"))
    hands.type(HEADLINE, "Hundreds came", anew=True)
    hands.press_twice("#draft_form [name=_submit]")
    hands.at("/change/")
    hands.see("Handed in. A second person reads it now.")
    draft = Draft.objects.get()
    assert (draft.headline, draft.state, draft.revision) == ("Hundreds came", DraftState.IN_REVIEW, 3)
    assert done(claim, "submitted for review") == 1


def test_publishing_with_a_double_click_publishes_one_version(hands: Hands, checker: User, editor: User) -> None:
    claim = submitted(checker).claim
    hands.sign_in("editor", page(claim, "approve"))
    hands.press_twice("#step_form button.primary")
    hands.at("/change/")
    hands.see("ublished")
    version = VerdictVersion.objects.get()
    assert (version.number, version.approved_by) == (1, editor)


def test_going_back_to_the_log_page_and_saving_again_logs_nothing_twice(hands: Hands) -> None:
    hands.sign_in("checker", "/admin/claims/log")
    hands.type("[name=pasted]", URL + Keys.ENTER)
    hands.at("source=")
    capture()
    hands.press("[data-passage]", CLAIMED)
    hands.press(".log-save [name=_save]")
    hands.see("The claim is logged.")
    hands.browser.back()
    hands.at("source=")
    hands.type("#log_form [name=text]", CLAIMED, anew=True)
    hands.press(".log-save [name=_save]")
    hands.see("This claim is logged already, in these words and from this page.")
    assert hands.value("#log_form [name=text]") == CLAIMED
    assert Claim.objects.count() == 1
    assert Claim.objects.get().appearances.count() == 1


def test_going_back_to_a_saved_draft_and_saving_again_keeps_both_words(hands: Hands, checker: User) -> None:
    claim = drafted(checker)
    hands.sign_in("checker", page(claim, "draft"))
    hands.type(HEADLINE, "Hundreds came", anew=True)
    hands.press(SAVE)
    hands.see("Saved.")
    hands.browser.back()
    hands.type(SUMMARY, "Police counted hundreds.", anew=True)
    hands.press(SAVE)
    hands.see("Saved.")
    draft = Draft.objects.get()
    assert (draft.headline, draft.summary) == ("Hundreds came", "Police counted hundreds.")
    assert done(claim, "changed the draft") == 3


def test_a_session_that_ends_while_writing_costs_no_word(hands: Hands, checker: User) -> None:
    claim = drafted(checker)
    hands.sign_in("checker", page(claim, "draft"))
    typed = {"headline": "Пришли сотни", "summary": "Полиция насчитала сотни.", "explanation": "No count: **none**."}
    for name, words in typed.items():
        hands.type(f"#draft_form [name={name}]", words, anew=True)
    hands.type("#draft_form [name=rating]", "Mostly false")
    rating = hands.value("#draft_form [name=rating]")
    Session.objects.all().delete()
    hands.press(SAVE)
    hands.at("/login/")
    hands.sign_in("checker", page(claim, "draft"))
    hands.press("[name=_take]")
    for name, words in typed.items():
        hands.has_value(f"#draft_form [name={name}]", words)
    assert hands.value("#draft_form [name=rating]") == rating
    hands.press(SAVE)
    hands.see("Saved.")
    draft = Draft.objects.get()
    assert {name: getattr(draft, name) for name in typed} == typed
    assert str(draft.rating_id) == rating


def test_a_lost_connection_is_told_and_its_words_are_taken_over_afterwards(hands: Hands, checker: User) -> None:
    claim = drafted(checker)
    hands.sign_in("checker", page(claim, "draft"))
    cut_off(hands.browser, offline=True)
    hands.type(HEADLINE, "Hundreds came", anew=True)
    hands.see("No connection: kept on this device")
    assert not UnsavedWords.objects.exists()
    cut_off(hands.browser, offline=False)
    hands.see("Kept ", within="#desk-kept")
    assert UnsavedWords.objects.get().words["headline"] == ["Hundreds came"]

    # Saved while it is away again: the browser has nothing to show, and the words are still there.
    cut_off(hands.browser, offline=True)
    hands.type(SUMMARY, "Police counted hundreds.", anew=True)
    hands.press(SAVE)
    hands.see("ERR_INTERNET_DISCONNECTED")
    cut_off(hands.browser, offline=False)
    hands.go(page(claim, "draft"))
    hands.see("You have unsaved words from")
    hands.press("[name=_take]")
    hands.has_value(SUMMARY, "Police counted hundreds.")
    hands.press(SAVE)
    hands.see("Saved.")
    draft = Draft.objects.get()
    assert (draft.headline, draft.summary) == ("Hundreds came", "Police counted hundreds.")


def test_the_second_of_two_at_one_draft_is_told_and_overwrites_nothing(hands: Hands, checker: User) -> None:
    make_user("colleague")
    claim = drafted(checker, headline="At first")
    with open_browser() as beside:
        others = Hands(beside, hands.site)
        hands.sign_in("checker", page(claim, "draft"))
        others.sign_in("colleague", page(claim, "draft"))
        others.see("is writing the verdict here since")
        hands.type(HEADLINE, "The first one's", anew=True)
        hands.press(SAVE)
        hands.see("Saved.")
        others.type(HEADLINE, "The second one's", anew=True)
        others.type(SUMMARY, "What only the second one wrote.", anew=True)
        others.press(SAVE)
        others.see("checker saved this draft while you were editing.")
        others.see("Saved meanwhile: “The first one's”. Yours is kept")
        assert Draft.objects.get().headline == "The first one's"
        assert others.value(HEADLINE) == "The second one's"
        assert others.value(SUMMARY) == "What only the second one wrote."
        others.press(SAVE)
        others.see("Saved.")
    draft = Draft.objects.get()
    assert (draft.headline, draft.summary) == ("The second one's", "What only the second one wrote.")
