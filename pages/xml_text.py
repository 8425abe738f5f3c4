"""Texts for XML that we write ourselves."""

from xml.sax.saxutils import escape

# What XML 1.0 cannot hold, not even escaped.
UNWRITABLE = {**dict.fromkeys([*range(9), 11, 12, *range(14, 32)]), 0xFFFE: None, 0xFFFF: None}


def xml_text(value: str) -> str:
    """Fit to stand between two tags."""
    return escape(value.translate(UNWRITABLE))
