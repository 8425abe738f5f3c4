"""What a text is matched by: its words without endings, their beginnings, and their runs of four letters, as numbers.

Addresses say nothing of a claim; a hashtag is words. So is a handle, and the name in the signature that is copied along
with a post: claims are often told by who said them.
Numbers of 32 bits stand for words: in a million of claims a few share one, which is no worse than a word with two
meanings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from zlib import crc32

from claims.matching.stemming import is_kazakh, stem
from claims.rendering.search_words import words_of
from sources.words import words

# Characters of a text, and different words of it, that are looked at.
LONGEST_TEXT, MOST_WORDS = 10_000, 400
GRAM = 4
# Letters of a word's beginning: "протестующих" and "протесты" share it where their stems differ.
BEGINNING = 5

_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S+", re.IGNORECASE)
_SIGNATURE = re.compile(r"—([^—\n]{0,60})\((@\w{1,40})\)[^—\n]{0,60}$")
_HANDLE = re.compile(r"(?<!\w)@(\w+)")
_TAG = re.compile(r"(?<!\w)[#@](\w+)")
_HUMP = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])|_")
_POSSESSIVE = re.compile(r"['\u2019]s\b")
EMPTY_WORDS = words(
    "a an the of to in on and or for is are was were be been by with at as that this it its from has have had not but "
    "he she they his her their you your i we our who what which will would can could did do does about into over after "
    "before than then so if no out up s t "
    "и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее мне было вот от меня о из ему "
    "для мы их или если это этот эта эти при был была были есть ли уже до том том также том чем "
    "және мен бен пен үшін бұл сол деп еді екен бар жоқ ғана емес оның олар туралы бірақ кейін дейін да де та те"
)


@dataclass(frozen=True)
class Terms:
    """`words`: numbers in the text's order, with repeats. `beginnings`, `grams`: each once. `forms`: the reader's own
    word for each number."""

    words: list[int]
    beginnings: list[int]
    grams: list[int]
    forms: dict[int, str]


def terms_of(text: str, language: str = "") -> Terms:
    """Of any text, however strange; empty for one without words that say something. Kazakh is known by its letters."""
    cleaned = _cleaned(text)
    found = [word for word in words_of(cleaned) if word not in EMPTY_WORDS]
    kazakh = language.startswith("kk") or is_kazakh(cleaned.lower())
    known: dict[str, int] = {}
    forms: dict[int, str] = {}
    numbers = []
    for word in found:
        if word not in known:
            if len(known) >= MOST_WORDS:
                break
            known[word] = number_of("w", stem(word, kazakh=kazakh))
            forms.setdefault(known[word], word)
        numbers.append(known[word])
    long = [word for word in known if len(word) > BEGINNING and not word.isdecimal()]
    return Terms(
        words=numbers,
        beginnings=list(dict.fromkeys(number_of("b", word[:BEGINNING]) for word in long)),
        grams=list(dict.fromkeys(number_of("g", gram) for word in known for gram in _grams(word))),
        forms=forms,
    )


def _plain(text: str) -> str:
    return _ADDRESS.sub(" ", text[:LONGEST_TEXT].replace("\x00", " ").strip())


def _cleaned(text: str) -> str:
    """Without addresses, and of a signature without its day; names in hashtags and handles as words."""
    text = _SIGNATURE.sub(r" \1 \2", _plain(text))
    return _POSSESSIVE.sub("", _TAG.sub(lambda tag: f" {_HUMP.sub(' ', tag[1])} ", text))


def same_text(text: str) -> str:
    """What two texts share that are the same but for capitals, marks, addresses, handles and ways to write digits."""
    return " ".join(words_of(_HANDLE.sub(" ", _SIGNATURE.sub(" ", _plain(text)))))


def number_of(kind: str, word: str) -> int:
    """Fits PostgreSQL's integer."""
    return crc32(f"{kind}{word}".encode()) - 2**31


def _grams(word: str) -> list[str]:
    marked = f"^{word}$"
    return [marked[at : at + GRAM] for at in range(max(1, len(marked) - GRAM + 1))]
