"""What services refuse becomes errors beside the fields, with everything typed still on the page.

Saving happens in one transaction. When a service refuses, the transaction is rolled back and the same request is
shown once more: the forms find the refusal and carry it as their own error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import HttpRequest

from claims.errors import EditConflict, NotAllowed
from sources.urls import UnusableURL

Errors = dict[str, list[str]]


class Refused(Exception):
    """Rolls the save back. The refusals themselves are on the request."""


class Refusals:
    """By form prefix ("" for the main form): what was refused, by field."""

    def __init__(self) -> None:
        self.by_prefix: dict[str, Errors] = {}
        self.conflict: EditConflict | None = None

    @contextmanager
    def catch(self, prefix: str = "") -> Iterator[None]:
        """Undo the row and keep the reasons, so that all rows can be tried before anybody is told."""
        try:
            with transaction.atomic():
                yield
        except EditConflict as conflict:
            # The form tells it in its own words: see meanwhile.py.
            self.conflict = conflict
            self.by_prefix.setdefault(prefix, {})
        except (NotAllowed, UnusableURL, ValidationError) as refusal:
            self._add(prefix, reasons(refusal))

    def _add(self, prefix: str, errors: Errors) -> None:
        for field, messages in errors.items():
            self.by_prefix.setdefault(prefix, {}).setdefault(field, []).extend(messages)

    def raise_any(self) -> None:
        if self.by_prefix:
            raise Refused

    def add_to(self, form: forms.BaseForm, prefix: str = "") -> None:
        """Call from the form's clean()."""
        for field, messages in self.by_prefix.get(prefix, {}).items():
            for message in messages:
                if field in form.fields and not form.fields[field].widget.is_hidden:
                    form.add_error(field, message)
                else:
                    form.add_error(None, message)


def reasons(refusal: Exception) -> Errors:
    """A service's refusal by field; everything that names no field under NON_FIELD_ERRORS."""
    if isinstance(refusal, UnusableURL):
        return {"url": [str(refusal)]}
    if isinstance(refusal, ValidationError):
        if hasattr(refusal, "error_dict"):
            return {field: list(messages) for field, messages in refusal.message_dict.items()}
        return {NON_FIELD_ERRORS: list(refusal.messages)}
    return {NON_FIELD_ERRORS: [str(refusal)]}


def refusals(request: HttpRequest) -> Refusals:
    """The refusals of this request; empty at first."""
    found: Refusals | None = getattr(request, "desk_refusals", None)
    if found is None:
        found = Refusals()
        request.desk_refusals = found  # type: ignore[attr-defined]
    return found
