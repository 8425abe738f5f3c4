"""Is the quoted passage still there?"""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.comparison import find_quote, word_difference
from sources.words import tokens_of, words

ARTICLE = (
    "Kazakhstan voted on Sunday.\nOnline, a politician spoke of “thousands of protesters” in the square.\n"
    "Our reporter counted; only a few hundred had actually turned up, and they left early.\n"
    "In both cities together, only 500 people turned up at the protests. Turnout was 70.96% of the electorate.\n"
    "The vote was by and large carried out without interference — so the government said.\n"
    "Наблюдатели сообщили о массовых задержаниях мирных протестующих в день голосования.\n"
    "Бақылаушылар сайлау күні бейбіт шерушілердің жаппай ұсталғанын хабарлады."
)
SENTENCE = "only a few hundred had actually turned up"


@pytest.mark.parametrize(
    "quote",
    [
        SENTENCE,
        "only  a few\n hundred had\tactually turned up",
        "only a few hundred had actually turned up".replace(" ", "\u00a0"),
        "only a few hun\u00addred had actu\u200bally turned up",
        '"thousands of protesters"',
        "«thousands of protesters»",
        "without interference – so the government said",
        "ONLY 500 people turned up",
        "only a few hun-\ndred had actually turned up",
        "only a few hun\u00ad\n dred had actually turned up",
        "only a few hundred, had actually turned up;",
        "сообщили о мас-\nсовых задержа\u00adниях",
        "бейбіт шеру-\nшілердің",
        "70.96% of the electorate",
        "70.96\u00a0% of the electorate",
        "массовых задержаниях мирных протестующих",
        unicodedata.normalize("NFD", "мирных протестующих в день голосования"),
        unicodedata.normalize("NFD", "бейбіт шерушілердің жаппай ұсталғанын"),
        "in the square.\n\nOur reporter counted",
    ],
)
def test_a_passage_is_intact_however_it_is_typeset(quote: str) -> None:
    match = find_quote(ARTICLE, quote)
    assert (match.status, match.similarity) == ("intact", 1.0)
    assert ARTICLE[match.start : match.end] == match.found


@pytest.mark.parametrize(
    ("page", "quote"),
    [
        ("a well-known poli-\ntician spoke", "a well-known politician spoke"),
        ("a wellknown politician spoke", "a well-known politician spoke"),
        ("a well\u2011known politician spoke", "a well-known politician spoke"),
        ("COVID-\n19 cases fell", "COVID-19 cases fell"),
        ("people came. They left", "people came; they left."),
        ("people came\u2026 They left", "people came. They left"),
    ],
)
def test_hyphenation_and_pauses_are_no_wording(page: str, quote: str) -> None:
    assert find_quote(page, quote).status == "intact"


@pytest.mark.parametrize(
    ("page", "quote"),
    [
        ("The state won?", "The state won."),
        ("a fall of 5 % in May", "a fall of -5 % in May"),
        ("between 20-30 people", "between 20, 30 people"),
        ("the free elections", "the “free” elections"),
        ("a total of 12.5 came", "a total of 125 came"),
        ("two-year terms ended", "two year terms ended"),
    ],
)
def test_signs_that_mean_something_are_wording(page: str, quote: str) -> None:
    assert find_quote(page, quote).status == "altered"


def test_a_passage_is_shown_with_the_full_stop_it_was_quoted_with() -> None:
    assert find_quote("It rained. Only 500 came; we left.", "Only 900 came.").found == "Only 500 came;"


def test_a_page_in_another_unicode_form_is_still_the_same_text() -> None:
    decomposed = unicodedata.normalize("NFD", ARTICLE)
    match = find_quote(decomposed, "мирных протестующих в день голосования")
    assert match.status == "intact"
    assert unicodedata.normalize("NFC", match.found) == "мирных протестующих в день голосования"


def test_a_passage_that_moved_is_intact() -> None:
    lines = ARTICLE.split("\n")
    assert find_quote("\n".join(reversed(lines)), SENTENCE, prefix="reporter counted; ").status == "intact"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("only 500 people", "only 5,000 people"),
        ("a few hundred had", "a few thousand had"),
        ("70.96%", "79.06%"),
        ("without interference", "with interference"),
        ("carried out without", "not carried out without"),
        ("массовых задержаниях", "единичных задержаниях"),
        ("бейбіт шерушілердің", "заңсыз шерушілердің"),
        ("had actually turned up", "had turned up"),
    ],
)
def test_changed_words_make_a_passage_altered_and_show_what_it_says_now(old: str, new: str) -> None:
    line = next(line for line in ARTICLE.split("\n") if old in line)
    changed = ARTICLE.replace(old, new)
    match = find_quote(changed, line)
    assert match.status == "altered"
    assert new in match.found
    assert changed[match.start : match.end] == match.found


def test_a_number_is_not_found_inside_a_longer_number() -> None:
    assert find_quote("In all 1500 people came.", "500 people came").status == "altered"
    assert find_quote("a growth of 102 in all", "a growth of 10² in all").status == "altered"


