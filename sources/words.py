"""Texts as comparable words: what counts as the same word wherever and however it is typeset. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

Weight = Literal["number", "name", "negation", "word"]


def words(text: str) -> frozenset[str]:
    """A table of words, written as one would say it."""
    return frozenset(text.split())


# Characters that are on the page and that nobody sees: soft hyphen, zero-width signs, joiners, direction marks.
INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
# Combining marks: decomposed й and ё are one letter and a mark.
MARKS = "\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
LETTER = rf"[\w{MARKS}{INVISIBLE}]"
QUOTES = "\"'`´‘’‚‛“”„‟«»‹›′″＂＇"
DASHES = "-‐‑‒–—―−﹘﹣－"
# Hyphens that belong to a word; a line may break after one (infor-/mation), and dashes part words.
LINE_BREAK = r"[ \t\r]*\n\s*"
HYPHEN = rf"[-\u2010\u2011](?:{LINE_BREAK})?"
SOFT_HYPHEN_BREAK = rf"(?<=\u00ad){LINE_BREAK}"
# Signs at which a reader only pauses: another comma, or a full stop made a semicolon, leaves the words as they were.
PAUSES = frozenset(".,;:•·")
TOKEN = re.compile(
    # 70.96, 12,000, 9:30, 1/2: one number; a comma or full stop ending a sentence stays outside.
    rf"(?P<number>\d[\d{INVISIBLE}]*(?:[.,:/]\d[\d{INVISIBLE}]*)*(?![\w{MARKS}]))"
    # don't, O’Neill, well-known: one word, apostrophe and hyphen and all. COVID-19 is a word and a number.
    rf"|(?P<word>[{INVISIBLE}]*\w{LETTER}*"
    rf"(?:(?:['’ʼ]\w|(?:{HYPHEN}|{SOFT_HYPHEN_BREAK})[^\W\d_]){LETTER}*)*)"
    r"|(?P<dots>\.{2,}|…)"
    rf"|(?P<other>[^\s{INVISIBLE}{MARKS}])"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
# Between letters a hyphen may be the page's, the typesetter's or nobody's.
_HYPHEN_INSIDE = re.compile(rf"(?<=[\w{MARKS}{INVISIBLE}])(?:{HYPHEN}|{LINE_BREAK})(?=\w)")
_FOLD = str.maketrans(
    dict.fromkeys(QUOTES, "'")
    | dict.fromkeys(DASHES, "-")
    | {"ʼ": "'", "…": "..."}
    # NFKC alone would make 10² the same as 102.
    | {chr(sign): "^" + str(digit) for digit, sign in enumerate([0x2070, 0xB9, 0xB2, 0xB3, *range(0x2074, 0x207A)])}
)
NEGATIONS = words(
    "not no never none nobody nothing nowhere neither nor without cannot hardly barely failed denied refused "
    "не ни нет никогда никто ничего нигде никакой никаких без нельзя отсутствие "
    "жоқ емес ешқашан ешкім ештеңе ешқандай ешбір"
)
NUMBER_WORDS = words(
    "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty "
    "sixty seventy eighty ninety dozen dozens hundred hundreds "
    "thousand thousands million millions billion billions half quarter percent per cent "
    "один одна одно два две три четыре пять шесть семь восемь девять десять двадцать тридцать сорок пятьдесят сто "
    "сотня сотни сотен двести тысяча тысячи тысяч миллион миллиона миллионов миллиард миллиарда миллиардов половина "
    "треть четверть процент процента процентов "
    "бір екі үш төрт бес алты жеті сегіз тоғыз он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан жүз жүздеген мың "
    "мыңдаған миллиондаған жарты пайыз"
)


class Token(NamedTuple):
    """A word, number or sign of a text: its folded form and where it stands in the text."""

    folded: str
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """The text's words, numbers and signs in order; blanks and invisible characters are between or inside them."""
    return [Token(fold(match.group()), match.start(), match.end()) for match in TOKEN.finditer(text)]


@lru_cache(maxsize=50_000)
def fold(token: str) -> str:
    """What two spellings of one word share: NFKC, case, straight quotes and dashes, no invisible characters,
    no hyphens inside."""
    visible = _INVISIBLE.sub("", _HYPHEN_INSIDE.sub("", token)) or token
    return unicodedata.normalize("NFKC", visible.translate(_FOLD)).casefold()


def is_word(folded: str) -> bool:
    """A word or number, as opposed to a sign."""
    return any(character.isalnum() for character in folded)


def is_pause(folded: str) -> bool:
    """A sign at which a reader only pauses."""
    return folded in PAUSES or not folded.strip(".")


def weight_of(token: str, *, opens_sentence: bool) -> Weight:
    """How much a reader should mind this word changing: numbers, negations and names change what is said."""
    folded = fold(token)
    if any(character.isdigit() for character in folded) or folded in NUMBER_WORDS or folded in "%‰":
        return "number"
    if folded in NEGATIONS or folded.endswith("n't"):
        return "negation"
    letters = [character for character in token if character.isalpha()]
    if letters and letters[0].isupper() and (not opens_sentence or (len(letters) > 1 and letters[1].isupper())):
        return "name"
    return "word"
