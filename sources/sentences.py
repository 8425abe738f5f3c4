"""A captured text as sentences that can be pointed at, in the paragraphs they stand in. Pure.

Where a sentence ends is a guess that costs little: neighbouring sentences can be taken together, and any other passage
can be selected or pasted. So the rules are few, and the same for every language we meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import quantiles

from sources.words import words

# A full stop after these ends no sentence; one letter never does (initials, т. е., e. g.).
ABBREVIATIONS = words(
    "mr mrs ms dr prof sen rep gov gen col capt lt st no nos vs fig ch vol ed approx inc ltd co corp jan feb mar apr "
    "jun jul aug sep sept oct nov dec "
    "г гг в вв т тт тыс млн млрд трлн руб коп тг тел ул пр просп пл д кв стр рис табл см ср им акад проф др пр напр "
    "ст гл изд обл р-н пос чел эт корп "
    "ғ ғғ ж жж мың"
)
# What may close a sentence after its stop: quotation marks, brackets, a footnote's number in brackets.
CLOSING = r"[\"'”’»)\]]*+(?:\[\d{1,3}\])*+"
# The next sentence begins with a capital, a digit, or a mark that opens one.
STOP = re.compile(rf"(?<![.!?…])[.!?…]++{CLOSING}(?=\s+[\"'“„‘«(\[—–-]*\s?[^\W_a-zа-яёәғқңөұүіһ])")
LAST_WORD = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)?)\.\Z")
# A line of a wrapped text that is shorter than this share of a long one ends its paragraph.
SHORT_LINE = 0.75
# Nobody reads a longer block without a break; one that has none is cut at a blank.
LONGEST_BLOCK = 10_000

# text[start:end]
Span = tuple[int, int]


def blocks(text: str, *, wrapped: bool = False) -> list[Span]:
    """The text's paragraphs and headings, in reading order.

    `wrapped`: its lines are those of a printed page (PDF), not paragraphs.
    """
    return [piece for start, end in _blocks(text, wrapped) for piece in _short_enough(text, start, end)]


def sentences(text: str, start: int, end: int) -> list[Span]:
    """The sentences of one block."""
    found: list[Span] = []
    at = start
    for stop in STOP.finditer(text, start, end):
        if not _abbreviates(text, at, stop.start(), stop.group()):
            found += _trimmed(text, at, stop.end())
            at = stop.end()
    return [*found, *_trimmed(text, at, end)]


def pages(found: list[Span], longest: int) -> list[list[Span]]:
    """The blocks in portions of about `longest` characters; at least one portion, perhaps empty."""
    portions: list[list[Span]] = [[]]
    length = 0
    for start, end in found:
        if portions[-1] and length + end - start > longest:
            portions.append([])
            length = 0
        portions[-1].append((start, end))
        length += end - start
    return portions


def _blocks(text: str, wrapped: bool) -> Iterator[Span]:
    lines = [match.span() for match in re.finditer(r"[^\n]+", text)]
    if not wrapped or len(lines) < 2:
        yield from lines
        return
    full = quantiles([end - start for start, end in lines], n=10)[-1] * SHORT_LINE
    begun: int | None = None
    for start, end in lines:
        begun = start if begun is None else begun
        if end - start < full:
            yield begun, end
            begun = None
    if begun is not None:
        yield begun, lines[-1][1]


def _short_enough(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > LONGEST_BLOCK:
        blank = text.rfind(" ", start + LONGEST_BLOCK // 2, start + LONGEST_BLOCK)
        cut = blank if blank > 0 else start + LONGEST_BLOCK
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _abbreviates(text: str, start: int, stop: int, signs: str) -> bool:
    """A full stop that shortens a word instead of ending a sentence."""
    if signs != ".":
        return False
    word = LAST_WORD.search(text, max(start, stop - 20), stop + 1)
    return word is not None and (len(word[1]) == 1 or word[1].lower() in ABBREVIATIONS)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
