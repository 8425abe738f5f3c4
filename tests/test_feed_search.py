"""`q`: which words find which texts, in which order, on every page, and at what price."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import hypothesis.strategies as st
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings

from claims import searching
from claims.models import User, VerdictDocument
from claims.rendering.search_words import LONGEST_TEXT, MOST_WORDS, searchable, terms_of
from claims.services.documents import rebuild_documents
from feed.serving import filters
from pages import lists
from tests.feed_rows import BEGIN, get, ids, store_documents, walk
from tests.make import make_claimant, make_correction, make_published_verdict, make_withheld
from tests.pages_rows import read

VERDICTS = "/api/v1/verdicts/"
pytestmark = pytest.mark.django_db


def stored(*texts: str) -> list[str]:
    """One document each, oldest first, with its words as the renderer stores them."""
    return [store_documents(1, search_text=searchable(text))[0] for text in texts]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Протестующих разогнали", "протест"),
        ("ПРОТЕСТ", "протест"),
        ("протест", "ПРОТЕСТ"),
        ("Қазақстан халқы", "қазақ"),
        ("Ёлки стояли", "елки"),
        ("елки", "ЁЛКИ"),
        ("Café in Ankara, Erdoğan", "cafe erdogan"),
        ("за́мок", "замок"),
        ("don’t panic", "don't"),
        ("супер\u00adмаркет", "супермаркет"),
        ("10\u202f000 people", "10,000"),
        ("10,000 people", "10 000"),
        ("1\u00a0500\u00a0000", "1500000"),
        ("covid-19", "covid 19"),
        ("see https://news.example/square?id=7", "news.example square"),
        ("ＦＵＬＬ ｗｉｄｔｈ", "full width"),
        ("Thousands filled the square", '"filled the" thousand'),
        ("Тысячи вышли", "«тысячи вышли»"),
    ],
)
def test_it_finds(client: Client, text: str, words: str) -> None:
    [found, _] = stored(text, "something else")
    assert ids(get(client, VERDICTS, q=words)) == [found]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("протест", "протестующих"),
        ("protest", "test"),
        ("1000 people", "100"),
        ("also", "al"),
        ("1,000 people", "1 000 000"),
        ("in 2019 100 people came", "2019100"),
        ("Thousands filled the square", '"filled thousands"'),
        ("Thousands filled the square", '"fill"'),
        ("Thousands filled the square", "thousands elsewhere"),
        ("мои", "мой"),
    ],
)
def test_it_does_not_find(client: Client, text: str, words: str) -> None:
    stored(text)
    assert ids(get(client, VERDICTS, q=words)) == []


@pytest.mark.parametrize(
    "words", ["a:*", "square | river", "!square", "(square", "square & !bridge", "'square", "\\square"]
)
def test_operators_of_search_engines_are_no_operators_here(client: Client, words: str) -> None:
    [square] = stored("a square, a river, a bridge")
    stored("nothing of the kind")
    assert ids(get(client, VERDICTS, q=words)) == [square]


@pytest.mark.parametrize("ordering", ["-published_at", "relevance"])
def test_of_many_words_the_first_ones_count(client: Client, ordering: str) -> None:
    first = "one two three four five six seven eight"
    found = stored(first)
    stored("one two three four five six seven")
    assert len(first.split()) == MOST_WORDS
    assert ids(get(client, VERDICTS, q=f"{first} nine ten", ordering=ordering)) == found


@pytest.mark.parametrize("ordering", ["-published_at", "updated_at", "relevance"])
@pytest.mark.parametrize("words", ["!!!", "&|:*()'\\", "…", '""', "« »"])
def test_marks_alone_find_nothing(client: Client, words: str, ordering: str) -> None:
    stored("a text", words)
    assert ids(get(client, VERDICTS, q=words, ordering=ordering)) == []


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_every_text_is_found_by_each_of_its_words(db: None, text: str) -> None:
    with connection.cursor() as cursor:
        for term in terms_of(text.replace('"', " ")):
            cursor.execute(
                "SELECT to_tsquery('simple', %s) AS asked, to_tsvector('simple', %s) @@ to_tsquery('simple', %s)",
                [term, searchable(text), term],
            )
            asked, found = cursor.fetchone()
            assert found or not asked


def test_the_longest_text_of_the_largest_letters_can_be_stored() -> None:
    words = " ".join(f"{chr(0x10400 + number % 40)}{number:x}" * 4 for number in range(LONGEST_TEXT // 8))
    text = searchable(words)
    assert LONGEST_TEXT - 100 < len(text) <= LONGEST_TEXT
    store_documents(1, search_text=text)


@pytest.mark.parametrize("window", [1, 3, 7, 5000])
@pytest.mark.parametrize("ordering", ["-published_at", "published_at", "-updated_at", "updated_at"])
@pytest.mark.parametrize("at_once", [True, False])
def test_pages_of_a_search_are_exact_in_both_directions(
    client: Client, monkeypatch: pytest.MonkeyPatch, window: int, ordering: str, at_once: bool
) -> None:
    monkeypatch.setattr(searching, "WINDOW", window)
    texts = ["river and bridge", "river", "bridge", "river"] * 4
    matches = []
    for number, text in enumerate(texts):
        begin = BEGIN if at_once else BEGIN + timedelta(days=number)
        found = store_documents(1, begin=begin, search_text=text)
        matches += found if "river" in text else []
    pages = walk(client, get(client, VERDICTS, q="river", ordering=ordering, page_size=5))
    there = [ids(page) for page in pages]
    if not at_once:
        assert sum(there, []) == (matches[::-1] if ordering.startswith("-") else matches)
    assert sorted(sum(there, [])) == sorted(matches) and len(sum(there, [])) == 12
    back = walk(client, pages[-1], "previous")
    assert [ids(page) for page in reversed(back)] == there


@pytest.mark.parametrize("window", [2, 5000])
def test_a_word_of_long_ago_is_found(client: Client, monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    monkeypatch.setattr(searching, "WINDOW", window)
    old = stored("an old election", "another election")
    stored(*["news of today"] * 12)
    assert ids(get(client, VERDICTS, q="election")) == old[::-1]
    assert ids(get(client, VERDICTS, q="election", status="published", updated_since="2026-01-01")) == old[::-1]


@pytest.mark.parametrize("window", [1, 5000])
@pytest.mark.parametrize("ordering", ["-published_at", "published_at", "-updated_at", "relevance"])
def test_a_search_keeps_to_its_times(
    client: Client, monkeypatch: pytest.MonkeyPatch, window: int, ordering: str
) -> None:
    monkeypatch.setattr(searching, "WINDOW", window)
    days = [store_documents(1, begin=BEGIN + timedelta(days=day), search_text="river")[0] for day in range(9)]
    asked = {"published_after": "2026-01-03", "published_before": "2026-01-07", "updated_since": "2026-01-04"}
    pages = walk(client, get(client, VERDICTS, q="river", ordering=ordering, page_size=2, **asked))
    assert sorted(sum(map(ids, pages), [])) == sorted(days[3:6])


def test_relevance_orders_the_newest_matches_alone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filters, "CANDIDATES", 3)
    stored("square square square")  # the best, but too old to be a candidate
    newer = stored("a square among some other words", "square square", "the square")
    pages = walk(client, get(client, VERDICTS, q="square", ordering="relevance", page_size=2))
    assert sum(map(ids, pages), []) == [newer[1], newer[2], newer[0]]


def test_other_filters_narrow_before_the_candidates_are_chosen(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filters, "CANDIDATES", 1)
    [russian] = store_documents(1, search_text="square", language="ru")
    store_documents(3, search_text="square")
    assert ids(get(client, VERDICTS, q="square", ordering="relevance", language="ru")) == [russian]


def test_a_search_sees_what_a_correction_changed(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor, claimant=make_claimant("Әсел Оспанова")).verdict.claim
    assert ids(get(client, VERDICTS, q="оспанов")) == [claim.public_id]
    make_correction(claim, checker, editor, summary="Nobody knows how many umbrellas there were.")
    assert ids(get(client, VERDICTS, q="umbrella")) == [claim.public_id]
    assert ids(get(client, VERDICTS, q="counted")) == []


def test_a_withheld_text_is_not_found(client: Client, checker: User, editor: User) -> None:
    verdict = make_published_verdict(checker, editor, text="The bridge was closed").verdict
    make_withheld(verdict.claim)
    assert ids(get(client, VERDICTS, status="withheld")) == [verdict.claim.public_id]
    assert ids(get(client, VERDICTS, q="bridge", status="withheld")) == []


def test_rows_with_words_of_an_older_kind_are_rebuilt(checker: User, editor: User) -> None:
    make_published_verdict(checker, editor, text="10,000 people")
    VerdictDocument.objects.update(search_text="10,000 people")
    list(rebuild_documents())
    assert VerdictDocument.objects.matching("10 000").exists()


def test_the_migration_keeps_the_words_of_texts_stored_before(client: Client) -> None:
    [one] = store_documents(1, search_text="Ёлки: 10\u00a0000 штук")
    migration = import_module("claims.migrations.0007_search")
    with connection.schema_editor() as editor:
        migration.keep_words(apps, editor)
    assert ids(get(client, VERDICTS, q="елки 10,000")) == [one]


def unmarked(html: str) -> str:
    return html.replace("<mark>", "").replace("</mark>", "")


@pytest.mark.parametrize("window", [1, 5000])
def test_the_pages_search_in_the_same_way(
    client: Client, checker: User, editor: User, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    monkeypatch.setattr(searching, "WINDOW", window)
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    for number in range(5):
        make_published_verdict(checker, editor, text=f"Протестующие, {number + 1},000 человек")
    seen, path = [], "/claims/?q=ПРОТЕСТ"
    for _ in range(3):
        html = read(client, path)
        seen += [number for number in range(5) if f"Протестующие, {number + 1},000" in unmarked(html)]
        path = "/claims/" + html.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert sorted(seen) == list(range(5))
    assert "Протестующие, 3,000" in unmarked(read(client, "/claims/?q=3+000"))
    assert "<q>" not in read(client, "/claims/?q=!!!")


@pytest.mark.django_db(transaction=True)
def test_a_search_that_takes_too_long_is_given_up_with_advice(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "TIME_LIMIT", 50)
    store_documents(1)
    other: Any = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE claims_verdictdocument IN ACCESS EXCLUSIVE MODE")
        response = client.get(VERDICTS, {"q": "claim"})
        cursor.execute("ROLLBACK")
    other.close()
    assert response.status_code == 503 and response["Content-Type"] == "application/problem+json"
    assert "add a word" in response.json()["detail"]
    assert client.get(VERDICTS, {"q": "claim"}).status_code == 200
