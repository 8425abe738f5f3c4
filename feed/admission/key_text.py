"""The text of an API key: `ctk_<prefix>_<secret><checksum>`, made and read without any database.

`ctk_` lets scanners of leaked secrets recognise one (`ctk_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}`). The prefix names the key in
lists and logs. The secret is 256 random bits. The checksum tells a mistyped key from a wrong one, and asks nobody.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib
from dataclasses import dataclass, field

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PREFIX_LENGTH = 8
SECRET_LENGTH = 43  # 62**43 > 2**256
CHECKSUM_LENGTH = 6  # 62**6 > 2**32
SHAPE = re.compile(rf"ctk_([0-9A-Za-z]{{{PREFIX_LENGTH}}})_([0-9A-Za-z]{{{SECRET_LENGTH}}})([0-9A-Za-z]{{6}})")


class BadKey(Exception):
    """A key that opens nothing; the text is a sentence for its sender and says how to mend it."""


@dataclass(frozen=True)
class KeyText:
    """A key taken apart. Printing it shows the prefix alone."""

    prefix: str
    secret: str = field(repr=False)

    @property
    def digest(self) -> str:
        """What is kept of the secret: SHA-256, 64 hex digits."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    @property
    def whole(self) -> str:
        """As its owner keeps and sends it."""
        return f"ctk_{self.prefix}_{self.secret}{_checksum(self.prefix, self.secret)}"


def new_key_text() -> KeyText:
    prefix = "".join(secrets.choice(DIGITS) for _ in range(PREFIX_LENGTH))
    return KeyText(prefix, _in_digits(secrets.randbits(256), SECRET_LENGTH))


def read_key_text(text: str) -> KeyText:
    """Raises BadKey for what is no key, or is one with a slip in it."""
    match = SHAPE.fullmatch(text)
    if match is None:
        raise BadKey("This is no API key: one looks like ctk_ and 58 letters and digits. Copy it whole.")
    prefix, secret, checksum = match.groups()
    if checksum != _checksum(prefix, secret):
        raise BadKey("This API key is mistyped: its checksum does not fit. Copy it again from where it was kept.")
    return KeyText(prefix, secret)


def _checksum(prefix: str, secret: str) -> str:
    return _in_digits(zlib.crc32(f"{prefix}_{secret}".encode()), CHECKSUM_LENGTH)


def _in_digits(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits
