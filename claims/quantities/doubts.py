"""What speaks against reading a number: years, dates, ages, names, ordinals of things. Silence beats a wrong number."""

from collections.abc import Sequence

from .bounds import Found
from .lexicon import Lexicon
from .tokens import Token
from .units import is_a_measure

# Below this, "over 65" and "under 18" without a unit are ages, temperatures, lines of a form.
SMALL = 100
LONGEST_MONTH = 31
STRONG = frozenset(["at_least", "more_than", "at_most", "less_than"])


def _low(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].low if 0 <= at < len(tokens) else ""


def stands_in_a_fraction(tokens: Sequence[Token], found: Found, lex: Lexicon) -> bool:
    """ "one in five", "9 out of 10", "9 из 10"."""
    at = found.last
    if not found.unit and _low(tokens, at) in lex.fraction_links:
        ahead = tokens[at + 1 : at + 4]
        if any(token.kind == "number" or token.low in lex.cardinals for token in ahead):
            found.last = at + 1
            while found.last < len(tokens) and found.last < at + 4:
                found.last += 1
                if tokens[found.last - 1].kind == "number" or tokens[found.last - 1].low in lex.cardinals:
                    break
            return True
    before = _low(tokens, found.first - 1)
    behind = _low(tokens, found.first - 2)
    return before in lex.fraction_links and (behind in lex.cardinals or behind == "out")


def is_doubtful(tokens: Sequence[Token], found: Found, lex: Lexicon) -> bool:
    return (
        bool(found.case_left and found.unit != "%")
        or _beside_a_trap(tokens, found, lex)
        or _is_a_year(tokens, found, lex)
        or _is_growth(tokens, found, lex)
        or _splits_what_is_whole(found, lex)
        or not _is_signed(tokens, found, lex)
    )


def _beside_a_trap(tokens: Sequence[Token], found: Found, lex: Lexicon) -> bool:
    before, after = _low(tokens, found.first - 1), _low(tokens, found.last)
    number_end = _low(tokens, found.number.end)
    if (
        before in lex.not_after
        or (found.number.low <= LONGEST_MONTH and _is_a_month(tokens, found.first - 1, lex))
        or (before == "." and _low(tokens, found.first - 2) in lex.not_after)
    ):
        return True
    if after in lex.not_before or number_end in lex.not_before:
        return True
    if _is_a_month(tokens, found.number.end, lex):
        return True
    if not lex.names_before or found.first == 0 or found.comparators or found.number.scale > 1 or found.number.grouped:
        return False
    word = tokens[found.first - 1]
    is_a_name = word.kind == "word" and word.text[0].isupper() and word.low not in lex.names_before
    return is_a_name and found.number.kind == "digits" and found.number.low < 10_000


def _is_a_month(tokens: Sequence[Token], at: int, lex: Lexicon) -> bool:
    """English writes them with a capital, which tells May from may."""
    if not 0 <= at < len(tokens) or tokens[at].low not in lex.months:
        return False
    return lex.language != "en" or tokens[at].text[0].isupper()


def _is_a_year(tokens: Sequence[Token], found: Found, lex: Lexicon) -> bool:
    if not found.number.looks_like_a_year:
        return False
    if _low(tokens, found.number.end).startswith(lex.year_words) or found.unit.lower().startswith(lex.year_words):
        return True
    before = _low(tokens, found.first - 1)
    if found.unit:
        return (before in lex.before_year and not found.comparators) or not found.known
    if lex.cases and "at_most" in found.comparators:
        # "2000-ға дейін" also is "until 2000".
        return True
    return not STRONG.intersection(found.comparators) or _low(tokens, found.first) in lex.before_year | lex.weak


def _is_growth(tokens: Sequence[Token], found: Found, lex: Lexicon) -> bool:
    """ "rose from 300 to 500" is two numbers at two times, and no range."""
    if found.low is None:
        opens = _low(tokens, found.first) in lex.growth_ends
        return opens and any(token.kind == "number" for token in tokens[max(0, found.first - 3) : found.first])
    near = [*tokens[max(0, found.first - 5) : found.first], *tokens[found.last : found.last + 3]]
    return any(token.low.startswith(lex.growth) for token in near)


def _splits_what_is_whole(found: Found, lex: Lexicon) -> bool:
    """3.11 people: a version, a date or a sum of money, but nobody's count."""
    return not found.number.is_whole and not is_a_measure(found.unit, lex)


def _is_signed(tokens: Sequence[Token], found: Found, lex: Lexicon) -> bool:
    """Whether anything but the digits says that something is counted."""
    number = found.number
    # A bare "555-1234" is a range for nobody.
    alone = found.first == 0 and found.last == len(tokens) and found.low is None and not found.comparators
    if number.kind in ("vague", "few", "couple"):
        return True
    if number.low == 1 and number.scale == 1 and found.low is None and number.kind == "words":
        return False
    if found.unit and (found.known or number.kind == "digits"):
        return True
    compared = bool(found.comparators) and (number.low >= SMALL or _low(tokens, found.first) not in lex.weak)
    if not number.counted:
        return compared
    if alone or number.grouped or number.scale >= 1000:
        return True
    if compared:
        return bool(STRONG.intersection(found.comparators)) or number.low >= SMALL
    return False
