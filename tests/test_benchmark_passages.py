"""The benchmark of passages knows what is true without the code that it judges."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.passages import Pair, Sentence, drawn, planted, sentences_of

PAIR = Pair("a page", "1", "2", "change")
BEFORE = (
    "<p>Only 500 people turned up at the protests. They did not stay for very long. Go.</p><script>not text</script>"
)
ROOT = Path(__file__).resolve().parent.parent


def judged(after: str) -> dict[str, bool]:
    return {sentence.text: sentence.stands for sentence in sentences_of(PAIR, BEFORE, after)}


@pytest.mark.parametrize(
    ("after", "stands"),
    [
        (BEFORE, [True, True]),
        (
            "<div>ONLY 500 <b>people</b>\n turned&nbsp;up at the protests!</div>They did not stay for very long",
            [True, True],
        ),
        (BEFORE.replace("500", "900"), [False, True]),
        (BEFORE.replace("not stay", "stay"), [True, False]),
        ("<p>You will be redirected.</p>", [False, False]),
    ],
)
def test_a_sentence_stands_while_its_words_do(after: str, stands: list[bool]) -> None:
    assert list(judged(after).values()) == stands


def test_short_sentences_and_scripts_are_nobody_s_quotes() -> None:
    assert list(judged(BEFORE)) == [
        "Only 500 people turned up at the protests.",
        "They did not stay for very long.",
    ]


def test_the_same_sentences_are_drawn_every_time() -> None:
    sentences = [Sentence(PAIR, str(number), True) for number in range(100)]
    assert drawn(sentences, 5, "seed") == drawn(sentences, 5, "seed") != drawn(sentences, 5, "another")
    assert len(drawn(sentences[:3], 5, "seed")) == 3


@pytest.mark.parametrize("sentence", [*judged(BEFORE), "The users may leave whenever they wish", "A b c d e f"])
def test_what_is_planted_says_something_else(sentence: str) -> None:
    assert planted(sentence, "seed") != sentence


def test_without_captures_the_benchmark_says_where_they_come_from() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.page_changes"], cwd=ROOT, capture_output=True, text=True, env={"PATH": ""}
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "CLAIMTRACK_BENCH_DATA" in run.stdout
