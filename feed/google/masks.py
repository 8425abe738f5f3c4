"""Partial responses: `fields=claims(text,claimReview/url),nextPageToken` leaves everything else out."""

from __future__ import annotations

import re
from typing import Any

Tree = dict[str, "Tree"]
# What is kept of an object: True for all of it.
Mask = dict[str, "Mask"] | bool

LEAF: Tree = {}
ANSWER: Tree = {
    "claims": {
        "text": LEAF,
        "claimant": LEAF,
        "claimDate": LEAF,
        "claimReview": {
            "publisher": {"name": LEAF, "site": LEAF},
            **dict.fromkeys(("url", "title", "reviewDate", "textualRating", "languageCode"), LEAF),
        },
    },
    "nextPageToken": LEAF,
}
LONGEST = 500
_TOKEN = re.compile(r"[A-Za-z]+|\*|[(),/.]")


def read_mask(text: str) -> Mask:
    """Raises ValueError with a sentence when it cannot be read or names what no answer has."""
    tokens = _TOKEN.findall(text)
    if len(text) > LONGEST or "".join(tokens) != text.replace(" ", ""):
        raise ValueError(f"Write names, commas, slashes and parentheses, at most {LONGEST} characters of them.")
    mask, rest = _list(tokens, ANSWER)
    if rest:
        raise ValueError("Open as many parentheses as are closed.")
    return mask


def masked(value: Any, mask: Mask) -> Any:
    """What the mask leaves of a JSON value; a list's elements are masked one by one."""
    if mask is True:
        return value
    if isinstance(value, list):
        return [masked(each, mask) for each in value]
    assert isinstance(mask, dict)
    return {name: masked(value[name], mask[name]) for name in value if name in mask}


def _list(tokens: list[str], tree: Tree) -> tuple[Mask, list[str]]:
    """Items up to the end or a closing parenthesis. The tree ends, and with it the nesting."""
    kept: Mask = {}
    while True:
        item, tokens = _item(tokens, tree)
        kept = _both(kept, item)
        if tokens[:1] != [","]:
            return kept, tokens
        tokens = tokens[1:]


def _item(tokens: list[str], tree: Tree) -> tuple[Mask, list[str]]:
    name, *rest = tokens or [""]
    if name == "*" and tree:
        return True, rest
    if name not in tree:
        known = ", ".join(tree) or "nothing"
        raise ValueError(f"Invalid field selection {name or 'at the end'}: here may stand {known}.")
    below: Mask = True
    if rest[:1] in (["/"], ["."]):
        below, rest = _item(rest[1:], tree[name])
    elif rest[:1] == ["("]:
        below, rest = _list(rest[1:], tree[name])
        if rest[:1] != [")"]:
            raise ValueError("Close every parenthesis that is open.")
        rest = rest[1:]
    return {name: below}, rest


def _both(one: Mask, other: Mask) -> Mask:
    if isinstance(one, bool) or isinstance(other, bool):
        return True
    shared = {name: _both(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **shared}
