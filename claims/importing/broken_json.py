"""JSON as pages carry it: read strictly, else mended where only one reading is possible, else refused with the line.

Mended: byte order mark, comment and CDATA wrappers, line breaks and control characters inside strings, trailing commas,
comments between values, odd blanks, \\' in strings, a semicolon at the end, HTML entities instead of quotation marks,
objects one after the other, a text escaped as a whole. Not mended: quotation marks that are not escaped, missing
commas, a missing end: there two readings are possible, and one of them would put words into somebody's mouth.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

_BEFORE = re.compile(r"(?:\s|\ufeff|//\s*(?=<!)|/\*\s*(?=<!)|<!--|<!\[CDATA\[|\*/)*")
_AFTER = (";", "-->", "]]>", "*/", "/*", "//", *" \t\r\n\f\v\ufeff\0")
# A string, whole or up to the end of the text, or what may be mended between strings.
_TOKENS = re.compile(
    r'"(?:[^"\\]|\\.)*+(?:"|\Z)'
    r"|/\*.*?(?:\*/|\Z)|//[^\n]*"
    r"|,(?=(?:\s|\u00a0|\ufeff)*[}\]])"
    r"|[\u00a0\u2028\u2029\u200b\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]",
    re.DOTALL,
)


class Unreadable(ValueError):
    """No JSON, however kindly one looks. `line` is counted from 1 within the text."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.line = line


def read_json(text: str) -> Any:
    """The value the text holds; a list of them when several objects stand one after the other. Raises Unreadable."""
    try:
        return _decoder.decode(text)
    except RecursionError as error:
        raise Unreadable("nested too deeply") from error
    except ValueError as error:
        first = error
    bare = _unwrapped(text)
    candidates = [bare, _TOKENS.sub(_mended, bare)]
    if _ESCAPED.match(bare):
        candidates += _unescaped(bare)
    if "&quot;" in bare or "&#34;" in bare:
        candidates.append(_TOKENS.sub(_mended, html.unescape(bare)))
    for candidate in candidates:
        try:
            return _values(candidate)
        except RecursionError as error:
            raise Unreadable("nested too deeply") from error
        except ValueError:
            continue
    raise _refusal(first)


def _unwrapped(text: str) -> str:
    """Without what pages put around JSON so that old browsers leave it alone."""
    begin = _BEFORE.match(text)
    assert begin is not None
    end = len(text)
    # By position: the end may be a million semicolons.
    while step := next((len(mark) for mark in _AFTER if text.endswith(mark, begin.end(), end)), 0):
        end -= step
    return text[begin.end() : end]


def _mended(token: re.Match[str]) -> str:
    text = token[0]
    if not text.startswith('"'):
        return " "
    return text.replace("\\'", "'") if "\\'" in text and "\\\\" not in text else text


def _values(text: str) -> Any:
    """One value, or a list of the objects that follow one another, with or without commas between them."""
    values, place = [], 0
    while True:
        value, place = _decoder.raw_decode(text, place)
        values.append(value)
        rest = _BETWEEN.match(text, place)
        assert rest is not None
        place = rest.end()
        if place == len(text):
            return values[0] if len(values) == 1 else values
        if not isinstance(value, dict):
            raise ValueError("something follows the value")


def _unescaped(text: str) -> list[str]:
    """What a JSON text says that was escaped once more, as for a place inside a string; nothing when it was not."""
    try:
        return [_decoder.decode(f'"{text}"')]
    except ValueError:
        return []


def _refusal(error: ValueError) -> Unreadable:
    if isinstance(error, json.JSONDecodeError):
        near = " ".join(error.doc[max(0, error.pos - 20) : error.pos + 20].split())
        return Unreadable(f"not valid JSON: {error.msg}, near “{near}”", error.lineno)
    return Unreadable("not valid JSON: a number in it is too long")


def _no_number(_: str) -> None:
    """NaN and Infinity, which JSON does not know."""


_ESCAPED = re.compile(r'[\s\[]*\{\s*\\"')
_BETWEEN = re.compile(r"\s*,?\s*")
_decoder = json.JSONDecoder(strict=False, parse_constant=_no_number)
