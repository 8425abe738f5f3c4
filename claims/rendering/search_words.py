"""What a text is searched by: stored texts and what people look for go through this same function.

A word is a run of letters and digits. Capitals, accents of Latin letters, stress marks, ё, apostrophes inside a word
and the ways to group digits ("10,000", "10 000") make no difference. Nothing here knows inflection: see tsquery().
"""

from __future__ import annotations

import re
import unicodedata

# PostgreSQL refuses vectors of more than a megabyte: so many words of the longest alphabet fit.
LONGEST_TEXT = 60_000
# No language needs longer ones; PostgreSQL drops those of 2 kB.
LONGEST_WORD = 100
# Of one search. Each word more is one more look into the index.
MOST_WORDS = 8
# Letters. What begins with fewer is a large part of any language: slow to gather, and not what was meant.
SHORTEST_BEGINNING = 3

# Soft hyphens, joiners, directions, byte order marks: seen by nobody, pasted by everybody.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# é -> e, ğ -> g; й keeps its breve, for it is another letter than и.
_LATIN_ACCENT = re.compile("(?<=[A-Za-z])[\u0300-\u036f]+")
_STRESS = re.compile("[\u0300-\u036f]+")
# don't, д'Артаньян, п’ять
_APOSTROPHE = re.compile(r"(?<=\w)['\u2019\u02bc`](?=\w)")
# 10,000 and 1 500 000, but neither "2019, 100 came" nor "in 2019 100 came". NFKC has made plain spaces of all others.
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+)(?![\d,]*\d)")
_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(
    '"([^"]+)"|\u201c([^\u201d]+)\u201d|\u201e([^\u201c\u201d]+)[\u201c\u201d]|\u00ab([^\u00bb]+)\u00bb'
)


def words_of(text: str) -> list[str]:
    """The words of a text in its order, as they are stored and looked for."""
    folded = text.casefold() if text.isascii() else _folded(text)
    folded = _GROUPED.sub(lambda found: re.sub("[ ,]", "", found[0]), _APOSTROPHE.sub("", folded))
    return [word[:LONGEST_WORD] for word in _WORD.findall(folded)]


def _folded(text: str) -> str:
    without_accents = _LATIN_ACCENT.sub("", unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)))
    folded = unicodedata.normalize("NFKC", without_accents).casefold().replace("ё", "е")
    # Some letters fold into letter and mark.
    return _STRESS.sub("", unicodedata.normalize("NFKC", folded))


def searchable(*texts: str) -> str:
    """What is stored of these texts, to be searched: their words with blanks between them."""
    text = " ".join(word for each in texts for word in words_of(each))
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT].rpartition(" ")[0]


def terms_of(text: str) -> list[str]:
    """What a person typed, as operands for to_tsquery(), all of which must be found; none when it holds no word.

    A word finds every word that begins with it: "протест" finds "протесты" and "протестующих", but not the other way
    round. Numbers and words of one or two letters find themselves alone; so does each of more than MOST_WORDS words, a
    text that somebody copied. Words "in quotes" find themselves side by side. Operators have no meaning: only letters
    and digits of the text are ever in a term.
    """
    phrases = [words_of("".join(groups)) for groups in _QUOTED.findall(text)]
    terms = ["(" + " <-> ".join(f"'{word}'" for word in phrase) + ")" for phrase in phrases if phrase]
    words = list(dict.fromkeys(words_of(_QUOTED.sub(" ", text))))
    copied = len(words) > MOST_WORDS
    terms += [f"'{word}'" if copied or not _may_begin(word) else f"'{word}':*" for word in words]
    return list(dict.fromkeys(terms))


def _may_begin(word: str) -> bool:
    return len(word) >= SHORTEST_BEGINNING and not word.isdecimal()


def beginning_of(word: str) -> str:
    """A word of words_of() without what inflection changes, as an operand for to_tsquery(): numbers find themselves.

    “protesters” finds “protests”, “протестующих” finds “протесты”, “алаңда” finds “алаңға”: looking for what is like a
    text forgives more than looking for what somebody typed.
    """
    return f"'{word}'" if word.isdecimal() or len(word) < SHORTEST_BEGINNING else f"'{stem_of(word)}':*"


def stem_of(word: str) -> str:
    """The first letters, which the forms of a word share: all but one or two, and seven at most."""
    return word if len(word) < 5 or word.isdecimal() else word[: min(len(word) - (1 if len(word) < 7 else 2), 7)]
