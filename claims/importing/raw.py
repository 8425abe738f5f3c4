"""An object as it arrived, small enough to keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LONGEST_TEXT = 2000
MOST_ENTRIES = 100
DEEPEST = 8
CUT = "…"


def bounded(node: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with long texts and lists cut, and nothing deeper than anybody nests a review."""
    copy = _bounded(node, DEEPEST)
    assert isinstance(copy, dict)
    return copy


def _bounded(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT] + CUT
    if isinstance(value, Mapping):
        return {key[:200]: _bounded(one, depth - 1) for key, one in _some(value)} if depth else CUT
    if isinstance(value, list):
        return [_bounded(one, depth - 1) for one in value[:MOST_ENTRIES]] if depth else CUT
    return value


def _some(node: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return list(node.items())[:MOST_ENTRIES]
