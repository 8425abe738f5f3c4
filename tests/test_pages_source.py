"""A source's public page: versions as far as CLAIMTRACK_PUBLIC_SNAPSHOTS says; calm words for every state."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from claims import services
from claims.models import Claim, User
from pages.passages import AROUND, passage
from pages.words import SOURCE_NOTES, SOURCE_WORDS
from sources.choices import Availability
from sources.models import FormerUrl, Source, SourceCheck
from tests.make import PAGE, make_page_say
from tests.pages_rows import path_of, published, read
from tests.sources_support.helpers import DAY, START

pytestmark = pytest.mark.django_db
FAR = "Far away from every quote stands this sentence of the page. " * 10


@pytest.fixture
def claim(checker: User, editor: User) -> Claim:
    return published(checker, editor)


def source_of(claim: Claim) -> Source:
    return Source.objects.get(evidence__claim=claim)


def address(claim: Claim) -> str:
    return f"/sources/{source_of(claim).public_id}/"


def changed(claim: Claim) -> Source:
    """The page was rewritten around the quote and in it."""
    source = source_of(claim)
    make_page_say(source, FAR + PAGE.replace("a few hundred", "a few thousand"))
    services.assess_changes()
    return source


def pair(source: Source) -> str:
    newer, older = source.snapshots.newest_first()[:2]
    return f"?before={older.public_id}&after={newer.public_id}"


def test_by_default_readers_see_the_passage_and_what_changed_in_it_side_by_side(client: Client, claim: Claim) -> None:
    source = changed(claim)
    html = read(client, address(claim) + pair(source))
    before, after = re.findall(r'<p class="difference">(.*?)</p>', html, re.S)
    assert "hundred</del>" in before and "<ins" not in before
    assert "thousand</ins>" in after and "<del" not in after
    assert "Far away" not in html and 'id="compare"' not in html


def test_the_words_around_a_quote_are_at_most_300_characters() -> None:
    item = passage({"quote": "x"}, "word " * 60, " word" * 60)
    assert 0 < len(item["lead"]) + len(item["trail"]) <= AROUND + 6
    assert item["lead"].startswith("… word") and item["trail"].endswith("word …")


@pytest.mark.parametrize("mode", ["text", "full"])
def test_texts_are_compared_where_the_setting_lets_readers_see_them(
    client: Client, claim: Claim, settings: Settings, mode: str
) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = mode
    source = changed(claim)
    assert 'id="compare"' in read(client, address(claim)) and "Far away" not in read(client, address(claim))
    assert "Far away" in read(client, address(claim) + pair(source))


def test_a_choice_that_cannot_be_compared_is_answered(client: Client, claim: Claim, settings: Settings) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = "text"
    changed(claim)
    assert "Choose two different versions" in read(client, address(claim) + "?before=a&after=%00")


def test_versions_are_listed_with_their_day_and_title(client: Client, claim: Claim) -> None:
    source = changed(claim)
    html = read(client, address(claim))
    assert "Versions we keep" in html
    assert all(f"{version.raw_sha256[:12]}…" in html for version in source.snapshots.all())


def test_visits_are_drawn_without_inline_styles_or_scripts(client: Client, claim: Claim) -> None:
    for day in range(400):
        SourceCheck.objects.create(source=source_of(claim), at=START - day * DAY, outcome="ok")
    html = read(client, address(claim))
    assert '<title id="strip-title">' in html and "page found: 400" in html
    assert html.count('class="mark ') < 150
    assert "style=" not in html and "<style" not in html and "onclick" not in html


def test_former_addresses_are_shown(client: Client, claim: Claim) -> None:
    FormerUrl.objects.create(source=source_of(claim), canonical_url="https://old.example/1", replaced_at=START)
    html = read(client, address(claim))
    assert "https://old.example/1" in html and "until" in html


@pytest.mark.parametrize("word", Availability.values)
def test_every_state_reads_calmly_at_the_evidence_and_on_the_source_s_page(
    client: Client, claim: Claim, word: str
) -> None:
    dead = {"counted_failures": 3, "last_counted_failure_at": START} if word == Availability.DEAD else {}
    Source.objects.filter(evidence__claim=claim).update(availability=word, availability_since=START, **dead)
    services.store_documents([claim.pk])
    page, source = read(client, path_of(claim)), read(client, address(claim))
    words = str(SOURCE_WORDS[word])
    assert words in source and str(SOURCE_NOTES[word]) in source
    assert ("Live" if word == Availability.LIVE else words) in page
    for html in (page, source):
        assert "dead" not in html.lower() and (("Gone" in html) == (word == Availability.DEAD))


@pytest.mark.parametrize(("prefix", "words"), [("/ru", "Наши заходы на рисунке"), ("/kk", "Кірулеріміз суретте")])
def test_the_page_speaks_russian_and_kazakh(client: Client, claim: Claim, prefix: str, words: str) -> None:
    SourceCheck.objects.create(source=source_of(claim), outcome="not_found")
    html = read(client, prefix + address(claim))
    assert words in html and "not found" not in html


def test_the_page_makes_as_many_queries_for_many_versions_as_for_few(
    client: Client, claim: Claim, django_assert_max_num_queries: Any
) -> None:
    source = source_of(claim)
    for number in range(30):
        make_page_say(source, f"{PAGE} {number}")
    with django_assert_max_num_queries(15):
        read(client, address(claim))
