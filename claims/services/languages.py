"""Which language a person is spoken to in."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from claims.models import User


@transaction.atomic
def choose_language(person: User, *, language: str) -> None:
    """The desk speaks `language` to this person from now on; "" is whatever their browser asks for.

    Raises ValidationError for a language the desk does not have.
    """
    if language and language not in dict(settings.LANGUAGES):
        raise ValidationError(
            _("The desk does not speak “%(language)s”; it has: %(known)s."),
            params={"language": language, "known": ", ".join(dict(settings.LANGUAGES))},
        )
    person.language = language
    person.save(update_fields=["language"])


def speaking_to(person: User) -> AbstractContextManager[None]:
    """What is rendered inside (a mail, say) is in this person's language, else in the newsroom's first one."""
    known = person.language in dict(settings.LANGUAGES)
    return translation.override(person.language if known else settings.LANGUAGE_CODE)
