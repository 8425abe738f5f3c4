"""In which letters a body is written. Pure, and light to import."""

from __future__ import annotations

import codecs
import re

META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)


def decode(content: bytes, parameters: str) -> str:
    """A body as text, by what its server, it itself, or neither says of its letters. Never raises."""
    declared = re.search(r"""charset\s*=\s*["']?([A-Za-z0-9_:.-]+)""", parameters, re.IGNORECASE)
    in_page = META_CHARSET.search(content[:4096])
    candidates = [
        "utf-8" if content.startswith(codecs.BOM_UTF8) else "",
        declared.group(1) if declared else "",
        in_page.group(1).decode("ascii") if in_page else "",
        "utf-8",
    ]
    for name in filter(None, candidates):
        try:
            # Pages that say latin-1 mean windows-1252 (WHATWG Encoding).
            known = codecs.lookup(name).name
            return content.decode("cp1252" if known in ("iso8859-1", "ascii") else known)
        except (LookupError, UnicodeError):  # some codecs that are no page's raise the latter
            continue
    last = declared.group(1) if declared else "utf-8"
    try:
        return content.decode(last, "replace")
    except (LookupError, UnicodeError):
        return content.decode("utf-8", "replace")
