"""Whatever a person managed to type, every feed stays readable and nothing in it runs."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from claims.rendering.claimreview import Publisher
from claims.rendering.markdown import to_html
from feed.formats.atom import write_atom
from feed.formats.channel import Channel
from feed.formats.entries import Entry, entry_of
from feed.formats.json_feed import write_json_feed
from feed.formats.rss import write_rss
from feed.formats.text import printable
from feed.formats.verdict_table import COLUMNS, cells_of, line
from sources.cells import FORMULA
from tests.feed_rules import atom_problems, json_feed_problems, rss_problems

# Everything PostgreSQL can hold: no NUL and no half of a surrogate pair.
STRANGE = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)
EXAMPLES = [
    *("\x01\x08\x0b\x0c\x0e\x1f", "\ufffe\uffff", "]]>", "<![CDATA[x]]>", "&amp;&lt;&#0;&#x1;", "\r\n\t"),
    *("\u202eegnarts\u200f", "👩‍👩‍👧", "</script><script>alert(1)</script>", '" onclick="x', "javascript:alert(1)"),
]


def document_of(text: str, status: str = "published") -> dict[str, Any]:
    """A document with this text wherever people write."""
    return {
        "id": "7Ypk3Qw9mZt", "url": "https://facts.example/claims/7Ypk3Qw9mZt/x/", "status": status,
        "status_reason": text, "legal_basis": text, "version": 1, "headline": text, "summary": text,
        "explanation": to_html(text), "language": "en",
        "rating": {"code": "false", "name": "False", "names": {"en": text}},
        "claim": {"text": text, "claimant": {"name": text, "slug": "x"}, "topics": ["x"],
                  "topic_names": {"x": text or "x"}},
        "evidence": [{"quote": text, "quote_status": "altered",
                      "source": {"url": "https://news.example/ä b", "title": text}}],
        "published_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-02T00:00:00.000Z",
        "corrections": [{"kind": "minor", "reason": text, "at": "2026-01-02T00:00:00.000Z", "version": 2}],
    }  # fmt: skip


def channel_of(text: str) -> Channel:
    return Channel(
        id="https://facts.example/feeds/x", title=printable(f"Feed {text}"), language="en",
        page="https://facts.example/claims/", address="https://facts.example/feeds/x",
        first="https://facts.example/feeds/x", next=None, previous=None,
        publisher=Publisher(name="Newsroom", url="https://news.example"), head=(0, "sha256:0"),
        updated=datetime(2026, 1, 2, tzinfo=UTC),
    )  # fmt: skip


def with_examples(test: Any) -> Any:
    for text in EXAMPLES:
        test = example(text)(test)
    return test


@pytest.mark.parametrize("status", ["published", "under_review", "retracted", "withheld"])
@with_examples
@given(STRANGE)
def test_every_feed_is_valid_and_says_the_same_as_the_others(status: str, text: str) -> None:
    entries = [entry_of(document_of(text, status))]
    rss, atom, feed = (write(channel_of(text), entries).encode() for write in (write_rss, write_atom, write_json_feed))
    address = "https://facts.example/feeds/x"
    assert rss_problems(rss, address) == atom_problems(atom, address) == json_feed_problems(feed, address) == []
    assert not feedparser.parse(rss).bozo and not feedparser.parse(atom).bozo
    assert (
        _content(rss, "{*}encoded")
        == _content(atom, "{*}content")
        == _same(json.loads(feed)["items"][0]["content_html"])
    )


def _content(text: bytes, name: str) -> str:
    return next(etree.fromstring(text).iter(name)).text or ""


def _same(content: str) -> str:
    """As an XML parser gives it back: line ends are line feeds (XML 1.0, 2.11)."""
    return content.replace("\r\n", "\n").replace("\r", "\n")


@with_examples
@given(STRANGE)
def test_an_entry_holds_the_text_as_text(text: str) -> None:
    entry: Entry = entry_of(document_of(text))
    shown = "".join(etree.HTML(f"<body>{entry.content}</body>").itertext())
    for word in printable(text).split():
        assert word in shown or not word.isprintable()


@with_examples
@given(STRANGE)
def test_a_table_gives_every_cell_back_and_no_spreadsheet_runs_one(text: str) -> None:
    written = line(cells_of(document_of(text)))
    assert written.endswith("\r\n")
    (row,) = csv.reader(io.StringIO(written, newline=""), strict=True)
    assert len(row) == len(COLUMNS)
    headline = dict(zip(COLUMNS, row, strict=True))["headline"]
    assert headline == (f"'{text}" if text.startswith(FORMULA) else text)
    assert not any(cell.startswith(FORMULA) for cell in row)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_a_formula_is_a_text(text: str) -> None:
    assert f"'{text}" in cells_of(document_of(text))
