"""Numbers read out of claims: three languages, and silence where a number may mean something else."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.quantities import Quantity, parse, suggest
from tests.quantity_phrases import READ, SILENT, Phrase

PHRASES = [(language, phrase) for language, phrases in READ.items() for phrase in phrases]
TRAPS = [(language, text) for language, texts in SILENT.items() for text in texts]
# What texts of numbers are made of, so that hypothesis meets the grammar and not only noise.
PIECES = (
    "10 000", "10,000", "1.5", "2019", "3-1", "–", "-", "+", "$", "%", ".", ",", "\n", "more than", "at least",
    "a few", "hundred", "thousand", "thousands", "of", "and", "between", "twenty", "people", "не менее", "тысячи",
    "тыс.", "две-три", "полтора", "миллиона", "от", "до", "человек", "мың", "жүз", "жүзден", "астам", "дейін",
    "300-ден", "адам", "жарым",
)  # fmt: skip


def bounds(one: Quantity) -> tuple[str, str | None, str | None, str]:
    def plain(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}"

    return one.comparator, plain(one.low), plain(one.high), one.unit


@pytest.mark.parametrize(("language", "phrase"), PHRASES)
def test_a_quantity_is_read(language: str, phrase: Phrase) -> None:
    text, *expected = phrase
    assert [bounds(one) for one in parse(text, language)] == [tuple(expected)]


@pytest.mark.parametrize(("language", "text"), TRAPS)
def test_it_keeps_silent_when_unsure(language: str, text: str) -> None:
    assert parse(text, language) == []


def test_the_table_is_large_enough() -> None:
    assert all(len(phrases) >= 50 for phrases in READ.values())
    assert len(TRAPS) >= 60


def test_what_is_vague_or_about_is_marked_as_approximate() -> None:
    marks = {
        text: parse(text, "en")[0].approximate for text in ("thousands of people", "about 300 people", "300 people")
    }
    assert list(marks.values()) == [True, True, False]


@pytest.mark.parametrize("language", ["de", "", "x", "fr-CA"])
def test_another_language_is_not_read(language: str) -> None:
    assert parse("10 000 people", language) == []


def test_a_region_does_not_matter() -> None:
    assert parse("300 человек", "ru-KZ") == parse("300 человек", "ru")


# The one quantity of a claim.


def test_a_claim_with_one_quantity_suggests_it() -> None:
    one = suggest("On June 9, 2019 thousands of protesters marched for 3 hours.", "en")
    assert one is not None and one.text == "thousands of protesters"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Police counted 300 people, the organisers 5,000 people."),
        ("en", "It rained."),
        ("ru", "Явка составила 70,96 %, а в 2016 году 65,2 %"),
    ],
)
def test_a_claim_with_none_or_several_suggests_none(language: str, text: str) -> None:
    assert suggest(text, language) is None


def test_the_same_number_twice_is_one_suggestion() -> None:
    one = suggest("300 people came. Police too say 300 people came.", "en")
    assert one is not None and one.low == 300


# Whatever is thrown at it.

TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))


@given(TEXTS, st.sampled_from(["en", "ru", "kk"]))
def test_whatever_comes_every_reading_points_at_its_text(text: str, language: str) -> None:
    end = 0
    for one in parse(text, language):
        assert text[one.start : one.end] == one.text
        assert one.start >= end
        end = one.end
        assert one.low is not None or one.high is not None
        if one.low is not None and one.high is not None:
            assert 0 <= one.low <= one.high


@given(TEXTS, st.sampled_from(["en", "ru", "kk"]))
def test_a_suggestion_is_one_of_the_readings(text: str, language: str) -> None:
    one = suggest(text, language)
    assert one is None or one in parse(text, language)


@pytest.mark.parametrize(
    "piece", ["3-1", "10,000", "1 ", "1-", "1,", "a ", "двадцать ", "жүз ", "hundred thousand ", "9" * 50, "300-ден "]
)
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_a_hostile_text_of_100_kb_takes_no_more_than_its_length(piece: str, language: str) -> None:
    def seconds(size: int) -> float:
        text = (piece + " ") * (size // (len(piece) + 1))
        begun = time.process_time()
        parse(text, language)
        return time.process_time() - begun

    short, long = max(seconds(12_500), 0.03), min(seconds(100_000) for _ in range(2))
    # Eight times the text; a quadratic reader would take 64 times as long.
    assert long < 24 * short
