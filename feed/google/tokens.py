"""Page tokens: a protobuf message in base64, whose first field is the offset; "CAo" is 10.

Ours have a second one, a check sum of what was searched for, so that a token is refused under another search. Tokens
without it, as Google's own, are taken as they are.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib

# Tags of protobuf's wire format: field 1 as varint, field 2 as fixed32.
OFFSET, SEARCH = b"\x08", b"\x15"
# A varint of an int32.
MOST_BYTES = 5
LARGEST = 2**31 - 1


def write_token(offset: int, searched: str) -> str:
    """`searched` says in any form what the list is of."""
    return base64.urlsafe_b64encode(OFFSET + _varint(offset) + SEARCH + _check_sum(searched)).rstrip(b"=").decode()


def read_token(token: str, searched: str) -> int:
    """The offset. Raises ValueError for what is no token, ForAnotherSearch for a token of another list."""
    if not re.fullmatch(r"[A-Za-z0-9_/+-]{1,40}={0,2}", token):
        raise ValueError("no page token")
    bare = token.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        message = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        raise ValueError("no page token") from None
    offset, rest = _read_varint(message.removeprefix(OFFSET)) if message.startswith(OFFSET) else (-1, b"")
    if not 0 <= offset <= LARGEST or (rest and (len(rest) != 5 or not rest.startswith(SEARCH))):
        raise ValueError("no page token")
    if rest and rest[1:] != _check_sum(searched):
        raise ForAnotherSearch
    return offset


class ForAnotherSearch(Exception):
    """The token was given out for another search."""


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*written, number])


def _read_varint(message: bytes) -> tuple[int, bytes]:
    number = 0
    for place, byte in enumerate(message[:MOST_BYTES]):
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return number, message[place + 1 :]
    return -1, b""


def _check_sum(searched: str) -> bytes:
    return zlib.crc32(searched.encode()).to_bytes(4, "little")