def test_a_passage_that_is_gone_is_missing() -> None:
    match = find_quote(ARTICLE, "The minister of transport resigned over the railway tender on Friday evening")
    assert (match.status, match.found) == ("missing", "")


def test_a_rewritten_passage_between_its_old_neighbours_is_altered() -> None:
    rewritten = ARTICLE.replace(SENTENCE, "just a handful of people came")
    match = find_quote(
        rewritten, "just a tiny crowd came", prefix="Our reporter counted; ", suffix=", and they left early."
    )
    assert match.status == "altered"
    assert match.found == "just a handful of people came"


def test_of_several_the_one_with_the_quote_s_context_is_meant() -> None:
    text = "In Almaty 500 people came by noon. In Astana 500 people came by night."
    assert find_quote(text, "500 people came", prefix="In Astana ").start == text.rindex("500")
    assert find_quote(text, "500 people came", suffix=" by noon").start == text.index("500")


def test_the_nearest_of_several_altered_passages_is_the_one_in_context() -> None:
    text = "In Almaty 300 people came by noon. In Astana 400 people came by night."
    match = find_quote(text, "500 people came", prefix="In Astana ", suffix=" by night")
    assert (match.status, match.found) == ("altered", "400 people came")


def test_context_is_handed_back() -> None:
    match = find_quote(ARTICLE, "thousands of protesters")
    assert match.prefix.endswith("spoke of “")
    assert match.suffix.startswith("” in the square")


@pytest.mark.parametrize("quote", ["", "   ", "…", "\u200b", "“”"])
def test_a_quote_without_a_word_is_missing(quote: str) -> None:
    assert find_quote(ARTICLE, quote).status == "missing"


def test_an_empty_page_holds_no_quote() -> None:
    assert find_quote("", SENTENCE).status == "missing"


@pytest.mark.parametrize("quote", ["only 400 people were seen at the riots", "zzz " * 800, "people " * 800])
def test_a_megabyte_is_searched_in_bounded_time(quote: str) -> None:
    text = (ARTICLE + " The quick brown fox and all the people were seen at the market.\n") * 1300
    started = time.process_time()
    find_quote(text, quote, prefix="In both cities together, ")
    assert time.process_time() - started < 6


SAMPLES = "the a people 500 1,000 Almaty не қала don’t ½ e\u0301 — “x” said."
WORDS = st.lists(st.sampled_from(sorted(words(SAMPLES))), min_size=1)


@given(WORDS, WORDS, WORDS)
def test_a_passage_of_the_text_is_always_found(before: list[str], quote: list[str], after: list[str]) -> None:
    text = " ".join(before) + "\n" + "  ".join(quote) + "\n" + " ".join(after)
    match = find_quote(text, " ".join(quote))
    if any(character.isalnum() for character in "".join(quote)):
        assert match.status == "intact"
    assert text[match.start : match.end] == match.found


@given(st.text(max_size=200), st.text(max_size=80), st.text(max_size=20), st.text(max_size=20))
def test_any_text_at_all_is_compared(text: str, quote: str, prefix: str, suffix: str) -> None:
    match = find_quote(text, quote, prefix=prefix, suffix=suffix)
    assert text[match.start : match.end] == match.found
    assert 0 <= match.similarity <= 1


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_difference_holds_both_texts_whole(before: str, after: str) -> None:
    difference = word_difference(before, after)
    old = "".join(part.text for part in difference if part.op != "insert")
    new = "".join(part.text for part in difference if part.op != "delete")
    # A text of nothing but blanks and invisible characters has no words that could differ.
    assert new == after or not tokens_of(after)
    assert find_quote(old, before).status == "intact" or find_quote(before, before).status == "missing"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Only 500 people came.", "Only 900 people came.", [("delete", "500", "number"), ("insert", "900", "number")]),
        ("few hundred came", "few thousand came", [("delete", "hundred", "number"), ("insert", "thousand", "number")]),
        ("He did not win.", "He did win.", [("delete", "not", "negation")]),
        ("В Алматы было тихо.", "В Астане было тихо.", [("delete", "Алматы", "name"), ("insert", "Астане", "name")]),
        ("Мыңдаған адам", "Жүздеген адам", [("delete", "Мыңдаған", "number"), ("insert", "Жүздеген", "number")]),
        ("People came quickly.", "People came slowly.", [("delete", "quickly", "word"), ("insert", "slowly", "word")]),
        ("it isn't so", "it is so", [("delete", "isn't", "negation"), ("insert", "is", "word")]),
        ("The same “words”", "The  same \"words\"", []),
    ],
)  # fmt: skip
def test_the_difference_weighs_numbers_names_and_negations(
    before: str, after: str, expected: list[tuple[str, str, str]]
) -> None:
    changed = [
        (part.op, part.text.strip(), part.weight) for part in word_difference(before, after) if part.op != "equal"
    ]
    assert changed == expected
