"""Passages of a page that may be a claim: what it quotes, and what gives a number. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Characters of a page that are looked at, of one passage, and passages offered.
LOOKED_AT, SHORTEST, LONGEST, MOST = 60_000, 20, 600, 24
FEWEST_WORDS = 4
# A sentence ends at its sign, closing quotes included, when a blank and a capital, digit or quote follow. Short
# words before the full stop (г., Dr., т.) end none.
END = re.compile(r"(?<=[.!?…])[»”\"’)]*\s+(?=[\"«“„(—–-]*\s*[A-ZА-ЯЁӘҒҚҢӨҰҮІҺ0-9])")
SHORT_WORD = re.compile(r"(?:\b\w|\b(?:Dr|Mr|Mrs|Ms|St|No|им|ул|гг|млн|млрд|тыс|руб|тг|чел))\.[»”\"’)]*\Z")
QUOTED = re.compile(
    "\u201c[^\u201c\u201d]{15,}\u201d|\u00ab[^\u00ab\u00bb]{15,}\u00bb|"
    '\u201e[^\u201e\u201c\u201d]{15,}[\u201c\u201d]|"[^"]{15,}"'
)
NUMBER = re.compile(
    r"\d|\b(?:hundreds?|thousands?|millions?|billions?|dozens?|percent|half|"
    r"сотн\w+|тысяч\w*|миллион\w*|миллиард\w*|десятк\w+|процент\w*|половин\w+|"
    r"жүзде\w*|мыңда\w*|мың|миллиондаған|пайыз\w*|жартысы)\b",
    re.IGNORECASE,
)


def passages_of(text: str, quotes: list[str] | None = None, description: str = "") -> list[str]:
    """Each once: what the page sets apart or sums up, then sentences with quotes or numbers in the page's order."""
    found: dict[str, None] = {}
    for one in (*(quotes or ()), description):
        if _fits(one := " ".join(one.split())):
            found.setdefault(one)
    quoting, counting = [], []
    for sentence in sentences_of(text[:LOOKED_AT]):
        if not _fits(sentence):
            continue
        if QUOTED.search(sentence):
            quoting.append(sentence)
        elif NUMBER.search(sentence):
            counting.append(sentence)
    for sentence in (*quoting[: MOST // 2], *counting, *quoting[MOST // 2 :]):
        if not any(sentence in other for other in found):
            found.setdefault(sentence)
    return list(found)[:MOST]


def sentences_of(text: str) -> Iterator[str]:
    """Line by line: a block of the page is a line."""
    for line in text.splitlines():
        begin = 0
        for end in END.finditer(line):
            if SHORT_WORD.search(line, begin, end.start() + len(end[0].rstrip())):
                continue
            yield line[begin : end.end()].strip()
            begin = end.end()
        if rest := line[begin:].strip():
            yield rest


def _fits(text: str) -> bool:
    return SHORTEST <= len(text) <= LONGEST and len(text.split()) >= FEWEST_WORDS
