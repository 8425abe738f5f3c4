"""The one quantity of a claim, as a suggestion for a form."""

from .quantity import Quantity
from .reading import lexicon_for, parse
from .units import is_a_measure

# Letters that Kazakh has and Russian has not.
KAZAKH_LETTERS = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")


def guess_language(text: str) -> str:
    """ "kk", "ru" or "en" by the letters: enough to know which words of quantity to look for."""
    if KAZAKH_LETTERS.intersection(text):
        return "kk"
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in text)
    return "ru" if cyrillic > sum(letter.isascii() and letter.isalpha() for letter in text) else "en"


def suggest(text: str, language: str) -> Quantity | None:
    """What the form's number fields may hold: quantity.text as stated, low, high, unit. None when none or several fit.

    What is counted (people, per cent, money) goes before durations and distances, and before a number without a unit.
    """
    found = parse(text, language)
    lex = lexicon_for(language)
    if not found or lex is None:
        return None

    def rank(one: Quantity) -> int:
        if not one.unit:
            return 1
        return 2 if one.unit == "%" or not is_a_measure(one.unit, lex) or _is_money(one.unit, lex.money) else 0

    best = max(map(rank, found))
    fitting = [one for one in found if rank(one) == best]
    values = {(one.low, one.high, one.comparator) for one in fitting}
    return fitting[0] if len(values) == 1 else None


def _is_money(unit: str, stems: tuple[str, ...]) -> bool:
    return not unit[0].isalnum() or unit.lower().startswith(stems)
