"""Text as it stands in other people's data, made plain: no markup, no entities, nothing invisible."""

from __future__ import annotations

import html
import re

# Tags of HTML as found in headlines and claims. Others stay: “a <b” may be arithmetic, “<3” is no tag.
_TAG = re.compile(
    r"</?(?:a|abbr|article|b|bdi|bdo|big|blockquote|body|br|center|cite|code|dd|del|div|dl|dt|em|figure|figcaption|font"
    r"|footer|h[1-6]|head|header|hr|html|i|iframe|img|ins|li|main|mark|nav|ol|p|pre|q|s|section|small|span|strike|strong"
    r"|sub|sup|table|tbody|td|th|thead|tr|tt|u|ul|video|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
# What no reader was meant to see.
_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|em|font|i|mark|small|span|strong|sub|sup|u|wbr)\b", re.IGNORECASE
)
# Where a paragraph ends or begins.
_BLOCK = re.compile(
    r"</?(?:article|blockquote|body|dd|div|dl|dt|figure|figcaption|h[1-6]|hr|li|ol|p|pre|section|table|tr|ul)\b[^<>]*>"
    r"|<br\s*/?>\s*<br\s*/?>",
    re.IGNORECASE,
)
# Control characters, lone surrogates, and characters that hide or turn what stands beside them. Joiners stay: Persian
# and the scripts of India are written with them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
# Entities are undone this often: some systems encode twice.
_TIMES_ENCODED = 2


def plain(text: str) -> str:
    """One line of plain text: entities undone, tags and invisible characters gone, blanks joined."""
    for _ in range(_TIMES_ENCODED):
        if "&" not in text:
            break
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(_blank, _HIDDEN.sub(" ", text))
    if not text.isascii() or not text.isprintable():
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


def paragraphs(text: str) -> str:
    """As plain(), but paragraphs stay, with an empty line between them."""
    if "&lt;" in text:
        text = html.unescape(text)
    is_markup = _BLOCK.search(text) is not None
    parts = _BLOCK.split(_HIDDEN.sub(" ", text)) if is_markup else text.splitlines()
    return "\n\n".join(filter(None, map(plain, parts)))


def cut(text: str, length: int) -> str:
    """At most this many characters, the last of them “…” when something is missing."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _blank(tag: re.Match[str]) -> str:
    """Words on both sides of a paragraph's end are two words; of bold type's end they may be one."""
    return "" if _INLINE.match(tag[0]) else " "
