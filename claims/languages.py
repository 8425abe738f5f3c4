"""The languages there are, as far as anybody can tell a tag from a slip of the pen. Pure."""

# Every two-letter code of the IANA language subtag registry by its first letter (a: aa, ab, ae …), older ones that
# Google still writes (iw, jw) among them. No new one is given out any more (RFC 5646, 2.2.1). Longer codes have three
# letters; there are thousands, and more every month: any is let through.
# fmt: off
_SECOND_LETTERS = {
    "a": "abefkmnrsvyz", "b": "aeghimnors", "c": "aehorsuvy", "d": "aevz", "e": "elnostu", "f": "afijory",
    "g": "adlnuv", "h": "aeiortuyz", "i": "adegiknostuw", "j": "aivw", "k": "agijklmnorsuvwy", "l": "abginotuv",
    "m": "ghiklnorsty", "n": "abdeglnorvy", "o": "cjmrs", "p": "ailst", "q": "u", "r": "mnouw",
    "s": "acdeghiklmnoqrstuvw", "t": "aeghiklnorstwy", "u": "gkrz", "v": "eio", "w": "ao", "x": "h", "y": "io",
    "z": "ahu",
}
# fmt: on


def _either_case(letters: str) -> str:
    return f"[{letters}{letters.upper()}]"


_TWO_LETTERS = "|".join(_either_case(first) + _either_case(seconds) for first, seconds in _SECOND_LETTERS.items())

# As JSON Schema and Python both read it; capitals do not matter in a tag.
KNOWN_LANGUAGE = f"(?:{_TWO_LETTERS}|[A-Za-z]{{3}})"
