"""System checks of what the environment got wrong."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import Error as DatabaseError
from django.db import connections


@register(Tags.database)
def database_speaks_unicode(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """UTF8, and a locale that knows more letters than ASCII's: search folds case in the database."""
    messages: list[CheckMessage] = []
    for alias in databases or []:
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SHOW server_encoding")
                encoding = cursor.fetchone()[0]
                cursor.execute("SELECT lower('Т') = 'т'")
                folds = cursor.fetchone()[0]
        except DatabaseError:
            messages.append(Warning("The database does not answer, so its locale is unchecked.", id="claimtrack.W001"))
            continue
        if encoding != "UTF8":
            messages.append(
                Error(
                    f"The database's encoding is {encoding}; it must be UTF8.",
                    hint="Create it anew: CREATE DATABASE claimtrack TEMPLATE template0 ENCODING 'UTF8'.",
                    id="claimtrack.E001",
                )
            )
        elif not folds:
            messages.append(
                Error(
                    "The database's locale (LC_CTYPE) knows no Cyrillic: lower('Т') is not 'т'.",
                    hint="Create it anew: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'.",
                    id="claimtrack.E002",
                )
            )
    return messages
