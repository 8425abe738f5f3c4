"""What is true of a pair of captures, found without any of the code that is judged.

Pages are read here by Python's own HTML parser and compared as runs of letters and digits: no lxml, none of
`sources`. Menus and hidden parts count as text here; a sentence of theirs cannot be quoted and is counted as such.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

# What no reader sees however a browser is set.
UNSEEN = frozenset({"script", "style", "template", "noscript", "title", "iframe", "object", "svg"})
INLINE = re.compile(
    "a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|label|mark|q|s|samp|small|span|strike|strong|sub|sup"
    "|time|tt|u|var|wbr"
)
# Shorter sentences are headings and buttons: nobody quotes them.
WORDS_AT_LEAST = 6
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"“(]?[A-Z0-9À-ÖА-Я])")


class _Seen(HTMLParser):
    """The text of a page, a line break at every tag that is not part of a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not INLINE.fullmatch(tag):
            self.text.append("\n")
        if tag in UNSEEN and (not self._unseen or tag == self._unseen[0]):
            self._unseen.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not INLINE.fullmatch(tag):
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if not INLINE.fullmatch(tag):
            self.text.append("\n")
        if self._unseen and tag == self._unseen[0]:
            self._unseen.pop()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.text.append(data)


@dataclass(frozen=True)
class Pair:
    """Two captures of one page. `label`: change (of the wording), change_markup_only or noise."""

    page: str
    before: str
    after: str
    label: str


@dataclass(frozen=True)
class Sentence:
    """A sentence of the earlier capture. `stands`: its words are on the later one, in a row."""

    pair: Pair
    text: str
    stands: bool


def sentences_of(pair: Pair, before: str, after: str) -> list[Sentence]:
    """Every different sentence of the earlier capture's HTML."""
    there = _folded(_seen(after))
    return [
        Sentence(pair, text, _folded(text) in there)
        for text in dict.fromkeys(_sentences(_seen(before)))
        if len(_folded(text).split()) >= WORDS_AT_LEAST
    ]


def stands_on(text: str, markup: str) -> bool:
    """Whether the words of the text are in the page, in a row."""
    return _folded(text) in _folded(_seen(markup))


def drawn(sentences: list[Sentence], at_most: int, seed: str) -> list[Sentence]:
    """The same few of them every time."""
    return random.Random(seed).sample(sentences, min(at_most, len(sentences)))


def planted(sentence: str, seed: str) -> str:
    """The sentence with one thing changed that changes what it says: a number, a negation, else a word lost."""
    choose = random.Random(seed)
    if numbers := list(re.finditer(r"\d+", sentence)):
        number = choose.choice(numbers)
        return f"{sentence[: number.start()]}{int(number[0]) + choose.randint(1, 90)}{sentence[number.end() :]}"
    if re.search(r"\bnot\b", sentence):
        return re.sub(r"\s*\bnot\b", "", sentence, count=1)
    if re.search(r"\b(?:will|may|is|are|can|must)\b", sentence):
        return re.sub(r"\b(will|may|is|are|can|must)\b", r"\1 not", sentence, count=1)
    words = sentence.split()
    del words[choose.randrange(1, len(words) - 1)]
    return " ".join(words)


def _seen(markup: str) -> str:
    parser = _Seen()
    parser.feed(markup)
    parser.close()
    return "".join(parser.text)


def _sentences(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield from SENTENCE_END.split(" ".join(line.split()))


def _folded(text: str) -> str:
    return " " + " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())) + " "
