"""Every quantity of a text: comparator, number or range, comparator after it, unit; and what speaks against it."""

from collections.abc import Sequence
from decimal import Decimal

from .bounds import Found, bounds_of
from .doubts import is_doubtful, stands_in_a_fraction
from .english import ENGLISH
from .kazakh import KAZAKH
from .lexicon import Lexicon
from .numbers import Number, phrase_at, read_number
from .quantity import Quantity
from .russian import RUSSIAN
from .tokens import DASHES, Token, tokens_of, touching
from .units import CURRENCY, Unit, read_unit

LEXICONS = {"en": ENGLISH, "ru": RUSSIAN, "kk": KAZAKH}


def lexicon_for(language: str) -> Lexicon | None:
    return LEXICONS.get(language.lower().replace("_", "-").partition("-")[0])


def parse(text: str, language: str) -> list[Quantity]:
    """The quantities of a text, in its order; nothing for what may be a year, a code, a score, or two numbers at once.

    language: BCP-47; any but en, ru and kk give an empty list. Time grows with the length of the text and no faster.
    """
    lex = lexicon_for(language)
    if lex is None:
        return []
    tokens = tokens_of(text)
    found = []
    at = 0
    while at < len(tokens):
        one, after = _read(tokens, at, lex)
        at = max(after, at + 1)
        if one is None:
            continue
        bounds = bounds_of(one)
        if bounds is None:
            continue
        start, end = tokens[one.first].start, tokens[one.last - 1].end
        low, high, approximate, comparator = bounds
        found.append(
            Quantity(
                _plain(low), _plain(high), approximate, comparator, one.unit, text[start:end], start, end, lex.language
            )
        )
    return found


def _plain(value: Decimal | None) -> Decimal | None:
    """Without zeros that nobody wrote: 1500000, not 1500000.0."""
    if value is None:
        return None
    return value.to_integral_value() if value == value.to_integral_value() else value


def _read(tokens: Sequence[Token], first: int, lex: Lexicon) -> tuple[Found | None, int]:
    """(what is read at this token, where to go on)."""
    at = first
    comparators: list[str] = []
    while (phrase := phrase_at(tokens, at, lex.before)) and len(comparators) < 3:
        comparators.append(lex.before[phrase])
        at += len(phrase)
    opener = phrase_at(tokens, at, lex.range_openers)
    if opener:
        at += len(opener)
    currency = ""
    if at < len(tokens) and tokens[at].text in CURRENCY:
        currency = tokens[at].text
        at += 1
    number = read_number(tokens, at, lex, compared=bool(comparators))
    if number is None:
        return None, first + 1
    if number.kind == "bad":
        return None, _past_chain(tokens, number.end, lex)
    found = Found(first, number.end, number, comparators=comparators, unit=currency or number.unit)
    found.known = bool(found.unit)
    if opener:
        closed = _close(tokens, found, lex, lex.range_openers[opener])
        if closed is None:
            return None, first + len(opener)
        if not closed or opener in lex.growth_openers:
            return None, found.last
    elif not _dashed(tokens, found, lex):
        return None, _past_chain(tokens, found.last, lex)
    _read_after(tokens, found, lex)
    if stands_in_a_fraction(tokens, found, lex):
        return None, found.last
    if is_doubtful(tokens, found, lex):
        return None, found.number.end
    return found, found.last


def _past_chain(tokens: Sequence[Token], at: int, lex: Lexicon) -> int:
    """After the numbers that dashes hang on to one another: a telephone number, a date, a score."""
    while at + 1 < len(tokens) and tokens[at].text in DASHES and tokens[at + 1].kind == "number":
        at += 2
    return at


def _close(tokens: Sequence[Token], found: Found, lex: Lexicon, joiners: frozenset[str]) -> bool | None:
    """The second half of "between A and B"; None when there is none."""
    at = found.last
    unit = read_unit(tokens, at, lex) if not found.unit else None
    if unit and unit.known:
        at = unit.end
    if at < len(tokens) and tokens[at].low in joiners:
        at += 1
        if at < len(tokens) and tokens[at].text in CURRENCY:
            at += 1
        return _second(read_number(tokens, at, lex), found)
    return None


def _dashed(tokens: Sequence[Token], found: Found, lex: Lexicon) -> bool:
    """ "10k-15k", "2–3 тыс.", "10 to 15": widens `found`; False when it makes no range and no number either."""
    at = found.last
    if at + 1 >= len(tokens) or found.number.kind in ("vague", "few", "couple"):
        return True
    if found.number.case == "from":
        other = read_number(tokens, at, lex)
        return other is None or (other.case == "to" and _second(other, found))
    is_dash = tokens[at].text in DASHES
    if not is_dash and tokens[at].low not in lex.between:
        return True
    close = is_dash and touching(tokens[at - 1], tokens[at]) and touching(tokens[at], tokens[at + 1])
    after = at + 2 if tokens[at + 1].text in CURRENCY else at + 1
    other = read_number(tokens, after, lex, after_dash=is_dash)
    if other is None:
        return not (close and tokens[at + 1].kind != "sign")
    if is_dash and not close and (tokens[at].text == "—" or found.number.looks_like_a_year):
        return True
    chained = (
        other.end < len(tokens) - 1 and tokens[other.end].text in DASHES and tokens[other.end + 1].kind == "number"
    )
    return not chained and _second(other, found)


def _second(other: Number | None, found: Found) -> bool:
    """Make the range, where "2–3 million" means two million."""
    one = found.number
    if other is None or other.kind not in ("digits", "words") or other.high != other.low or one.high != one.low:
        found.last = max(found.last, other.end if other else 0)
        return False
    found.last = other.end
    low = one.low
    if one.scale == 1 and other.scale > 1 and one.low < other.coefficient:
        low = one.low * other.scale
    if low >= other.low or (one.looks_like_a_year and other.looks_like_a_year):
        return False
    found.number, found.low, found.high = other, low, other.low
    found.unit = found.unit or other.unit
    return True


def _read_after(tokens: Sequence[Token], found: Found, lex: Lexicon) -> None:
    """Comparators and the unit that follow, in either order: "300 or more people", "300 адамнан астам"."""
    case = found.number.case
    case = _comparator_after(tokens, found, lex, case)
    unit: Unit | None = None
    if not found.unit or found.unit in CURRENCY:
        unit = read_unit(tokens, found.last, lex)
        if unit:
            found.unit = found.unit or unit.text
            found.known = found.known or unit.known
            if not (found.unit in CURRENCY and not unit.known):
                found.last = unit.end
            case = unit.case or case
    if unit:
        case = _comparator_after(tokens, found, lex, case)
    if case == "like":
        found.comparators.append("about")
        case = ""
    found.case_left = case


def _comparator_after(tokens: Sequence[Token], found: Found, lex: Lexicon, case: str) -> str:
    at = found.last
    if at < len(tokens) and tokens[at].text == "+" and touching(tokens[at - 1], tokens[at]):
        found.comparators.append("at_least")
        found.last += 1
    elif case and (phrase := phrase_at(tokens, at, lex.after_case)):
        wanted, comparator = lex.after_case[phrase]
        if wanted == case:
            if comparator != "at_most" or found.high is None:
                found.comparators.append(comparator)
            found.last += len(phrase)
            return ""
    elif phrase := phrase_at(tokens, at, lex.after):
        found.comparators.append(lex.after[phrase])
        found.last += len(phrase)
    return case
