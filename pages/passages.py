"""A quoted passage with what stands around it, and as it was beside as it is. Pure."""

from typing import Any

from sources.comparison import CONTEXT_CHARACTERS

# At most this much of the page is shown around a quote, half on either side (see CLAIMTRACK_PUBLIC_SNAPSHOTS).
AROUND = 300


def passage(item: dict[str, Any], prefix: str, suffix: str) -> dict[str, Any]:
    """The evidence with `lead` and `trail`, and `sides` where its passage changed: [op, text, weight] of each."""
    difference = item.get("difference") or []
    sides = {
        "before": [part for part in difference if part[0] != "insert"],
        "after": [part for part in difference if part[0] != "delete"],
    }
    return item | {
        "lead": _shortened(prefix, at_start=True),
        "trail": _shortened(suffix),
        "sides": sides if difference else None,
    }


def _shortened(text: str, *, at_start: bool = False) -> str:
    """What is kept next to the quote, in one line and cut between words, with the blank that parts it from the quote.

    A prefix or suffix as long as comparison makes them was cut out of a longer text, maybe within a word.
    """
    words = " ".join(text.split())
    if len(text) >= CONTEXT_CHARACTERS:
        kept = words[-AROUND // 2 :].partition(" ")[2] if at_start else words[: AROUND // 2].rpartition(" ")[0]
        words = (f"… {kept}" if at_start else f"{kept} …") if kept else ""
    if at_start:
        return words + " " if text[-1:].isspace() else words
    return " " + words if text[:1].isspace() else words
