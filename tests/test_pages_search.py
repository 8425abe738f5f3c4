"""Search on the list: the words found are marked, and filters say how many results they would leave."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from claims.models import User
from pages.highlighting import excerpt, marked
from tests.make import make_claimant, make_published_verdict, make_topic
from tests.pages_rows import read


@pytest.mark.parametrize(
    ("text", "query", "hits"),
    [
        ("Thousands of protesters came", "protest", ["protesters"]),
        ("«Тысячи протестующих» пришли", "протест тысячи", ["Тысячи", "протестующих"]),
        ("Ёлка и елка", "елка", ["Ёлка", "елка"]),
        ("10,000 people, not 1000", "10000", ["10,000"]),
        ("It is on", "on is", ["is", "on"]),
        ("Ontario is on", "on", ["on"]),
        ("a <b> & c", "zzz", []),
        ("anything", "", []),
    ],
)
def test_words_are_marked_as_search_finds_them(text: str, query: str, hits: list[str]) -> None:
    parts = marked(text, query)
    assert [piece for piece, hit in parts if hit] == hits
    assert "".join(piece for piece, _ in parts) == text


def test_an_excerpt_stands_around_the_first_hit() -> None:
    found = excerpt(f"{'before ' * 100}needle {'after ' * 100}", "needle")
    whole = "".join(piece for piece, _ in found)
    assert ("needle", True) in found and whole.startswith("… before") and whole.endswith("after …")
    assert len(whole) < 200
    assert excerpt("nothing of it", "needle") == []


@pytest.mark.django_db
def test_results_mark_what_was_looked_for_and_escape_the_rest(client: Client, checker: User, editor: User) -> None:
    make_published_verdict(checker, editor, "Thousands & <b>more</b> on the square")
    html = read(client, "/claims/?q=thousands")
    assert "<mark>Thousands</mark> &amp; &lt;b&gt;more" in html
    assert "<mark>" not in read(client, "/claims/")


@pytest.mark.django_db
def test_filters_say_how_many_results_they_leave_and_give_themselves_up(
    client: Client, checker: User, editor: User
) -> None:
    topics = [make_topic("Protests"), make_topic("Roads")]
    person = make_claimant("Rowan Sample")
    make_published_verdict(checker, editor, "Bridge one", topics=topics, claimant=person)
    make_published_verdict(checker, editor, "Bridge two", topics=topics[:1], claimant=person)
    make_published_verdict(checker, editor, "Something else", topics=topics[1:])
    html = read(client, "/claims/?q=bridge")
    assert _facets(html) == {"?q=bridge&amp;topic=protests": "2", "?q=bridge&amp;topic=roads": "1"}
    chosen = read(client, "/claims/?q=bridge&topic=roads")
    assert '<a href="?q=bridge" aria-current="true"' in chosen
    assert "Bridge one" in chosen.replace("<mark>", "").replace("</mark>", "") and "Bridge two" not in chosen


def _facets(html: str) -> dict[str, str]:
    return dict(re.findall(r'<li><a href="(\?[^"]*)"[^>]*>.*?<span class="number soft">(\d+)</span>', html))
