"""What an uploaded file is, by its first bytes; what it is called is only believed where it fits them. Pure.

The type is a label: files are only ever handed out as attachments.
"""

from __future__ import annotations

import re

UNKNOWN = "application/octet-stream"
# Where a file of this type begins with which bytes (WHATWG MIME Sniffing, sections 6 and 7; the formats' own papers).
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"OggS", "application/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"{\\rtf", "application/rtf"),
)
# What the bytes cannot tell apart: these names may stand for the type before them.
MAY_BE_CALLED: dict[str, tuple[str, ...]] = {
    "application/zip": (
        "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument.", "application/epub+zip",
    ),
    "application/x-ole-storage": ("application/vnd.ms-", "application/msword"),
    "application/gzip": ("application/warc", "application/x-gzip"),
    "application/ogg": ("audio/ogg", "video/ogg"),
    "video/mp4": ("audio/mp4", "video/"),
    "video/webm": ("audio/webm", "video/x-matroska"),
    "text/plain": ("text/csv", "text/tab-separated-values", "text/markdown", "application/json"),
}  # fmt: skip
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,100}")
# How much of a file decides whether it is text.
LOOKED_AT = 64 * 1024
# How a page of HTML begins (WHATWG MIME Sniffing, section 7.1), comments aside.
MARKUP = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE
)
# Bytes that no text holds: control characters but tab, line feed, form feed, carriage return and escape.
BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def media_type_of(content: bytes, declared: str = "") -> str:
    """The media type the bytes show; `declared` where it says more and does not contradict them."""
    found = _shown_by(content)
    called = declared.partition(";")[0].strip().lower()
    if MEDIA_TYPE.fullmatch(called) and called.startswith(MAY_BE_CALLED.get(found, ())):
        return called
    return found


def begins_like_markup(content: bytes) -> bool:
    """Whether a file that is called text/plain is a page of HTML."""
    return MARKUP.match(content[:LOOKED_AT]) is not None


def _shown_by(content: bytes) -> str:
    for place, signature, media_type in SIGNATURES:
        if content.startswith(signature, place):
            return media_type
    beginning = content[:LOOKED_AT]
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 says so itself
        return "text/plain"
    return UNKNOWN if BINARY.search(beginning) else "text/plain"
