"""From bytes to findings, whatever the bytes are; streamed where they can be many."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from claims.importing.broken_json import Unreadable, read_json
from claims.importing.elements import Elements
from claims.importing.findings import Found, Skipped
from claims.importing.nodes import read_document
from claims.importing.pages import read_page
from claims.importing.reviews import Origin
from sources.extraction.charset import decode

MIB = 1024 * 1024
# A JSON text up to this size is read whole and may be mended; a longer one is read element by element.
WHOLE = 16 * MIB
LONGEST_LINE = 4 * MIB
LONGEST_PAGE = 20 * MIB
# What decides of which kind a stream is.
HEAD = 256 * 1024
_LINES = (".ndjson", ".jsonl")
_HTML = re.compile(rb"\s*<(?!!--\s*[\[{]|!\[CDATA\[\s*[\[{])")
_GZIP = b"\x1f\x8b"
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip


def read_bytes(content: bytes, origin: Origin, *, content_type: str = "") -> Iterator[Found]:
    """What a file or an answer holds. `content_type`: as the server said, for the letters of a page."""
    return read_stream(io.BytesIO(content), origin, content_type=content_type)


def read_stream(stream: BinaryIO, origin: Origin, *, name: str = "", content_type: str = "") -> Iterator[Found]:
    """Every finding of the stream, in order. `name` is its file name, which may tell NDJSON from JSON.

    Memory stays bounded whatever its length. Never raises for its content.
    """
    head = _read(stream, HEAD)
    if head.startswith(_GZIP):
        packed: BinaryIO = io.BufferedReader(gzip.GzipFile(fileobj=_Prefixed(head, stream)), MIB)
        yield from _unpacked(packed, origin, name.removesuffix(".gz"), content_type)
        return
    yield from _read_kind(head, stream, origin, name, content_type)


def _unpacked(stream: BinaryIO, origin: Origin, name: str, content_type: str) -> Iterator[Found]:
    try:
        yield from _read_kind(_read(stream, HEAD), stream, origin, name, content_type)
    except (OSError, EOFError, zlib.error) as error:
        yield Skipped(where=origin.where, reason=f"the gzip file is damaged ({error}): what came before it was read")


def _read_kind(head: bytes, stream: BinaryIO, origin: Origin, name: str, content_type: str) -> Iterator[Found]:
    whole: BinaryIO = io.BufferedReader(_Prefixed(head, stream), MIB)
    if not head.strip():
        yield Skipped(where=origin.where, reason="it is empty")
    elif _HTML.match(head.removeprefix(codecs.BOM_UTF8)):
        yield from _page(whole, origin, content_type)
    elif _is_lines(head, name):
        yield from _lines(whole, origin)
    else:
        yield from _json(whole, origin)


def _is_lines(head: bytes, name: str) -> bool:
    """One JSON value a line: the file says so, or its first line is whole and another begins."""
    if name.lower().endswith(_LINES):
        return True
    lines = [line.strip() for line in head.removeprefix(codecs.BOM_UTF8).split(b"\n", 50)]
    lines = [line for line in lines if line]
    if len(lines) < 2 or len(lines[0]) < 3 or lines[0][:1] + lines[0][-1:] not in (b"{}", b"[]"):
        return False
    return lines[1][:1] in (b"{", b"[") or _is_whole(lines[0])


def _is_whole(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _page(stream: BinaryIO, origin: Origin, content_type: str) -> Iterator[Found]:
    content = _read(stream, LONGEST_PAGE + 1)
    if len(content) > LONGEST_PAGE:
        yield Skipped(where=origin.where, reason=f"the page is larger than {LONGEST_PAGE // MIB} MiB")
        return
    yield from read_page(decode(content, content_type.partition(";")[2]), origin)


def _lines(stream: BinaryIO, origin: Origin) -> Iterator[Found]:
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        here = replace(origin, where=f"{origin.where}, line {number}")
        if len(line) > LONGEST_LINE:
            while line and not line.endswith(b"\n"):
                line = stream.readline(MIB)
            yield Skipped(where=here.where, reason=f"the line is longer than {LONGEST_LINE // MIB} MiB")
        elif line.strip(b" \t\r\n\0\xef\xbb\xbf"):
            yield from _text(line, here)


def _text(content: bytes, origin: Origin) -> Iterator[Found]:
    try:
        value = read_json(_decoded(content))
    except UnicodeDecodeError as error:
        yield Skipped(where=origin.where, reason=f"not UTF-8: byte {error.start + 1} is no letter of it")
    except Unreadable as problem:
        where = f"{origin.where}, line {problem.line}" if problem.line > 1 else origin.where
        yield Skipped(where=where, reason=str(problem))
    else:
        yield from read_document(value, origin)


def _json(stream: BinaryIO, origin: Origin) -> Iterator[Found]:
    content = _read(stream, WHOLE + 1)
    if len(content) <= WHOLE:
        yield from _text(content, origin)
        return
    elements = Elements(_Prefixed(content, stream))
    try:
        for number, value in enumerate(elements, start=1):
            yield from read_document(value, replace(origin, where=f"{origin.where}, item {number}"))
    except Unreadable as problem:
        reason = f"{problem}; nothing after it was read. Files as large as this are safer one object a line (NDJSON)"
        yield Skipped(where=f"{origin.where}, after item {elements.done}", reason=reason)


def _decoded(content: bytes) -> str:
    for mark, name in _BOMS:
        if content.startswith(mark):
            return content.decode(name).removeprefix("\ufeff")
    return content.decode()


def _read(stream: Any, size: int) -> bytes:
    """Up to `size` bytes, however small the pieces a pipe gives."""
    pieces, missing = [], size
    while missing and (piece := stream.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


class _Prefixed(io.RawIOBase):
    """A stream with what was already read of it put back in front."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = io.BytesIO(head), stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._head.read(len(buffer)) or self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
