"""What is counted: the words after a number."""

from collections.abc import Sequence
from typing import NamedTuple

from .lexicon import Lexicon
from .numbers import phrase_at
from .tokens import Token, touching

CURRENCY = frozenset("$€£₸₽¥₴₺₹")
FURTHEST = 3


class Unit(NamedTuple):
    """`known`: from the table, not guessed by its ending. `case`: of a Kazakh unit that carries the number's case."""

    text: str
    end: int
    known: bool
    case: str = ""


def read_unit(tokens: Sequence[Token], at: int, lex: Lexicon) -> Unit | None:
    """The unit whose words begin at this token, past a few adjectives; None when the text does not say."""
    if at >= len(tokens):
        return None
    if tokens[at].text in CURRENCY:
        return Unit(tokens[at].text, at + 1, True)
    if phrase := phrase_at(tokens, at, lex.per_cent):
        return Unit("%", at + len(phrase), True, lex.cases.get(phrase[-1], ""))
    if tokens[at].low in lex.joiners:
        at += 1
        if at < len(tokens) and tokens[at].low in lex.loose:
            at += 1
    for here in range(at, min(at + FURTHEST, len(tokens))):
        token = tokens[here]
        if token.kind != "word" or token.low in lex.not_units or _counts(token, lex):
            return None
        if here and touching(tokens[here - 1], token):
            return None
        if known := _known(token, lex):
            return known._replace(end=here + 1)
        if here == at and token.text.islower() and len(token.low) > 3 and token.low.endswith(lex.unit_endings):
            return Unit(token.text, here + 1, False)
        if not token.text.islower() or not token.low.endswith(lex.adjective_endings):
            return None
    return None


def _counts(token: Token, lex: Lexicon) -> bool:
    return token.low in lex.vague or token.low in lex.scales or token.low in lex.cardinals


def _known(token: Token, lex: Lexicon) -> Unit | None:
    if token.low in lex.units:
        return Unit(token.text, 0, True)
    for stem in lex.unit_stems:
        if not token.low.startswith(stem):
            continue
        ending = token.low[len(stem) :]
        if not lex.cases:
            return Unit(token.text, 0, True) if not token.low.endswith(lex.not_unit_endings) else None
        if not ending or ending in lex.cases:
            return Unit(token.text[: len(stem)], 0, True, lex.cases.get(ending, ""))
        if ending in lex.unit_rests:
            return Unit(token.text[: len(stem)], 0, True)
    return None


def is_a_measure(unit: str, lex: Lexicon) -> bool:
    """Whether half of one makes sense: %, money, lengths, hours; not people."""
    return unit in CURRENCY or unit == "%" or unit.lower().startswith(lex.measures)
