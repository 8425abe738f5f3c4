"""Readers' pages by screen reader, phone and large text: axe-core judges every kind of page by WCAG 2.2 AA."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver

from claims import services
from claims.choices import ReaderMessageKind
from claims.models import User, VerdictDocument
from tests.make import PAGE, make_claimant, make_correction, make_page_say, make_topic, make_withheld
from tests.pages_rows import path_of, published
from tests.test_browser import CHROMIUM, DRIVER, PHONE, overflow
from tests.test_browser_desk import DESKTOP, browser, look, violations  # noqa: F401

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="NO BROWSER: install Debian's chromium and chromium-driver to run these"
    ),
]
LONG = "Überlandstraßenbahnhaltestellenüberdachungsverordnung"


@pytest.fixture
def pages(checker: User, editor: User) -> Iterator[list[str]]:
    """Every kind of page, and the states a claim's page can be in."""
    person, topic = make_claimant("Әсел Оспанова"), make_topic("Protests")
    looked_at = published(checker, editor, f"Thousands came to the {LONG}", claimant=person, topics=[topic])
    source = looked_at.evidence.get().source
    assert source is not None
    retracted, withheld = published(checker, editor, "Taken back"), published(checker, editor, "Withheld")
    corrected = published(checker, editor, "Corrected", topics=[topic])
    VerdictDocument.objects.filter(claim=corrected).update(published_at=datetime(2026, 1, 5, tzinfo=UTC))
    make_correction(corrected, checker, editor, summary="Another summary.")
    services.retract_verdict(retracted, by=editor, reason="It was another square.")
    make_withheld(withheld)
    make_page_say(source, PAGE.replace("a few hundred", "a few thousand"))
    services.assess_changes()
    told = services.receive_message(ReaderMessageKind.REPORT, claim=looked_at, text="It was June.", nonce="1")
    services.answer_message(told, by=checker, answer=f"It was not: see {LONG}.")
    claim = path_of(looked_at)
    yield [
        claim, f"/claims/{looked_at.public_id}/history/", path_of(retracted), path_of(withheld), path_of(corrected),
        "/", "/claims/?q=thousands", "/claims/?q=nothing+of+it", f"/sources/{source.public_id}/",
        f"/claimants/{person.slug}/", f"/topics/{topic.slug}/", "/corrections/", "/methodology/", "/about/",
        "/privacy/", "/suggest/", f"/report/{looked_at.public_id}/", f"/receipts/{told.receipt}/",
        "/publishers/", "/developers/", "/nowhere/", f"/ru{claim}", f"/kk{claim}",
        *(f"/embed/{shown.public_id}/" for shown in (looked_at, retracted, withheld)),
    ]  # fmt: skip


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_axe_finds_nothing_and_every_page_fits_also_with_twice_the_text(
    size: dict[str, Any],
    theme: str,
    browser: webdriver.Chrome,  # noqa: F811
    live_server: LiveServer,
    pages: list[str],
) -> None:
    look(browser, size=size, theme=theme)
    found: dict[str, list[str]] = {}
    for path in pages:
        browser.get(live_server.url + path)
        found[path] = violations(browser)
        if overflow(browser) > 0:
            found[path].append("wider than the screen")
        browser.execute_script("document.documentElement.style.fontSize = '200%'")
        if overflow(browser) > 0:
            found[path].append("wider than the screen with twice the text")
    assert {path: left for path, left in found.items() if left} == {}
