"""Undoing Content-Encoding piece by piece under a cap. Pure."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

# What we ask for and can undo.
ACCEPT_ENCODING = "gzip, deflate"
OURS = frozenset({"gzip", "x-gzip", "deflate"})
# What we did not ask for and cannot undo. Other words ("none", "utf-8") are mistakes: browsers take the body as it is.
FOREIGN = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz"})


class Undecodable(ValueError):
    """The body is not what its Content-Encoding says."""


@dataclass
class CappedDecoder:
    """Feed it the body as received; `decoded` never grows beyond `cap` bytes."""

    encoding: str
    cap: int
    decoded: bytearray = field(default_factory=bytearray)
    full: bool = False

    def __post_init__(self) -> None:
        names = [name for word in self.encoding.lower().split(",") if (name := word.strip()) in OURS | FOREIGN]
        if len(names) > 1 or FOREIGN.intersection(names):
            raise Undecodable(f"Content-Encoding “{self.encoding[:60]}” was not asked for")
        # 32: gzip or zlib, whichever the first bytes say.
        self._inflate = zlib.decompressobj(32 + zlib.MAX_WBITS) if names else None
        self._raw_deflate_possible = names == ["deflate"]

    def feed(self, piece: bytes) -> None:
        """Add a piece of the body. Raises Undecodable."""
        while piece and not self.full:
            room = self.cap - len(self.decoded)
            if self._inflate is None:
                self.decoded += piece[:room]
                self.full = len(piece) > room
                return
            self.decoded += self._inflated(piece, room + 1)
            self._raw_deflate_possible = False
            if len(self.decoded) > self.cap:
                del self.decoded[self.cap :]
                self.full = True
            piece = self._inflate.unconsumed_tail
            if self._inflate.eof and self._inflate.unused_data.startswith(b"\x1f\x8b"):
                piece = self._inflate.unused_data  # gzip members may follow one another
                self._inflate = zlib.decompressobj(32 + zlib.MAX_WBITS)

    def finish(self) -> None:
        """Say that the body has ended. Raises Undecodable when the compressed stream had not."""
        if self._inflate is not None and not self.full and not self._inflate.eof and self.decoded:
            raise Undecodable("the compressed body is cut off")

    def _inflated(self, piece: bytes, most: int) -> bytes:
        assert self._inflate is not None
        try:
            return self._inflate.decompress(piece, most)
        except zlib.error as error:
            if not self._raw_deflate_possible:
                raise Undecodable(f"the compressed body is broken: {error}") from error
        # Some servers send deflate without its zlib header.
        self._raw_deflate_possible = False
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        return self._inflated(piece, most)
