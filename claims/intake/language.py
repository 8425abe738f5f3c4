"""The language of a text by its letters. Pure."""

from __future__ import annotations

import re

# Letters that Kazakh has and Russian has not. і and һ alone also stand in other languages.
KAZAKH = re.compile("[әғқңөұүӘҒҚҢӨҰҮ]")
ALSO_KAZAKH = re.compile("[іһІҺ]")
UKRAINIAN = re.compile("[їєґЇЄҐ]")
CYRILLIC = re.compile("[\u0400-\u04ff]")
LATIN = re.compile("[A-Za-z]")
# One letter in so many is enough: a Russian text with a Kazakh name in it stays Russian.
ONE_IN = 60
LOOKED_AT = 5000


def guess_language(text: str) -> str:
    """kk, ru, en, or "" where the letters are of another script or there are none.

    Cyrillic without a letter of its own counts as Russian, Latin letters count as English: a person corrects it.
    """
    text = text[:LOOKED_AT]
    cyrillic, latin = len(CYRILLIC.findall(text)), len(LATIN.findall(text))
    if not cyrillic and not latin:
        return ""
    if latin > cyrillic:
        return "en"
    kazakh = len(KAZAKH.findall(text))
    if kazakh and not UKRAINIAN.search(text):
        kazakh += len(ALSO_KAZAKH.findall(text))
    return "kk" if kazakh * ONE_IN >= cyrillic and kazakh else "ru"
