"""What a language brings to the reading: a table of words, and no rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Phrase = tuple[str, ...]


def phrases(table: Mapping[str, str]) -> dict[Phrase, str]:
    """{"at_least": "at least; no fewer than"} -> {("at", "least"): "at_least", …}."""
    return {tuple(phrase.split()): name for name, listed in table.items() for phrase in listed.split(";")}


def words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


@dataclass(frozen=True)
class Lexicon:
    """Every key is in lower case. Forms are listed one by one, so that no ending is guessed.

    cardinals: words below a hundred, and hundreds where the language has words of their own for them.
    hundred: the words that multiply what is before them by a hundred, and stand before a scale.
    scales: words that multiply, with all their forms. `alone`: those that mean one of it without a number before;
    `after_comparator`: those that mean one of it only after a comparator ("более тысячи").
    vague: plurals without a number ("thousands"), with the lowest value by the codebook's convention.
    several, few, couple: phrases before a scale ("a few hundred").
    units, unit_stems: words that are counted. `unit_endings`: of other words that are, after digits.
    cases: ending -> "from" or "to", where a comparator asks for one (Kazakh).
    not_after, not_before: words beside a number that make it no quantity.
    """

    language: str
    decimal_comma: bool
    cardinals: Mapping[str, int]
    hundred: frozenset[str]
    scales: Mapping[str, int]
    alone: frozenset[str]
    after_comparator: frozenset[str]
    suffixes: Mapping[str, int]
    vague: Mapping[str, int]
    several: frozenset[Phrase]
    few: frozenset[Phrase]
    couple: frozenset[Phrase]
    before: Mapping[Phrase, str]
    after: Mapping[Phrase, str]
    range_openers: Mapping[Phrase, frozenset[str]]
    halves: Mapping[Phrase, str]
    per_cent: frozenset[Phrase]
    units: frozenset[str]
    unit_stems: tuple[str, ...]
    unit_endings: tuple[str, ...]
    joiners: frozenset[str]
    not_units: frozenset[str]
    not_after: frozenset[str]
    not_before: frozenset[str]
    months: frozenset[str]
    year_words: tuple[str, ...]
    growth: tuple[str, ...]
    before_year: frozenset[str]
    tails: frozenset[str]
    counters: frozenset[str] = frozenset()
    cases: Mapping[str, str] = field(default_factory=dict)
    after_case: Mapping[Phrase, tuple[str, str]] = field(default_factory=dict)
    articles: frozenset[str] = frozenset()
    and_a_half: frozenset[Phrase] = frozenset()
    measures: tuple[str, ...] = ()
    fraction_links: frozenset[str] = frozenset()
    names_before: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()
    tens_join: bool = False
    ands: frozenset[str] = frozenset()
    adjective_endings: tuple[str, ...] = ("",)
    not_unit_endings: tuple[str, ...] = ()
    unit_rests: frozenset[str] = frozenset()
    between: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    money: tuple[str, ...] = ()
    growth_openers: frozenset[Phrase] = frozenset()
    growth_ends: frozenset[str] = frozenset()
