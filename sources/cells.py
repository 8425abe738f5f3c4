"""Cells of a table for spreadsheets: no text in them runs as a formula, and reading one back gives the text again.

A spreadsheet takes a cell that begins so for a formula, with the rights of whoever opens the file
(owasp.org/www-community/attacks/CSV_Injection); the wide forms are the East Asian keyboards' own.
"""

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Apostrophes before what would be a formula: one is ours, the others were in the text.
_GUARDED = re.compile("'+[" + re.escape("".join(FORMULA)) + "]")


def guarded(text: str) -> str:
    """With an apostrophe before what would be a formula, as spreadsheets write it."""
    return f"'{text}" if text.startswith(FORMULA) or _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """The text that guarded() was given."""
    return text[1:] if _GUARDED.match(text) else text
