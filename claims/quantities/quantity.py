"""What a reading is."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Quantity:
    """One number as a text gives it: `text` is exactly `source[start:end]`.

    low, high: the smallest and largest value the words allow; None where they set no bound. Equal for an exact number.
    comparator: "" (exactly), "about", "range", "at_least", "more_than", "at_most", "less_than", "vague" ("thousands").
    unit: what is counted, in the words of the text, without a case ending where the number needs one ("адамнан" ->
    "адам"); every word for per cent is "%"; empty when the text does not say.
    """

    low: Decimal | None
    high: Decimal | None
    approximate: bool
    comparator: str
    unit: str
    text: str
    start: int
    end: int
    language: str
