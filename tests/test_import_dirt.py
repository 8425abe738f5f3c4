"""Dirt of single kinds: broken JSON, dates in every shape, pages, streams."""

from __future__ import annotations

import io
import json
import tracemalloc
from datetime import date
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.importing import elements, reading, values
from claims.importing.broken_json import Unreadable, read_json
from claims.importing.findings import FoundReview, Skipped
from claims.importing.reading import read_stream
from claims.importing.reviews import Origin
from tests.import_items import SITE, item, read, refused, taken

GOOD = json.dumps(item())


@pytest.mark.parametrize(
    "broken",
    [
        "\ufeff" + GOOD,
        "<!--\n" + GOOD + "\n-->",
        "//<![CDATA[\n" + GOOD + "\n//]]>",
        "/* <![CDATA[ */" + GOOD + "/* ]]> */",
        "<![CDATA[" + GOOD + "]]>",
        GOOD + ";",
        GOOD[:-1] + ",}",
        GOOD.replace('"@type": "ClaimReview"', '"@type": "ClaimReview", /* the check */ "x": [1, 2,\n]'),
        GOOD.replace('"@type": "ClaimReview",', '"@type": "ClaimReview", // the check\n'),
        GOOD.replace("stands", "st\nan\tds\x01"),
        GOOD.replace("stands", "isn\\'t gone"),
        GOOD.replace(" ", "\u00a0", 1),
        GOOD.replace('"', "&quot;"),
        GOOD.replace('"', '\\"'),
    ],
)
def test_json_is_mended_where_one_reading_is_possible(broken: str) -> None:
    assert taken(broken).claim_text == "The bridge of village 1 fell down"


def test_mending_leaves_strings_alone() -> None:
    text = '{"a": "x, ] // y /* z */ <!-- ", "b": "c:\\\\dir",}'
    assert read_json(text) == {"a": "x, ] // y /* z */ <!-- ", "b": "c:\\dir"}


def test_objects_one_after_the_other_are_all_read() -> None:
    assert len(read(f"{GOOD},\n{json.dumps(item(2))}")) == 2


@pytest.mark.parametrize(
    "broken",
    [
        GOOD.replace("bridge", 'so-called "bridge"'),
        GOOD[:-20],
        GOOD.replace('",', '"', 1),
        "{'@type': 'ClaimReview'}",
        "not json at all",
    ],
)
def test_json_with_two_readings_is_refused(broken: str) -> None:
    assert "not valid JSON" in refused(broken).reason


def test_the_line_of_the_mistake_is_told() -> None:
    broken = json.dumps(item(), indent=1).replace('"headline":', '"headline" 12')
    found = refused(broken)
    assert found.where == "it, line 6" and "headline" in found.reason


@given(st.text(alphabet='{}[]",:\\/*<!->;&quot \n\u00a01ae'))
def test_no_text_breaks_the_mending(text: str) -> None:
    try:
        read_json(text)
    except Unreadable as problem:
        assert problem.line >= 1


KEYS = "@type @id @graph url author claimReviewed reviewRating item dateDeleted claimReview name"
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS.split()), inner),
)


@given(ANYTHING)
def test_no_value_breaks_the_reading(value: Any) -> None:
    wrapped = [value, item(author=value, reviewRating=value, itemReviewed=value, datePublished=value, url=value)]
    assert read(json.dumps(wrapped))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2020-07-05", date(2020, 7, 5)),
        ("2020-07-05T10:00:00Z", date(2020, 7, 5)),
        ("2020-07-05T23:30:00-05:00", date(2020, 7, 5)),
        ("2020-07-05T10:00:00+0530", date(2020, 7, 5)),
        ("2020-07-05 10:00:00", date(2020, 7, 5)),
        ("2020-07-05 10:00:00 UTC", date(2020, 7, 5)),
        ("2020/7/5", date(2020, 7, 5)),
        ("20200705", date(2020, 7, 5)),
        ("5 July 2020", date(2020, 7, 5)),
        ("July 5th, 2020", date(2020, 7, 5)),
        ("Sun, 05 Jul 2020 10:00:00 GMT", date(2020, 7, 5)),
        ("5.7.2020", date(2020, 7, 5)),
        ("25/07/2020", date(2020, 7, 25)),
        ("07/25/2020", date(2020, 7, 25)),
        (1593943200, date(2020, 7, 5)),
        (1593943200000, date(2020, 7, 5)),
        ({"@type": "Date", "@value": "2020-07-05"}, date(2020, 7, 5)),
        (["2020-07-05"], date(2020, 7, 5)),
        # Day or month first? No calendar has it. Nobody meant it.
        ("05/07/2020", None), ("2020-02-30", None), ("2020", None), ("0001-01-01", None), ("9999-12-31", None),
        ("", None), (True, None), ("yesterday", None), (1e300, None), ("x" * 10_000, None),
    ],
)  # fmt: skip
def test_dates_come_in_many_shapes(written: Any, day: date | None) -> None:
    assert values.day(written) == day


