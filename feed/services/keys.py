"""API keys: made, changed, revoked by an administrator; each step is a line in the newsroom's record."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.errors import NotAllowed
from claims.models import User
from claims.services.record import record
from feed.admission.key_text import new_key_text
from feed.admission.known_keys import known_keys
from feed.choices import Scope
from feed.models import ApiKey

NOTE_USE_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_key(
    name: str,
    *,
    by: User | None,
    contact: str = "",
    scopes: Sequence[str] = tuple(Scope.values),
    expires_at: datetime | None = None,
    rate: int | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its whole text, which exists nowhere else: show it once. `by` is None for the command line.

    `rate` is in requests a minute. Raises NotAllowed, ValidationError.
    """
    _check(by)
    text = new_key_text()
    key = ApiKey(
        prefix=text.prefix, digest=text.digest, name=name.strip(), contact=contact.strip(), scopes=list(scopes),
        expires_at=expires_at, rate=rate, created_by=by,
    )  # fmt: skip
    key.full_clean()
    key.save()
    _record(key, "API key made", by)
    return key, text.whole


@transaction.atomic
def change_key(
    key: ApiKey, *, by: User, name: str, contact: str, scopes: Sequence[str], expires_at: datetime | None,
    rate: int | None,
) -> ApiKey:  # fmt: skip
    """Everything but the secret. Effective everywhere within 15 s. Raises NotAllowed, ValidationError."""
    _check(by)
    row = ApiKey.objects.select_for_update().get(pk=key.pk)
    row.name, row.contact, row.scopes = name.strip(), contact.strip(), list(scopes)
    row.expires_at, row.rate = expires_at, rate
    row.full_clean()
    row.save(update_fields=["name", "contact", "scopes", "expires_at", "rate"])
    _record(row, "API key changed", by)
    return row


@transaction.atomic
def revoke_key(key: ApiKey, *, by: User | None) -> ApiKey:
    """For good: it opens nothing any more, in this process at once, elsewhere within 15 s. Raises NotAllowed."""
    _check(by)
    row = ApiKey.objects.select_for_update().get(pk=key.pk)
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        _record(row, "API key revoked", by)
    return row


_noted: dict[int, float] = {}
_noting = threading.Lock()


def note_use(pk: int) -> None:
    """Set `last_used_at`, at most once a minute. Waits for nobody: a row that is being written is left alone."""
    now, every = time.monotonic(), NOTE_USE_EVERY.total_seconds()
    if now - _noted.get(pk, -every) < every:
        return
    with _noting:
        if now - _noted.get(pk, -every) < every:
            return
        _noted[pk] = now
    at = timezone.now()
    with transaction.atomic():
        key = ApiKey.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
        if key is not None and (key.last_used_at is None or key.last_used_at <= at - NOTE_USE_EVERY):
            ApiKey.objects.filter(pk=pk).update(last_used_at=at)


def _check(by: User | None) -> None:
    if by is not None and not by.is_editor_in_chief:
        raise NotAllowed(_("Only an administrator makes, changes or revokes API keys."))


def _record(key: ApiKey, action: str, by: User | None) -> None:
    scopes = ", ".join(key.scopes)
    record(None, action, by=by, detail=f"{key.prefix}: {key.name} ({scopes})")
    transaction.on_commit(lambda: known_keys.forget(key.prefix))
