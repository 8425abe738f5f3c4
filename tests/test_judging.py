"""A change is the page's doing, never a newer extractor's."""

from __future__ import annotations

import hashlib

import pytest

from claims import services
from claims.models import Evidence, User
from sources.choices import ChangeKind
from sources.models import Extraction, Source, SourceChange
from tests.drifting import ALTERED, GONE, change, new_events, publish, say, statuses
from tests.make import PAGE, make_claim, make_evidence, make_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(checker: User, editor: User) -> Source:
    source = publish(checker, editor, "https://news.example/square").evidence.get().source
    assert source is not None
    return source


def read_differently(source: Source, text: str) -> None:
    """The present extractor reads this in the version we hold; the page did not change."""
    version = source.current_snapshot
    assert version is not None
    name, number = version.present_extractor()
    digest = hashlib.sha256(text.encode()).hexdigest()
    Extraction.objects.create(snapshot=version, extractor=name, extractor_version=number, text=text, text_sha256=digest)


@pytest.mark.parametrize("text", [GONE, ALTERED])
def test_a_quote_that_only_a_newer_extractor_misses_is_not_the_page_s_doing(source: Source, text: str) -> None:
    read_differently(source, text)
    change([source], text + " The page has another footer now.")
    assert (new_events(1), statuses()) == ([], ["intact"])


def test_a_quote_that_is_missed_in_another_way_is_the_page_s_doing(source: Source) -> None:
    read_differently(source, GONE)
    change([source], ALTERED)
    assert (new_events(1), statuses()) == (["verdict.review_opened"], ["altered"])


def test_a_quote_nobody_could_compare_yet_is_always_compared(checker: User) -> None:
    source = make_evidence(make_claim(checker), checker).source
    assert source is not None
    before = make_snapshot(source, GONE)
    after = make_snapshot(source, GONE + " More.")
    SourceChange.objects.create(source=source, kind=ChangeKind.CONTENT, snapshot_before=before, snapshot_after=after)
    assert statuses() == ["unchecked"]
    services.assess_changes()
    assert statuses() == ["missing"]


def test_several_versions_in_one_sweep_count_as_the_last(source: Source) -> None:
    for text in (ALTERED, GONE, PAGE + " Restored."):
        say([source], text)
    assert services.assess_changes() == 3
    assert (new_events(1), Evidence.objects.get().quote_status) == ([], "intact")
