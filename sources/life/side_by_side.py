"""Two versions of a page side by side: only what changed, word by word, with what stands around it. Pure.

Bounded however long the texts are: equal lines are matched as lines, only the rest is compared word by word, and what
is too long for that is shown as taken out and put in. 1 MB against 1 MB takes well under a second.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from sources.comparison import Difference, word_difference

# Changed places that are shown; beyond them their number is told.
MOST_CHANGES = 40
# Longer lines are compared in pieces, cut between sentences where there are any.
LONGEST_LINE = 600
# The longest run of changed text, in characters of both sides, that is compared word by word.
LONGEST_COMPARED = 20_000
# Of a run, what is shown of each side.
LONGEST_SHOWN = 6_000
# Between two matched lines, at most this many pairs of lines are aligned; a longer stretch counts as rewritten.
MOST_PAIRS = 1_000_000
# What stands before and after a change, in characters.
CONTEXT = 160
# A word; one longer than a line (coded data) in pieces.
WORD_PIECE = re.compile(rf"\S{{1,{LONGEST_LINE}}}")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")

Block = tuple[int, int, int, int]


@dataclass(frozen=True)
class Change:
    """One changed place: what stands around it, and both sides as runs that stayed, went or came.

    `before` holds equal and delete, `after` equal and insert. `cut`: more text changed here than is shown.
    """

    lead: str
    before: list[Difference]
    after: list[Difference]
    trail: str
    cut: bool = False


@dataclass(frozen=True)
class Comparison:
    """The changes in reading order, and how many more there are."""

    changes: list[Change]
    more: int


def compare(before: str, after: str) -> Comparison:
    """What changed from one text to the other; blanks and line breaks do not count."""
    old, new = _lines(before), _lines(after)
    blocks = _changed(old, new)
    changes = []
    for first, last, start, end in blocks[:MOST_CHANGES]:
        lead = _cut(new[start - 1], CONTEXT, keep_end=True) if start else ""
        trail = _cut(new[end], CONTEXT) if end < len(new) else ""
        changes.append(_change("\n".join(old[first:last]), "\n".join(new[start:end]), lead, trail))
    return Comparison(changes, max(len(blocks) - MOST_CHANGES, 0))


def _change(was: str, now: str, lead: str, trail: str) -> Change:
    if len(was) + len(now) > LONGEST_COMPARED or not was or not now:
        cut = max(len(was), len(now)) > LONGEST_SHOWN
        before = [Difference("delete", _cut(was, LONGEST_SHOWN))] if was else []
        after = [Difference("insert", _cut(now, LONGEST_SHOWN))] if now else []
        return Change(lead, before, after, trail, cut)
    parts = word_difference(was, now)
    return Change(
        lead,
        [part for part in parts if part.op != "insert"],
        [part for part in parts if part.op != "delete"],
        trail,
    )


def _lines(text: str) -> list[str]:
    """The text's lines, blanks folded, the empty ones left out, long ones in pieces."""
    return [
        piece
        for line in text.splitlines()
        if (folded := " ".join(line.split()))
        for piece in ([folded] if len(folded) <= LONGEST_LINE else _pieces(folded))
    ]


def _pieces(line: str) -> list[str]:
    """Sentences, and words where a sentence is longer than a line may be."""
    pieces: list[str] = []
    for sentence in SENTENCE_END.split(line):
        pieces += [sentence] if len(sentence) <= LONGEST_LINE else _by_words(sentence)
    return pieces


def _by_words(sentence: str) -> list[str]:
    """Cut where the words themselves say so, not after every so many: an inserted word moves no other cut."""
    pieces: list[str] = []
    here: list[str] = []
    for word in WORD_PIECE.findall(sentence):
        here.append(word)
        if len(here) > 60 or (len(here) > 8 and len(word) > 6):
            pieces.append(" ".join(here))
            here = []
    return [*pieces, " ".join(here)] if here else pieces


def _changed(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """The stretches that differ, as (first, last) of the old and (start, end) of the new lines."""
    same = min(len(old), len(new))
    head = next((i for i in range(same) if old[i] != new[i]), same)
    tail = next((i for i in range(same - head) if old[-1 - i] != new[-1 - i]), same - head)
    found: list[Block] = []
    first, start = head, head
    for place, other in [*_anchors(old, new, head, tail), (len(old) - tail, len(new) - tail)]:
        found += _between(old, new, (first, place, start, other))
        first, start = place + 1, other + 1
    return _joined(found)


def _anchors(old: Sequence[str], new: Sequence[str], head: int, tail: int) -> list[tuple[int, int]]:
    """Lines that stand once in either text, as far as they stand in the same order ("patience")."""
    left, right = range(head, len(old) - tail), range(head, len(new) - tail)
    once_old = Counter(old[i] for i in left)
    once_new = Counter(new[i] for i in right)
    where = {new[i]: i for i in right if once_new[new[i]] == 1}
    pairs = [(i, where[old[i]]) for i in left if once_old[old[i]] == 1 and old[i] in where]
    return _rising(pairs)


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs in which the second number rises too."""
    ends: list[int] = []
    last: list[int] = []
    previous: list[int] = []
    for index, (_, other) in enumerate(pairs):
        place = bisect_left(ends, other)
        if place == len(ends):
            ends.append(other)
            last.append(index)
        else:
            ends[place], last[place] = other, index
        previous.append(last[place - 1] if place else -1)
    chain: list[tuple[int, int]] = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(pairs[index])
        index = previous[index]
    return chain[::-1]


def _between(old: Sequence[str], new: Sequence[str], block: Block) -> list[Block]:
    """The changed stretches of a stretch without anchors: repeated lines are matched here."""
    first, last, start, end = block
    if first == last and start == end:
        return []
    if first == last or start == end or (last - first) * (end - start) > MOST_PAIRS:
        return [block]
    return [
        (first + code.src_start, first + code.src_end, start + code.dest_start, start + code.dest_end)
        for code in LCSseq.opcodes(old[first:last], new[start:end])
        if code.tag != "equal"
    ]


def _joined(blocks: list[Block]) -> list[Block]:
    """Stretches that touch are one change."""
    joined: list[Block] = []
    for block in blocks:
        if joined and joined[-1][1] == block[0] and joined[-1][3] == block[2]:
            joined[-1] = (joined[-1][0], block[1], joined[-1][2], block[3])
        else:
            joined.append(block)
    return joined


def _cut(text: str, length: int, *, keep_end: bool = False) -> str:
    if len(text) <= length:
        return text
    return "…" + text[-length:] if keep_end else text[:length] + "…"
