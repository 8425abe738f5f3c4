"""What a page says of itself is read from whatever it offers, and nothing a page writes there hurts."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.extraction import Details, extract_details
from sources.extraction.dates import day_in
from sources.extraction.details import MAX_QUOTES, MAX_TEXT, read_details

HTML = "text/html; charset=utf-8"


def details(head: str = "", body: str = "<p>text</p>", lang: str = "") -> Details:
    attribute = f' lang="{lang}"' if lang else ""
    page = f"<!doctype html><html{attribute}><head>{head}</head><body>{body}</body></html>"
    return read_details(page.encode(), HTML)


def linked(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f'<script type="application/ld+json">{text}</script>'


ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Алаңға мыңдаған адам жиналды",
    "author": {"@type": "Person", "name": "Айгүл Сәрсенова", "url": "https://news.example/authors/aigul"},
    "publisher": {"@type": "Organization", "name": "Жаңалық", "url": "https://news.example/"},
    "datePublished": "2019-06-09T23:30:00+06:00",
    "inLanguage": "kk",
}


def test_linked_data_names_everything_also_in_kazakh() -> None:
    found = details(linked(ARTICLE))
    assert found.title == "Алаңға мыңдаған адам жиналды"
    assert (found.author, found.site, found.language) == ("Айгүл Сәрсенова", "Жаңалық", "kk")
    assert found.addresses == ["https://news.example/authors/aigul", "https://news.example/"]


def test_the_day_is_the_one_at_the_place_of_writing() -> None:
    assert details(linked(ARTICLE)).published_on == "2019-06-09"


def test_the_article_is_found_in_a_graph_beside_the_page_and_its_crumbs() -> None:
    graph = {"@graph": [{"@type": "WebPage", "name": "Page"}, {"@type": "BreadcrumbList"}, ARTICLE]}
    assert details(linked(graph)).author == "Айгүл Сәрсенова"


def test_a_social_post_gives_its_words() -> None:
    post = {"@type": "SocialMediaPosting", "articleBody": "Нас было <b>тысячи</b>!", "author": [{"name": "Пётр"}]}
    found = details(linked([post]))
    assert (found.description, found.author) == ("Нас было тысячи !", "Пётр")


def test_broken_linked_data_leaves_the_rest_of_the_page() -> None:
    head = linked('{"@type": "NewsArticle", "headline": ') + '<meta property="og:title" content="Тысячи на площади">'
    assert details(head).title == "Тысячи на площади"


def test_line_breaks_and_comments_in_linked_data_are_passed_over() -> None:
    assert details(linked('<!-- {"@type": "Article", "headline": "Two\nlines"} -->')).title == "Two lines"


def test_open_graph_and_plain_meta_do_where_there_is_no_linked_data() -> None:
    head = (
        '<meta property="og:site_name" content="Газета"><meta name="author" content="Автор: Иван Петров">'
        '<meta property="article:published_time" content="2019-06-09T10:00:00Z">'
        '<meta property="og:locale" content="ru_RU"><meta name="description" content="Коротко о главном">'
    )
    found = details(head)
    assert (found.site, found.author, found.published_on) == ("Газета", "Иван Петров", "2019-06-09")
    assert (found.language, found.description) == ("ru-RU", "Коротко о главном")


def test_an_author_that_is_an_address_is_an_address() -> None:
    found = details('<meta property="article:author" content="https://www.facebook.com/mukhtar">')
    assert (found.author, found.addresses) == ("", ["https://www.facebook.com/mukhtar"])


def test_the_time_of_the_article_is_its_day_and_the_clock_in_the_margin_is_not() -> None:
    body = '<aside><time datetime="2020-01-01">x</time></aside><article><time datetime="2019-06-09">x</time></article>'
    assert details(body=body).published_on == "2019-06-09"


def test_blockquotes_are_quotes_once_and_not_those_in_the_margin() -> None:
    quote = "<blockquote>Thousands of <i>protesters</i>\n filled the square</blockquote>"
    margin = "<aside><blockquote>Read this other piece too</blockquote></aside>"
    body = f"{quote}<blockquote>short</blockquote>{quote}{margin}"
    assert details(body=body).quotes == ["Thousands of protesters filled the square"]


def test_letters_of_another_encoding_are_read() -> None:
    page = '<meta charset="windows-1251"><title>Тысячи на площади</title>'.encode("windows-1251")
    assert read_details(page, "text/html").title == "Тысячи на площади"


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2019-06-09", "2019-06-09"),
        ("2019/6/9 10:00", "2019-06-09"),
        ("20190609", "2019-06-09"),
        ("09.06.2019, 10:00", "2019-06-09"),
        ("Sun, 09 Jun 2019 10:00:00 +0600", "2019-06-09"),
        ("06/09/2019", ""),
        ("2019-13-01", ""),
        ("0001-01-01", ""),
        ("99999999999", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_a_day_is_told_where_it_is_certain(value: str, day: str) -> None:
    assert day_in(value) == day


@given(st.text(max_size=60))
def test_no_date_however_strange_raises(value: str) -> None:
    assert len(day_in(value)) in (0, 10)


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "text/plain"])
def test_what_is_no_markup_says_nothing_of_itself(kind: str) -> None:
    assert read_details(b"<title>x</title>", kind) == Details()


HOSTILE = [
    b"",
    b"\x00" * 1000,
    b"<html><head><title>",
    ("<blockquote>" * 5000 + "x" * 100).encode(),
    linked("[" * 100_000).encode(),
    linked({"@type": "Article", "author": [[["x"]]], "headline": {"a": 1}, "datePublished": 7}).encode(),
    linked({"@type": ["Article", 7, None], "author": [None, 3, {"name": ["x"]}], "inLanguage": {"x": 1}}).encode(),
    ('<meta name="author" content="' + "a" * 1_000_000 + '">').encode(),
    ('<meta name="author" content="x">' * 20_000).encode(),
    (linked({"@graph": [{"@type": "Thing"}] * 5000}) * 30).encode(),
    ("<article><time datetime='" + "9" * 5000 + "'></time></article>").encode(),
    ("<blockquote>" + "слово " * 5000 + "</blockquote>").encode() * 40,
]


@pytest.mark.parametrize("page", HOSTILE, ids=range(len(HOSTILE)))
def test_no_page_makes_it_raise_swell_or_dawdle(page: bytes) -> None:
    started = time.monotonic()
    found = read_details(page, HTML)
    assert time.monotonic() - started < 5
    assert len(found.author) <= 200 and len(found.description) <= MAX_TEXT and len(found.quotes) <= MAX_QUOTES
    assert all(len(quote) <= MAX_TEXT for quote in found.quotes)


def test_markup_in_what_a_page_says_stays_text() -> None:
    found = details('<meta name="author" content="&lt;script&gt;alert(1)&lt;/script&gt;">')
    assert found.author == "<script>alert(1)</script>"


def test_it_is_read_in_the_confined_child() -> None:
    page = f"<html>{linked(ARTICLE)}</html>".encode()
    assert extract_details(page, HTML).site == "Жаңалық"
