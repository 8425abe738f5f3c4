"""The newsroom's own record: who did what, when, to what, and from what to what. Appended to, never edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Manager, Model
from django.utils import timezone

from claims.models import Activity, Claim, User
from claims.models.quantities import plain

# Field names and their values as plain JSON.
Values = Mapping[str, Any]
# Of these the record says that they changed, never from what to what.
SECRET = frozenset({"password", "email"})


def record(
    claim: Claim | None,
    action: str,
    *,
    by: User | None,
    detail: str = "",
    about: Model | None = None,
    before: Values | None = None,
    after: Values | None = None,
    at: datetime | None = None,
) -> Activity:
    """One line: who did what to which claim, or to which other row (`about`). `by` is None when the machine did.

    `before` and `after` are values_of() the row: what differs is kept, word for word.
    """
    line = line_of(claim, action, by=by, detail=detail, about=about, before=before, after=after, at=at)
    line.save(force_insert=True)
    return line


def line_of(
    claim: Claim | None,
    action: str,
    *,
    by: User | None,
    detail: str = "",
    about: Model | None = None,
    before: Values | None = None,
    after: Values | None = None,
    at: datetime | None = None,
) -> Activity:
    """What record() writes, not written yet: for who writes very many lines at once."""
    return Activity(
        claim=claim,
        actor=by,
        action=action,
        detail=detail,
        about_kind=about._meta.label_lower if about is not None else "",
        about_id=str(about.pk) if about is not None and about.pk is not None else "",
        about_name=str(about)[:200] if about is not None else "",
        changes=differences(before or {}, after or {}),
        at=at or timezone.now(),
    )


def values_of(row: Model, fields: Iterable[str]) -> dict[str, Any]:
    """The row's fields as the record keeps them: rows by their names, lists of them sorted."""
    return {name: _as_json(getattr(row, name)) for name in fields}


def differences(before: Values, after: Values) -> list[dict[str, Any]]:
    """[{"field", "from", "to"}] of what differs; nothing and an empty text are the same."""
    names = [*before, *(name for name in after if name not in before)]
    return [
        {"field": name} if name in SECRET else {"field": name, "from": before.get(name), "to": after.get(name)}
        for name in names
        if (before.get(name) or None) != (after.get(name) or None)
        # False is a value that somebody chose.
        or (before.get(name) is False) != (after.get(name) is False)
    ]


def save_on_record(row: Model, *, by: User | None, claim: Claim | None = None, at: datetime | None = None) -> None:
    """Save a row that has no service of its own (a claimant, a topic, a rating), with what changed on record."""
    fields = [field.name for field in row._meta.concrete_fields if not field.primary_key and not field.generated]
    old = type(row)._default_manager.filter(pk=row.pk).first() if row.pk is not None else None
    row.save()
    before, after = values_of(old, fields) if old else {}, values_of(row, fields)
    if old is None or differences(before, after):
        action = f"{'changed' if old else 'added'} {row._meta.model_name}"
        record(claim, action, by=by, about=row, before=before, after=after, at=at)


def delete_on_record(row: Model, *, by: User | None, at: datetime | None = None) -> None:
    """Delete a row that was never public; what it said stays on record."""
    fields = [field.name for field in row._meta.concrete_fields if not field.primary_key and not field.generated]
    record(None, f"deleted {row._meta.model_name}", by=by, about=row, before=values_of(row, fields), at=at)
    row.delete()


def _as_json(value: Any) -> Any:
    if isinstance(value, Manager):
        return sorted(str(one) for one in value.all())
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, float, dict, list)):
        return value
    return str(value)
