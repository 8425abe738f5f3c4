"""The elements of one very large JSON list, one after the other, in bounded memory."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from claims.importing.broken_json import Unreadable

# No review needs more; what is larger is not read.
LONGEST_ELEMENT = 4 * 1024 * 1024
PIECE = 1024 * 1024
# Where the elements begin: the whole is a list, or an object with one of these.
_LIST = re.compile(r'\s*(?:\[|\{.*?"(?:dataFeedElement|@graph|claims|itemListElement)"\s*:\s*\[)', re.DOTALL)
_BLANKS = re.compile(r"\s*")


class Elements:
    """Iterates over the elements. Raises Unreadable where the text is none; `done` elements came before."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._letters = codecs.getincrementaldecoder("utf-8-sig")()
        self._decoder = json.JSONDecoder(strict=False, parse_constant=lambda _: None)
        self._text = ""
        self._ended = False
        self.done = 0

    def __iter__(self) -> Iterator[Any]:
        self._fill(2 * PIECE)
        begin = _LIST.match(self._text)
        if begin is None:
            raise Unreadable("a JSON text of this size is read only as a list, an @graph or a DataFeed")
        self._text = self._text[begin.end() :]
        place = 0
        while True:
            if len(self._text) - place < LONGEST_ELEMENT and not self._ended:
                self._text, place = self._text[place:], 0
                self._fill(LONGEST_ELEMENT + PIECE)
            place = self._blank(place)
            if self._text[place : place + 1] == "]":
                return
            value, place = self._element(place)
            self.done += 1
            yield value
            place = self._blank(place)
            if self._text[place : place + 1] == ",":
                place += 1
            elif self._text[place : place + 1] != "]":
                raise Unreadable("a comma is missing, or the text breaks off")

    def _element(self, place: int) -> tuple[Any, int]:
        try:
            return self._decoder.raw_decode(self._text, place)
        except RecursionError as error:
            raise Unreadable("nested too deeply") from error
        except ValueError as error:
            raise Unreadable("not valid JSON, cut off, or larger than 4 MiB") from error

    def _blank(self, place: int) -> int:
        match = _BLANKS.match(self._text, place)
        assert match is not None
        return match.end()

    def _fill(self, wanted: int) -> None:
        pieces, length = [self._text], len(self._text)
        while length < wanted and not self._ended:
            piece = self._stream.read(PIECE)
            self._ended = not piece
            try:
                pieces.append(self._letters.decode(piece or b"", final=self._ended))
            except UnicodeDecodeError as error:
                raise Unreadable("not UTF-8") from error
            length += len(pieces[-1])
        self._text = "".join(pieces)
