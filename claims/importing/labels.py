"""A rating's label as the table of labels is asked for it."""

from __future__ import annotations

import re

from claims.importing.identity import folded

LONGEST_KEY = 200
# What stands before one of these is the rating, what follows explains it: “False. The photo is from 2015”.
_END = re.compile(r"[.:;!|(（。।–—]|\s-\s")


def label_key(label: str) -> str:
    """Letters and digits of the whole label: “HALF-TRUE!” and “Half true” are one."""
    return folded(label)[:LONGEST_KEY]


def label_lead(label: str) -> str:
    """The same of its beginning, up to the first full stop, colon, bracket or dash; "" when that is the whole."""
    head = _END.split(label.strip(), maxsplit=1)[0]
    lead = label_key(head)
    return lead if lead != label_key(label) else ""
