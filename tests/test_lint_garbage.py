"""Markup that anybody may have written is linted without a mishap, and ours leaves no script element."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from claims.rendering.claimreview import Publisher, as_script_text, render_claimreview
from claims.rendering.lint import lint
from claims.rendering.lint_html import Page
from claims.rendering.lint_page import lint_other_page, lint_page
from claims.rendering.lint_rules import RULES
from claims.rendering.lint_values import NotJSON, claim_reviews, is_below, number, read_json
from pages.templatetags.pages import claimreview

KEYS = [
    "@type", "@id", "@graph", "url", "claimReviewed", "reviewRating", "alternateName", "name", "ratingValue",
    "bestRating", "worstRating", "author", "itemReviewed", "appearance", "firstAppearance", "sameAs", "datePublished",
    "dateModified", "dataFeedElement", "item", "reviewBody",
]  # fmt: skip
WORDS = [
    "ClaimReview",
    "Claim",
    "Organization",
    "False",
    "https://x.example/a",
    "http://[",
    "//",
    "1",
    "3,5",
    "NaN",
    "",
]
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(WORDS), st.just(10**400)
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
)
objects = st.dictionaries(st.sampled_from(KEYS), anything, max_size=12)


@given(anything | objects)
def test_whatever_is_given_is_linted(value: object) -> None:
    for markup in [value, *claim_reviews(value)]:
        for finding in lint(markup):
            assert finding.rule in RULES and finding.message and finding.mend


@given(objects.map(lambda markup: {"@type": "ClaimReview"} | markup), st.text(max_size=40), st.text(max_size=40))
def test_whatever_page_it_stands_on_is_linted(markup: dict[str, Any], before: str, robots: str) -> None:
    page = Page(f"{before}{claimreview(as_script_text(markup))}{before}", "https://x.example/a", robots_tag=robots)
    for finding in [*lint_page(page, robots=robots, numbers={}), *lint_other_page(page, markup)]:
        assert finding.rule in RULES


@pytest.mark.parametrize(
    "written", ["", "\x00", "<", "<html", "\ud800", "<?xml version='1.0' encoding='x'?><a/>", "<a " * 999]
)
def test_a_page_that_is_hardly_html_is_read_as_far_as_it_goes(written: str) -> None:
    assert {finding.rule for finding in lint_page(Page(written))} == {"CR9"}


def test_a_page_nested_deeper_than_python_is_read() -> None:
    assert lint_page(Page("<div>" * 20_000 + "x"))


@pytest.mark.parametrize("written", ["{", "[" * 100_000, "", "nul", '{"a": 1}x'])
def test_what_is_no_json_is_said_to_be_none(written: str) -> None:
    with pytest.raises(NotJSON):
        read_json(written)


def test_a_broken_block_beside_a_sound_one_is_one_finding() -> None:
    markup = json.dumps({"@type": "ClaimReview"})
    page = Page(f'<script type="application/ld+json">{{</script><script type=application/ld+json>{markup}</script>')
    assert len(page.claim_reviews) == 1
    assert any("broken" in finding.message for finding in lint_page(page))


@pytest.mark.parametrize("wrap", [
    lambda one: one,
    lambda one: [one],
    lambda one: {"@graph": [{"@type": "WebPage"}, one]},
    lambda one: {"@type": "DataFeed", "dataFeedElement": [{"item": [one]}, {"item": None}]},
    lambda one: {"@type": "WebPage", "mainEntity": {"@type": "Article", "hasPart": one}},
    lambda one: one | {"@type": ["Review", "http://schema.org/ClaimReview"]},
])  # fmt: skip
def test_a_claimreview_is_found_wherever_it_stands(wrap: Any) -> None:
    assert [one["url"] for one in claim_reviews(wrap({"@type": "ClaimReview", "url": "x"}))] == ["x"]


@pytest.mark.parametrize(
    ("written", "read"),
    [(1, 1.0), ("2", 2.0), (" 3.5 ", 3.5), ("3,5", None), ("1e3", None), (True, None), ("٣", None), ("nan", None),
     (float("inf"), None), (10**400, None), ([1], None), (None, None)],
)  # fmt: skip
def test_numbers_are_read_as_markup_may_write_them(written: object, read: float | None) -> None:
    assert number(written) == read


@pytest.mark.parametrize(
    ("name", "domain", "below"),
    [("example.org", "www.example.org", True), ("facts.example.org", "example.org", True),
     ("notexample.org", "example.org", False), ("example.org", "facts.example.org", False),
     ("9.127.0.0.1", "127.0.0.1", False), ("127.0.0.1", "127.0.0.1", True)],
)  # fmt: skip
def test_a_site_holds_its_subdomains_and_no_more(name: str, domain: str, below: bool) -> None:
    assert is_below(name, domain) is below


hostile = st.text(max_size=30) | st.sampled_from(
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "\u2028\u2029",
        "\\u003c/script",
        "'\"&amp;",
        "]]>",
        "\x00\x1f",
    ]
)


@given(text=hostile, name=hostile, reason=hostile, url=hostile)
def test_nothing_in_a_verdict_leaves_its_script_element(text: str, name: str, reason: str, url: str) -> None:
    document = {
        "status": "published", "url": "https://x.example/claims/1/a/", "version": 2, "language": "en",
        "headline": text, "summary": reason, "published_at": "2026-01-01T00:00:00.000Z",
        "updated_at": "2026-01-02T00:00:00.000Z", "rating": {"name": name},
        "claim": {"text": text, "language": "en", "made_on": None, "location": name, "appearances": [
            {"url": url, "first": False}], "claimant": {"name": name, "same_as": [url]}},
        "evidence": [{"source": {"url": url, "title": text, "publisher": name}}],
        "corrections": [{"reason": reason, "at": "2026-01-02T00:00:00.000Z"}],
    }  # fmt: skip
    markup = render_claimreview(document, Publisher(name=name, url="https://x.example"))
    assert markup is not None
    written = as_script_text(markup)
    assert not set("<>&\u2028\u2029") & set(written)
    assert written == as_script_text(render_claimreview(document, Publisher(name=name, url="https://x.example")) or {})
    page = lxml_html.document_fromstring(f"<head>{claimreview(written)}</head><p>after</p>")
    scripts = page.findall(".//script")
    assert len(scripts) == 1
    assert json.loads(scripts[0].text or "") == markup == json.loads(written)
