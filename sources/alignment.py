"""Where in a text a passage is, or is nearest; texts being lists of folded words (see `words`). Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz.distance import Indel, LCSseq

from .words import is_word

# How many places of a long text are aligned word by word; they are the ones that share most words.
CANDIDATES = 6
# A repeated passage (a menu, a refrain) is told apart by context up to this many times.
MAX_OCCURRENCES = 500
SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Candidate:
    first: int
    last: int
    similarity: float
    context: float
    # 1 when the passage is as long as the quote: what stands where the lost words stood belongs to it.
    fit: float

    @property
    def score(self) -> float:
        return self.similarity + 0.3 * self.context + 0.15 * self.fit


def occurrences(words: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Indices at which the wanted words stand in a row."""
    haystack = SEPARATOR + SEPARATOR.join(words) + SEPARATOR
    needle = SEPARATOR + SEPARATOR.join(wanted) + SEPARATOR
    at = haystack.find(needle)
    if at < 0:
        return []
    starts = list(accumulate((len(word) + 1 for word in words), initial=0))
    places: list[int] = []
    while at >= 0 and len(places) < MAX_OCCURRENCES:
        places.append(bisect_right(starts, at) - 1)
        at = haystack.find(needle, at + 1)
    return places


def context_around(words: Sequence[str], first: int, last: int, before: Sequence[str], after: Sequence[str]) -> float:
    """How much of the quote's prefix and suffix stands around words[first:last]; 0 to 1."""
    shares = []
    if before:
        shares.append(_shared(before, words[max(0, first - len(before)) : first]))
    if after:
        shares.append(_shared(after, words[last : last + len(after)]))
    return sum(shares) / len(shares) if shares else 0.0


def _shared(wanted: Sequence[str], found: Sequence[str]) -> float:
    return LCSseq.similarity(wanted, found) / len(wanted)


def likely_windows(words: Sequence[str], wanted: Sequence[str]) -> list[tuple[int, int]]:
    """The stretches of the text that share most of the quote's words, rare words counting more."""
    frequency = Counter(words)
    value = {word: len(word) / frequency[word] ** 0.5 for word in set(wanted) if frequency[word] and is_word(word)}
    if not value:
        return []
    hits = [index for index, word in enumerate(words) if word in value]
    span = len(wanted) + max(4, len(wanted) // 4)
    allowed = Counter(wanted)
    scores: list[tuple[float, int]] = []
    held: Counter[str] = Counter()
    total, left = 0.0, 0
    for index in hits:
        word = words[index]
        held[word] += 1
        total += value[word] if held[word] <= allowed[word] else 0.0
        while index - hits[left] >= span:
            gone = words[hits[left]]
            total -= value[gone] if held[gone] <= allowed[gone] else 0.0
            held[gone] -= 1
            left += 1
        scores.append((total, hits[left]))
    margin = len(wanted) // 2 + 2
    windows: list[tuple[int, int]] = []
    for _, start in sorted(scores, key=lambda score: (-score[0], score[1])):
        if all(abs(start - margin - known) > span // 2 for known, _ in windows):
            windows.append((start - margin, start + span + margin))
            if len(windows) == CANDIDATES:
                break
    return [(max(0, start), min(len(words), end)) for start, end in windows]


def align(
    words: Sequence[str],
    start: int,
    end: int,
    wanted: Sequence[str],
    before: Sequence[str],
    after: Sequence[str],
) -> Candidate | None:
    """The passage within words[start:end] that the quote best aligns with."""
    blocks = [
        (code.src_start, code.dest_start, code.dest_end)
        for code in LCSseq.opcodes(wanted, words[start:end])
        if code.tag == "equal"
    ]
    if not blocks:
        return None
    best: Candidate | None = None
    for left in range(min(3, len(blocks))):
        for right in range(max(left, len(blocks) - 3), len(blocks)):
            # Words of the quote that were replaced at either end are as many words of the page.
            lead = blocks[left][0]
            last_block = blocks[right]
            trail = len(wanted) - last_block[0] - (last_block[2] - last_block[1])
            spans = {
                (start + blocks[left][1], start + last_block[2]),
                (max(0, start + blocks[left][1] - lead), min(len(words), start + last_block[2] + trail)),
                (max(0, start + blocks[left][1] - lead), start + last_block[2]),
                (start + blocks[left][1], min(len(words), start + last_block[2] + trail)),
            }
            for first, last in sorted(spans):
                candidate = _candidate(words, first, last, wanted, before, after)
                # Among equals the longer passage: it shows what stands where the lost words stood.
                if best is None or (candidate.score, last - first) > (best.score, best.last - best.first):
                    best = candidate
    return best


def _candidate(
    words: Sequence[str],
    first: int,
    last: int,
    wanted: Sequence[str],
    before: Sequence[str],
    after: Sequence[str],
) -> Candidate:
    return Candidate(
        first,
        last,
        similarity=_similarity(wanted, words[first:last]),
        context=context_around(words, first, last, before, after),
        fit=1 - min(1.0, abs(last - first - len(wanted)) / len(wanted)),
    )


def between(
    words: Sequence[str], wanted: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> Candidate | None:
    """What now stands between the quote's own prefix and suffix, where both are still whole and near each other."""
    if len(before) < 3 or len(after) < 3:
        return None
    ends = [place + len(before) for place in occurrences(words, before)]
    for start in occurrences(words, after):
        for end in ends:
            if 0 < start - end <= 2 * len(wanted) + 10:
                return _candidate(words, end, start, wanted, before, after)
    return None


def _similarity(wanted: Sequence[str], found: Sequence[str]) -> float:
    """Share of the words both have in the same order, words weighed by their length; 0 to 1.

    Letters count for a fifth, so that a corrected spelling costs less than another word.
    """
    shared = sum(
        _length(wanted[code.src_start : code.src_end]) for code in LCSseq.opcodes(wanted, found) if code.tag == "equal"
    )
    whole = 2 * shared / (_length(wanted) + _length(found))
    if whole < 0.2:
        return whole
    letters = Indel.normalized_similarity(" ".join(wanted), " ".join(found))
    # Any two sentences of a language share about half their letters: only what goes beyond says anything.
    return 0.8 * whole + 0.2 * max(0.0, 2 * letters - 1)


def _length(words: Sequence[str]) -> int:
    return sum(len(word) if is_word(word) else 1 for word in words)
