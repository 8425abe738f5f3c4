"""A text as words, runs of digits and signs, each with its place. One pass, linear in the length of the text."""

import re
from typing import NamedTuple

# The spaces that group digits: plain, no-break, narrow no-break, thin, figure space.
GROUPING_SPACES = " \u00a0\u202f\u2009\u2007"
HYPHENS = "-\u2010\u2011"
_SPACE = r"\ \u00a0\u202f\u2009\u2007"
_HYPHEN = r"\-\u2010\u2011"
DASHES = HYPHENS + "\u2012\u2013\u2014\u2212"

_TOKEN = re.compile(
    rf"""
    (?P<link>(?:https?://|www\.)\S+)
  | (?P<number>\d+(?:[{_SPACE}.,:/'’_]\d+)*)
    (?P<suffix>[^\W\d_]+\d*)?
    (?:[{_HYPHEN}](?P<tail>[^\W\d_]+(?:[{_HYPHEN}]\w+)*))?
  | (?P<word>[^\W\d_]\w*(?:['’{_HYPHEN}]\w+)*)
  | (?P<line>\n)
  | (?P<sign>[^\s])
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """kind: "number", "word" or "sign" (a line break is the sign "\\n"); `low` is the text in lower case.

    A number may carry letters: "10k" has the suffix "k", "2000-ға" the tail "ға". `digits` is the run alone.
    """

    kind: str
    text: str
    low: str
    start: int
    end: int
    digits: str = ""
    suffix: str = ""
    tail: str = ""


def tokens_of(text: str) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        whole = match.group()
        digits = match["number"] or ""
        if digits:
            kind = "number"
        elif kind in ("link", "line"):
            kind = "sign"
        found.append(
            Token(
                kind,
                whole,
                whole.lower().replace("’", "'"),
                match.start(),
                match.end(),
                digits,
                (match["suffix"] or "").lower(),
                (match["tail"] or "").lower(),
            )
        )
    return found


def touching(first: Token, second: Token) -> bool:
    return first.end == second.start
