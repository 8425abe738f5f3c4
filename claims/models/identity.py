"""Slugs and language tags. Public identifiers are in sources/identity.py."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from claims.languages import KNOWN_LANGUAGE

RESERVED_SLUGS = {"", "history"}
MAX_SLUG_LENGTH = 80
# BCP 47 as far as it matters here: a language, and perhaps script and region (kk, kk-Cyrl, pt-BR).
LANGUAGE_TAG = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
# The same of a language there is; the database holds no list of them.
KNOWN_LANGUAGE_TAG = rf"(?=[a-z]{{2,3}}(-|$)){KNOWN_LANGUAGE}(-[A-Za-z0-9]{{2,8}})*"


def is_language_tag(value: str) -> None:
    """Raises ValidationError for what is no tag, or begins with no code of a language."""
    if not re.fullmatch(KNOWN_LANGUAGE_TAG, value):
        raise ValidationError(
            _("Write a language tag that begins with a code of ISO 639, such as en, ru, kk or pt-BR."), code="invalid"
        )


def language_is_a_tag(name: str) -> models.CheckConstraint:
    """Feeds and pages publish the tag as it is: whoever writes, it is one."""
    return models.CheckConstraint(name=name, condition=models.Q(language__regex=LANGUAGE_TAG))


def make_slug(text: str, *, fallback: str) -> str:
    """A Unicode slug of at most 80 characters, cut at a word; never empty, never a reserved word."""
    slug = slugify(text, allow_unicode=True)
    if len(slug) > MAX_SLUG_LENGTH:
        slug = slug[:MAX_SLUG_LENGTH].rsplit("-", 1)[0]
    return fallback if slug in RESERVED_SLUGS else slug