PAGE = """<html><head><link rel="canonical" href="https://facts.example/checks/7/">
<script type="application/ld+json">{"@type": "WebSite"}</script>
<script type="application/ld+json">%s</script>
<script type="application/ld+json">%s</script></head><body>Check</body></html>"""


def test_every_block_of_a_page_is_read_and_broken_ones_are_told() -> None:
    first, second = read(PAGE % (GOOD, GOOD[:-5].replace(",", ",\n", 3)))
    assert isinstance(first, FoundReview) and first.where == "it, block 2"
    assert isinstance(second, Skipped) and second.where.startswith("it, block 3, line ")


def test_a_pages_relative_address_is_resolved_against_what_it_says_it_is() -> None:
    assert taken(PAGE % (json.dumps(item(url="../8/")), "{}")).url == f"{SITE}/checks/8/"


def test_a_live_page_speaks_for_its_own_site_alone() -> None:
    found = refused(PAGE % (GOOD, "{}"), base="https://liar.example/x", only_site="liar.example")
    assert "another site" in found.reason


def test_microdata_is_read_where_there_is_no_json() -> None:
    page = """<html><body><div itemscope itemtype="http://schema.org/ClaimReview">
    <a itemprop="url" href="https://facts.example/m/">x</a><p itemprop="claimReviewed">The <b>bridge</b> fell</p>
    <div itemprop="reviewRating" itemscope itemtype="http://schema.org/Rating">
    <meta itemprop="alternateName" content="False"></div></div></body></html>"""
    assert (taken(page).claim_text, taken(page).rating_label) == ("The bridge fell", "False")


def test_a_page_without_any_is_told() -> None:
    assert "no ClaimReview on the page" in refused("<!doctype html><p>nothing").reason


def test_one_object_a_line_is_known_without_its_name_and_bad_lines_are_told() -> None:
    found = read(f"{GOOD}\n\n{json.dumps(item(2))}\n{{broken\n")
    assert [one.where for one in found] == ["it, line 1", "it, line 3", "it, line 4"]
    assert isinstance(found[2], Skipped)


class Endless(io.RawIOBase):
    """Lines without end, made as they are read."""

    def __init__(self, count: int) -> None:
        self._left, self._number = count, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._number >= self._left:
            return 0
        self._number += 1
        line = json.dumps(item(self._number)).encode() + b"\n"
        buffer[: len(line)] = line
        return len(line)


def test_a_long_stream_of_lines_is_read_in_constant_memory() -> None:
    stream = cast(BinaryIO, io.BufferedReader(Endless(3000), 64 * 1024))
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_stream(stream, Origin("it"), name="x.ndjson"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 3000 and peak < 12 * reading.MIB


def test_a_line_that_is_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_LINE", 2000)
    first, long, last = read(f"{GOOD}\n{'x' * 5000}\n{GOOD}\n")
    assert isinstance(first, FoundReview) and isinstance(long, Skipped) and isinstance(last, FoundReview)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is large for JSON text, made small."""
    monkeypatch.setattr(reading, "WHOLE", 3000)
    monkeypatch.setattr(elements, "PIECE", 700)
    monkeypatch.setattr(elements, "LONGEST_ELEMENT", 1500)


def test_a_very_large_feed_is_read_element_by_element(small_pieces: None) -> None:
    feed = {
        "@type": "DataFeed",
        "name": "x",
        "dataFeedElement": [{"item": [item(n)], "@type": "DataFeedItem"} for n in range(50)],
    }
    found = read(json.dumps(feed, indent=1))
    assert len(found) == 50 and all(isinstance(one, FoundReview) for one in found)
    assert found[49].where == "it, item 50"


def test_a_very_large_feed_that_breaks_off_keeps_what_came_before(small_pieces: None) -> None:
    *found, last = read(json.dumps([item(n) for n in range(50)])[:-300])
    assert len(found) == 49 and isinstance(last, Skipped) and last.where == "it, after item 49"


def test_a_large_object_is_no_list(small_pieces: None) -> None:
    assert "only as a list" in refused(json.dumps({"@type": "Thing", "x": "y" * 5000})).reason
