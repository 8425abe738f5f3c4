"""The words the desk has for the state of a quote and of its page."""

from __future__ import annotations

import pytest
from django.utils import timezone

from claims import services
from claims.models import User
from tests.desk import CLAIMS, Desk
from tests.make import PAGE, make_claim, make_evidence, make_page_say, make_published_verdict

pytestmark = pytest.mark.django_db


def test_a_quote_that_never_was_on_its_page_is_not_called_changed(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    source = make_evidence(claim, checker, quote="Nobody ever wrote this about whales").source
    assert source is not None
    make_page_say(source, PAGE)
    services.assess_changes()
    desk = Desk(checker)
    for path in (CLAIMS, desk.claim(claim), desk.claim(claim, "draft")):
        text = desk.get(path)
        assert "Not on the page as quoted" in text, path
        assert "No longer on the page" not in text and "Passage changed" not in text, path
    version = make_published_verdict(checker, editor)
    other = version.evidence.get().source
    assert other is not None
    make_page_say(other, "Something else altogether.")
    services.assess_changes()
    assert "No longer on the page" in desk.get(desk.claim(version.verdict.claim))
    assert "Passage changed" in desk.get(CLAIMS)


def test_a_failed_lookup_is_not_called_a_visit_that_is_due(checker: User) -> None:
    claim = make_claim(checker)
    source = make_evidence(claim, checker).source
    assert source is not None
    desk = Desk(checker)
    assert "the first visit is due now" in desk.get(desk.claim(claim))
    assert "not captured yet" in desk.get(desk.claim(claim, "draft"))
    source.last_checked_at = timezone.now()
    source.save()
    text = desk.get(desk.claim(claim))
    assert "the first visit is due now" not in text and "could not be looked up" in text
    assert "could not be captured" in desk.get(desk.claim(claim, "draft"))


def test_a_source_s_page_says_its_availability_in_a_word(checker: User) -> None:
    source = make_evidence(make_claim(checker), checker).source
    assert source is not None
    text = Desk(checker).get(f"/admin/sources/source/{source.pk}/change/")
    assert "(&#x27;new" not in text and "(&#39;new" not in text and "('new" not in text
