"""What a person has to know of their own account: always on the desk, and by mail to whoever has an address."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from accounts.choices import LetterKind
from accounts.models import Letter
from claims.choices import NoticeKind
from claims.models import User
from claims.said import Said
from claims.services.notices import gets_mail, notify


@transaction.atomic
def tell(
    user: User,
    *,
    key: str,
    title: Said,
    text: Said,
    at: datetime,
    to: str = "",
) -> None:
    """A notice, mailed even to who wants no notices by mail. `to` is one more address: that was theirs until now."""
    notify([user], kind=NoticeKind.ACCOUNT, key=key, title=title, text=[text], path=reverse("account"), at=at)
    for address in {to, "" if gets_mail(user) else user.email} - {""}:
        with translation.override(language_of(user)):
            letter = Letter(kind=LetterKind.TOLD, to=address, user=user, title=str(title), text=str(text), due_at=at)
        letter.save()


def language_of(user: User | None) -> str:
    """The one they chose for the desk, if they can choose; else the desk's."""
    return getattr(user, "language", "") or settings.LANGUAGE_CODE
