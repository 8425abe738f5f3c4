"""Text that any XML parser takes."""

from __future__ import annotations

import re
from typing import Any

# Everything that XML 1.0 does not call a character (production 2 of its grammar).
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(value: Any) -> Any:
    """The value with every character that XML forbids, in whatever string, shown as U+FFFD.

    One control character in one headline would otherwise take the whole feed away from every reader.
    """
    if isinstance(value, str):
        return _FORBIDDEN.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: printable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(each) for each in value]
    return value
