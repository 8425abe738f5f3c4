"""Where sentences and paragraphs of a captured text begin and end."""

from __future__ import annotations

import time

import pytest

from sources.sentences import LONGEST_BLOCK, blocks, pages, sentences


def split(text: str, *, wrapped: bool = False) -> list[list[str]]:
    found = blocks(text, wrapped=wrapped)
    return [[text[first:last] for first, last in sentences(text, start, end)] for start, end in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ("Mr. Smith of St. Petersburg paid 12.5 million. He left.", None),
        ("He said “No.” Then he left.", ["He said “No.”", "Then he left."]),
        ("В 2019 г. Алматы собрал 5 тыс. лет. Это век!", ["В 2019 г. Алматы собрал 5 тыс. лет.", "Это век!"]),
        ("А. С. Пушкин был там. Он уехал.", ["А. С. Пушкин был там.", "Он уехал."]),
        ("«Пришли сотни». «Нет, тысячи», — ответил он.", ["«Пришли сотни».", "«Нет, тысячи», — ответил он."]),
        ("Қазақстанда 2019 ж. Болды. Өте көп.", ["Қазақстанда 2019 ж. Болды.", "Өте көп."]),
        ("It fell.[12] Then rose.", ["It fell.[12]", "Then rose."]),
        ("see example.com. it is there", ["see example.com. it is there"]),
    ],
)
def test_a_sentence_ends_where_a_reader_would_say_so(text: str, expected: list[str] | None) -> None:
    expected = expected or ["Mr. Smith of St. Petersburg paid 12.5 million.", "He left."]
    assert split(text) == [expected]


def test_each_line_of_a_page_is_a_paragraph() -> None:
    assert split("Title\n\nFirst. Second.\n") == [["Title"], ["First.", "Second."]]


def test_sentences_of_a_printed_page_go_on_in_the_next_line() -> None:
    line = "the committee found that it was not so and said"
    text = f"{line} it\n{line} in\n2019 again. Nobody knew.\n{line} at\nlast."
    assert split(text, wrapped=True)[0] == [f"{line} it\n{line} in\n2019 again.", "Nobody knew."]
    assert len(split(text, wrapped=True)) == 2


def test_no_text_is_lost_but_blanks() -> None:
    text = "A b. C d!\n" * 50 + "x" * (3 * LONGEST_BLOCK) + " и так далее. " * 2000
    again = "".join(text[first:last] for start, end in blocks(text) for first, last in sentences(text, start, end))
    assert "".join(again.split()) == "".join(text.split())


def test_portions_hold_every_block_once_in_order() -> None:
    found = blocks("One two three.\n" * 1000)
    portions = pages(found, 500)
    assert [span for portion in portions for span in portion] == found and len(portions) > 20
    assert pages([], 500) == [[]]


@pytest.mark.parametrize("dirt", [".", '."', "A. ", "«", " ", "!?", "слово "])
def test_a_megabyte_of_dirt_costs_no_more_than_its_length(dirt: str) -> None:
    text = dirt * (1_000_000 // len(dirt)) + "x"
    begun = time.process_time()
    for start, end in blocks(text):
        sentences(text, start, end)
    assert time.process_time() - begun < 5
