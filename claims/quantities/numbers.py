"""One number at one place of a text: digits or words, with its scale ("1.5 million", "двести тысяч", "мыңдаған")."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .digits import read_digits
from .lexicon import Lexicon, Phrase
from .tokens import DASHES, Token, touching

HALF = Decimal("0.5")
BEFORE_NO_NUMBER = "#№@_/\\:.,*+=&'"
AFTER_NO_NUMBER = "/\\_@°*=&'"


@dataclass(frozen=True)
class Number:
    """`end` is the index after its last token. kind "bad": there is a number, but not one to be read; skip to `end`.

    coefficient × scale is `low` for what is neither "vague" nor "few". `counted`: a coefficient is written out.
    """

    kind: str
    end: int
    low: Decimal = Decimal(0)
    high: Decimal | None = None
    coefficient: Decimal = Decimal(0)
    scale: int = 1
    grouped: bool = False
    counted: bool = True
    case: str = ""
    unit: str = ""

    @property
    def looks_like_a_year(self) -> bool:
        return self.kind == "digits" and self.scale == 1 and not self.grouped and 1900 <= self.low <= 2100

    @property
    def is_whole(self) -> bool:
        return (
            self.low == self.low.to_integral_value()
            and (self.high or self.low) == (self.high or self.low).to_integral_value()
        )


def phrase_at(tokens: Sequence[Token], at: int, table: Container[Phrase]) -> Phrase | None:
    """The longest phrase of the table (at most four words) that begins at this token."""
    for length in (4, 3, 2, 1):
        phrase = tuple(token.low for token in tokens[at : at + length])
        if len(phrase) == length and phrase in table:
            return phrase
    return None


def read_number(
    tokens: Sequence[Token], at: int, lex: Lexicon, *, compared: bool = False, after_dash: bool = False
) -> Number | None:
    """The number that begins at this token; None when none does.

    compared: a comparator stands before it, so that "тысячи" may be one thousand in the genitive.
    after_dash: it is the second number of a range, and the dash before it no sign.
    """
    if at >= len(tokens):
        return None
    found = _halves(tokens, at, lex) or _several(tokens, at, lex)
    if found is None and not (compared and tokens[at].low in lex.after_comparator):
        found = _vague(tokens, at, lex)
    return found or _counted(tokens, at, lex, after_dash)


def _scale(tokens: Sequence[Token], at: int, lex: Lexicon) -> tuple[int, int, str]:
    """(scale, index after it, case): one scale, or two that multiply ("hundred thousand")."""
    scale, case = 1, ""
    while at < len(tokens) and (one := lex.scales.get(tokens[at].low)) and one > scale:
        scale *= one
        case = lex.cases.get(tokens[at].low, "")
        at += 1
        if _ends_an_abbreviation(tokens, at):
            at += 1
            break
    return scale, at, case


def _ends_an_abbreviation(tokens: Sequence[Token], at: int) -> bool:
    """The dot of "тыс. человек", and not the one that ends a sentence."""
    if at + 1 >= len(tokens) or tokens[at].text != "." or not touching(tokens[at - 1], tokens[at]):
        return False
    return len(tokens[at - 1].text) <= 4 and tokens[at + 1].kind == "word" and not tokens[at + 1].text[0].isupper()


def _halves(tokens: Sequence[Token], at: int, lex: Lexicon) -> Number | None:
    """ "half a million", "полтора миллиона"."""
    phrase = phrase_at(tokens, at, lex.halves)
    if phrase is None:
        return None
    scale, end, case = _scale(tokens, at + len(phrase), lex)
    if scale == 1:
        return None
    factor = Decimal(lex.halves[phrase])
    return Number("words", end, factor * scale, factor * scale, factor, scale, case=case)


def _several(tokens: Sequence[Token], at: int, lex: Lexicon) -> Number | None:
    """ "a few hundred" (two to five), "several thousand" (two and more), "a couple of hundred" (about two)."""
    for kind, table in (("few", lex.few), ("vague", lex.several), ("couple", lex.couple)):
        phrase = phrase_at(tokens, at, table)
        if phrase is None:
            continue
        start = at + len(phrase)
        hundreds = start < len(tokens) and tokens[start].low in lex.hundred - lex.scales.keys()
        scale, end, case = _scale(tokens, start + hundreds, lex)
        if hundreds:
            scale, case = scale * 100, case or lex.cases.get(tokens[start].low, "")
        if scale == 1:
            continue
        high = {"few": Decimal(5 * scale), "couple": Decimal(2 * scale), "vague": None}[kind]
        return Number(kind, end, Decimal(2 * scale), high, Decimal(2), scale, case=case)
    return None


def _vague(tokens: Sequence[Token], at: int, lex: Lexicon) -> Number | None:
    """ "thousands", "tens of thousands": two of the unit at least, by the codebook's convention."""
    low = lex.vague.get(tokens[at].low)
    if low is None:
        return None
    end = at + 1
    times = end + 1 if end < len(tokens) and tokens[end].low in lex.joiners else end
    scale, after, case = _scale(tokens, times, lex)
    if scale > 1:
        if scale <= low // 2:
            return Number("bad", after)
        # Ten thousand is the unit of "tens of thousands", a hundred thousand that of "hundreds of thousands".
        unit = 10 ** (len(str(low // 2)) - 1)
        return Number("vague", after, Decimal(2 * unit * scale), None, case=case)
    return Number("vague", end, Decimal(low), None)


def _counted(tokens: Sequence[Token], at: int, lex: Lexicon, after_dash: bool) -> Number | None:
    """Groups that fall: "1 million 200 thousand", "two thousand five hundred"."""
    total: Number | None = None
    end = at
    while end < len(tokens):
        part = _group(tokens, end, lex, after_dash and end == at)
        if part is None:
            break
        if part.kind == "bad":
            return replace(part, end=max(part.end, end + 1))
        if total is not None:
            if part.kind == "digits" and part.scale == 1:
                return Number("bad", part.end)
            if part.low >= total.scale or total.scale == 1 or not part.counted:
                return Number("bad", part.end)
            part = replace(part, kind=total.kind, low=total.low + part.low, high=total.low + part.low)
        end, total = part.end, part
        if total.looks_like_a_year or total.case or total.unit or total.high != total.low:
            break
    return total


def _group(tokens: Sequence[Token], at: int, lex: Lexicon, after_dash: bool) -> Number | None:
    if tokens[at].kind == "number":
        found: Number | None = _digit_group(tokens, at, lex, after_dash)
    else:
        found = _word_group(tokens, at, lex)
    if found is None or found.kind == "bad" or found.case or found.unit or found.scale > 1:
        return found
    if found.looks_like_a_year:
        return found
    end, half = found.end, Decimal(0)
    if phrase := phrase_at(tokens, end, lex.and_a_half):
        half, end = HALF, end + len(phrase)
    scale, end, case = _scale(tokens, end, lex)
    if half and scale == 1:
        return Number("bad", end)
    if scale == 1:
        return found
    low = (found.low + half) * scale
    high = low if found.high == found.low else (found.high or found.low) * scale
    return replace(
        found, end=end, low=low, high=high, coefficient=found.low + half, scale=scale, case=case or found.case
    )


def _digit_group(tokens: Sequence[Token], at: int, lex: Lexicon, after_dash: bool) -> Number:
    token = tokens[at]
    bad = Number("bad", at + 1)
    scale, case, unit = 1, "", ""
    if token.suffix:
        scale = lex.suffixes.get(token.suffix) or lex.scales.get(token.suffix, 1)
        if token.suffix in lex.units:
            unit = token.text[len(token.digits) : len(token.digits) + len(token.suffix)]
        elif scale == 1:
            return bad
    if token.tail:
        case = lex.cases.get(token.tail, "")
        if token.tail in lex.scales:
            scale = lex.scales[token.tail]
        elif not case and token.tail not in lex.tails:
            return bad
    if _is_part_of_a_code(tokens, at, after_dash):
        return bad
    following = tokens[at + 1].low if at + 1 < len(tokens) else ""
    scaled = scale > 1 or following in lex.scales or (following,) in lex.per_cent
    read = read_digits(token.digits, decimal_comma=lex.decimal_comma, scaled=scaled)
    if read is None:
        return bad
    value, grouped = read
    return Number("digits", at + 1, value * scale, value * scale, value, scale, grouped, case=case, unit=unit)


def _is_part_of_a_code(tokens: Sequence[Token], at: int, after_dash: bool) -> bool:
    """Signs that touch the digits: "#5", "v2.1", "+7", "-5", "5/7", "51°", "5.com"."""
    token = tokens[at]
    if at and not after_dash and touching(tokens[at - 1], token):
        before = tokens[at - 1]
        if before.text in BEFORE_NO_NUMBER or before.kind != "sign" or before.text in DASHES:
            return True
    if at + 1 < len(tokens) and touching(token, tokens[at + 1]):
        after = tokens[at + 1]
        if after.text in AFTER_NO_NUMBER or after.kind != "sign":
            return True
        if (
            after.text in ".:"
            and at + 2 < len(tokens)
            and touching(after, tokens[at + 2])
            and tokens[at + 2].kind != "sign"
        ):
            return True
    return False


def _word_group(tokens: Sequence[Token], at: int, lex: Lexicon) -> Number | None:
    """Number words below a thousand, or a scale that stands for one of itself; what follows is not read here."""
    first = tokens[at].low
    if first in lex.articles:
        after = tokens[at + 1].low if at + 1 < len(tokens) else ""
        if after in lex.hundred:
            return _words(tokens, at + 1, lex)
        if after in lex.alone:
            scale, end, case = _scale(tokens, at + 1, lex)
            return Number("words", end, Decimal(scale), Decimal(scale), Decimal(1), scale, counted=False, case=case)
        return None
    if first in lex.alone or first in lex.after_comparator:
        scale, end, case = _scale(tokens, at, lex)
        return Number("words", end, Decimal(scale), Decimal(scale), Decimal(1), scale, counted=False, case=case)
    return _words(tokens, at, lex)


def _words(tokens: Sequence[Token], at: int, lex: Lexicon) -> Number | None:
    value = room = None
    end = at
    case = ""
    while end < len(tokens) and not case:
        word = tokens[end].low
        if word in lex.ands and value is not None and room == 100 and _is_cardinal(tokens, end + 1, lex):
            end += 1
            continue
        if word in lex.hundred:
            if value is not None and not 1 <= value < 10:
                return Number("bad", end + 1)
            value, room = (value or 1) * 100, 100
        else:
            pair = _hyphened(word, lex)
            if pair and pair[0] != pair[1] and value is None:
                return Number("words", end + 1, Decimal(pair[0]), Decimal(pair[1]), Decimal(pair[0]))
            one = pair[0] if pair else lex.cardinals.get(word)
            if one is None:
                break
            if value is not None and (room is None or one >= room):
                return Number("bad", end + 1)
            value = (value or 0) + one
            room = 100 if one >= 100 else 10 if one >= 20 and one % 10 == 0 or (one == 10 and lex.tens_join) else 1
        case = lex.cases.get(word, "")
        end += 1
    if value is None:
        return None
    return Number("words", end, Decimal(value), Decimal(value), Decimal(value), case=case)


def _is_cardinal(tokens: Sequence[Token], at: int, lex: Lexicon) -> bool:
    return at < len(tokens) and (tokens[at].low in lex.cardinals or _hyphened(tokens[at].low, lex) is not None)


def _hyphened(word: str, lex: Lexicon) -> tuple[int, int] | None:
    """ "twenty-five" -> (25, 25); "две-три" -> (2, 3)."""
    first, hyphen, second = word.partition("-")
    one, other = lex.cardinals.get(first), lex.cardinals.get(second)
    if not hyphen or one is None or other is None:
        return None
    if one >= 20 and one % 10 == 0 and other < 10:
        return one + other, one + other
    return (one, other) if one < other else None
