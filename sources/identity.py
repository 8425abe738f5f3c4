"""Public identifiers, of every app: short, unguessable, safe in an address, never reused."""

import secrets

# Base 58, without 0/O and l/I: ids are read aloud and retyped from print.
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LENGTH = 12  # 58**12 is about 2**70: not to be guessed or counted through


def new_public_id() -> str:
    """`LENGTH` characters of `ALPHABET`; never drawn twice in practice."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
