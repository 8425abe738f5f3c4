"""Is the quoted passage still there, and which words of it changed? Pure.

A quote is a W3C Web Annotation TextQuoteSelector: the exact words and the text before and after them. It counts as
`intact` wherever the same words stand in the same order, however they are wrapped, hyphenated and typeset; commas
and full stops may differ (numbers keep theirs), question marks, dashes and quotation marks may not be lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import LCSseq

from .alignment import align, between, context_around, likely_windows, occurrences
from .words import Token, Weight, is_pause, is_word, tokens_of, weight_of

Status = Literal["intact", "altered", "missing"]
Op = Literal["equal", "delete", "insert"]

# The passage nearest to a quote is the quote altered if it shares at least this much of it (words weighed by
# length); below it the quote is missing. Between unrelated sentences of one article we see 0.1 to 0.3.
ALTERED_AT_LEAST = 0.5
# A passage standing between the quote's own prefix and suffix is the same place: less of it need be left.
ALTERED_IN_PLACE_AT_LEAST = 0.25
# Nothing less similar than this is worth showing as "nearest".
NEAREST_AT_LEAST = 0.2
# How many characters of context are handed back, and how many words of it are compared.
CONTEXT_CHARACTERS = 64
CONTEXT_WORDS = 12
# What ends a passage whose quote ends with such a sign; it is shown with it and not compared.
PAUSE_AFTER = re.compile(r"[ \t]*[.,;:…]+")
PAUSE_AT_END = re.compile(r"[.,;:…]\s*\Z")


@dataclass(frozen=True, slots=True)
class QuoteMatch:
    """Where a quote is in a text. `text[start:end] == found`; for a missing quote the nearest passage or ""."""

    status: Status
    found: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int = 0
    end: int = 0
    similarity: float = 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """A run of words that stayed, went or came. All "equal" and "delete" make `before`; "equal" and "insert" `after`
    (up to blanks and typesetting)."""

    op: Op
    text: str
    weight: Weight = "word"


def find_quote(text: str, exact: str, *, prefix: str = "", suffix: str = "") -> QuoteMatch:
    """Find the quote in the text: intact, altered (with the passage as it now reads) or missing.

    Linear in the length of the text: about half a second for 1 MB. A quote without any word is never found.
    """
    wanted = [token.folded for token in _spoken(exact)]
    tokens = _spoken(text)
    if not any(map(is_word, wanted)) or not tokens:
        return QuoteMatch("missing")
    words = [token.folded for token in tokens]
    before = [token.folded for token in _spoken(prefix)][-CONTEXT_WORDS:]
    after = [token.folded for token in _spoken(suffix)][:CONTEXT_WORDS]

    places = [
        place
        for place in occurrences(words, wanted)
        if not _asks_now(exact, words[place + len(wanted) : place + len(wanted) + 1])
    ]
    if places:
        first = max(places, key=lambda place: context_around(words, place, place + len(wanted), before, after))
        return _match("intact", text, tokens, first, first + len(wanted), 1.0, exact)

    candidates = [
        candidate
        for start, end in likely_windows(words, wanted)
        if (candidate := align(words, start, end, wanted, before, after))
    ]
    if rewritten := between(words, wanted, before, after):
        candidates.append(rewritten)
    if not candidates:
        return QuoteMatch("missing")
    best = max(candidates, key=lambda candidate: candidate.score)
    in_place = best.context > 0.8 and best.similarity >= ALTERED_IN_PLACE_AT_LEAST
    if best.similarity >= ALTERED_AT_LEAST or in_place:
        return _match("altered", text, tokens, best.first, best.last, best.similarity, exact)
    if best.similarity >= NEAREST_AT_LEAST:
        return _match("missing", text, tokens, best.first, best.last, best.similarity, exact)
    return QuoteMatch("missing", similarity=best.similarity)


def _asks_now(exact: str, following: list[str]) -> bool:
    """What was said with a full stop is a question now."""
    return following == ["?"] and bool(PAUSE_AT_END.search(exact))


def _spoken(text: str) -> list[Token]:
    """The tokens that are compared: all but the signs at which a reader only pauses."""
    return [token for token in tokens_of(text) if not is_pause(token.folded)]


def word_difference(before: str, after: str) -> list[Difference]:
    """The word-level difference, in reading order; a replaced run is its deletions, then its insertions."""
    old, new = tokens_of(before), tokens_of(after)
    result: list[Difference] = []
    for code in LCSseq.opcodes([token.folded for token in old], [token.folded for token in new]):
        if code.tag == "equal":
            result.append(Difference("equal", _slice(after, new, code.dest_start, code.dest_end)))
        else:
            result.extend(_runs("delete", before, old, code.src_start, code.src_end))
            result.extend(_runs("insert", after, new, code.dest_start, code.dest_end))
    return _deletions_first(result)


def _deletions_first(differences: list[Difference]) -> list[Difference]:
    """Between two equal runs: what went, then what came, so that a replacement reads as one."""
    result: list[Difference] = []
    changed: list[Difference] = []
    for difference in [*differences, None]:
        if difference is not None and difference.op != "equal":
            changed.append(difference)
            continue
        result.extend(sorted(changed, key=lambda change: change.op != "delete"))
        changed.clear()
        if difference is not None:
            result.append(difference)
    return result


def _runs(op: Op, text: str, tokens: Sequence[Token], start: int, end: int) -> list[Difference]:
    """The tokens as runs of one weight each, so that a changed number stands out of the words around it."""
    runs: list[Difference] = []
    run_start = start
    for index in range(start, end):
        weight = _weight(text, tokens, index)
        if index + 1 == end or _weight(text, tokens, index + 1) != weight:
            runs.append(Difference(op, _slice(text, tokens, run_start, index + 1), weight))
            run_start = index + 1
    return runs


def _weight(text: str, tokens: Sequence[Token], index: int) -> Weight:
    previous = next((tokens[i].folded for i in range(index - 1, -1, -1) if tokens[i].folded != "'"), ".")
    token = tokens[index]
    return weight_of(text[token.start : token.end], opens_sentence=previous in {".", "!", "?", "...", ":"})


def _slice(text: str, tokens: Sequence[Token], start: int, end: int) -> str:
    """The tokens as they stand in the text, with the blanks after them; the first with the blanks before it."""
    first = tokens[start].start if start else 0
    last = tokens[end].start if end < len(tokens) else len(text)
    return text[first:last]


def _match(
    status: Status, text: str, tokens: Sequence[Token], first: int, last: int, similarity: float, exact: str
) -> QuoteMatch:
    start, end = tokens[first].start, tokens[last - 1].end
    if PAUSE_AT_END.search(exact) and (pause := PAUSE_AFTER.match(text, end)):
        end = pause.end()
    return QuoteMatch(
        status,
        found=text[start:end],
        prefix=text[max(0, start - CONTEXT_CHARACTERS) : start],
        suffix=text[end : end + CONTEXT_CHARACTERS],
        start=start,
        end=end,
        similarity=round(similarity, 4),
    )
