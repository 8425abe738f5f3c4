"""Numbers in words and digits, read out of a claim's text in English, Russian and Kazakh.

Pure: text in, values out; no models, no network. What it reads are suggestions for a person, who may write otherwise,
so silence beats a wrong number. docs/quantities.md says what is read and what is passed over, and why.
"""

from .choosing import guess_language, suggest
from .quantity import Quantity
from .reading import parse

__all__ = ["Quantity", "guess_language", "parse", "suggest"]
