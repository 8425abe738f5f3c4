"""Public identifiers and slugs."""

import secrets

from django.utils.text import slugify

# Base 58: no 0/O and l/I, so an id read aloud or typed from paper arrives whole.
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PUBLIC_ID_LENGTH = 11  # 58**11 is about 2**64: not to be guessed or counted through
RESERVED_SLUGS = {"", "history"}
MAX_SLUG_LENGTH = 80


def new_public_id() -> str:
    """A short, unguessable, URL-safe identifier; never reused because it is never drawn twice in practice."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


def make_slug(text: str, *, fallback: str) -> str:
    """A Unicode slug of at most 80 characters, cut at a word; never empty, never a reserved word."""
    slug = slugify(text, allow_unicode=True)
    if len(slug) > MAX_SLUG_LENGTH:
        slug = slug[:MAX_SLUG_LENGTH].rsplit("-", 1)[0]
    return fallback if slug in RESERVED_SLUGS else slug
