"""Every list of the desk as a file: what the list shows, in its order, narrowed as it is, and streamed."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import ALL_VAR, PAGE_VAR
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import Field, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from claims import services
from claims.admin.base import person
from claims.models import User
from claims.models.quantities import plain
from sources.cells import guarded

# Rows of one file: more is asked for in parts, by the list's filters.
EXPORT_LIMIT = 100_000
CHUNK = 500
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
# Never in a file, whatever a list shows: what opens something, and how to reach a person.
PRIVATE = re.compile("password|secret|token|digest|hash|e_?mail|phone|contact")


class Column(NamedTuple):
    name: str
    label: str


def export(request: HttpRequest, app: str, model: str, form: str) -> HttpResponseBase:
    """`form` is csv or json; the query is the list's own. Refused when it would hold more than EXPORT_LIMIT rows."""
    page = _page(app, model)
    if page is None or form not in FORMATS:
        raise Http404
    if not page.has_view_permission(request):
        raise PermissionDenied
    back = reverse(f"admin:{app}_{model}_changelist")
    query = request.GET.copy()
    for name in (PAGE_VAR, ALL_VAR):
        query.pop(name, None)
    request.GET = query  # type: ignore[assignment]
    try:
        shown = page.get_changelist_instance(request)
    except IncorrectLookupParameters:
        return HttpResponseRedirect(f"{back}?e=1")
    narrowed = query.urlencode()
    if shown.queryset[EXPORT_LIMIT : EXPORT_LIMIT + 1].exists():
        messages.error(
            request,
            _(
                "This list has more than %(limit)s rows, and one file holds no more. "
                "Narrow it with a filter or the search."
            )
            % {"limit": f"{EXPORT_LIMIT:,}"},
        )
        return HttpResponseRedirect(f"{back}?{narrowed}" if narrowed else back)
    columns = columns_of(page, shown.list_display)
    write = as_csv if form == "csv" else as_json
    lines = write(columns, _rows(page, columns, shown.queryset))
    what = f"{page.opts.verbose_name_plural} ({form.upper()})"
    response = StreamingHttpResponse(
        _recorded(lines, by=person(request), what=what, narrowed=narrowed), content_type=FORMATS[form]
    )
    name = f"{model}-{timezone.localdate():%Y-%m-%d}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _page(app: str, model: str) -> admin.ModelAdmin[Any] | None:
    try:
        return admin.site._registry.get(apps.get_model(app, model))
    except LookupError:
        return None


def columns_of(page: admin.ModelAdmin[Any], list_display: Iterable[Any]) -> list[Column]:
    """Ids first, then what the list shows, then what its page adds in `export_also`; nothing private.

    A page's `export_instead` names the field whose words a column of the list shortens.
    """
    model = page.model
    key = model._meta.pk.name
    names = [key, *(["public_id"] if _has_field(model, "public_id") else [])]
    instead: dict[str, str] = getattr(page, "export_instead", {})
    names += [instead.get(name, name) for name in map(str, list_display) if name not in ("action_checkbox", "__str__")]
    names += [*getattr(page, "export_also", ())]
    labels: dict[str, str] = {}
    for name in dict.fromkeys(names):
        if not PRIVATE.search(name):
            label = key if name == key else str(label_for_field(name, model, page))
            # No two columns are called the same.
            labels[name] = name if label in labels.values() else label
    return [Column(name, label) for name, label in labels.items()]


def _has_field(model: type[Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


def _rows(page: admin.ModelAdmin[Any], columns: list[Column], queryset: QuerySet[Any]) -> Iterator[list[Any]]:
    for row in queryset.iterator(chunk_size=CHUNK):
        yield [value_of(column.name, row, page) for column in columns]


def value_of(name: str, row: Model, page: admin.ModelAdmin[Any]) -> Any:
    """As JSON may hold it: text, number, boolean or None; times in UTC, words of a choice in the reader's language."""
    try:
        field, _attribute, value = lookup_field(name, row, page)
    except ObjectDoesNotExist:
        return None
    if isinstance(field, Field) and field.flatchoices:
        value = dict(field.flatchoices).get(value, value)
    return _plain(value)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, list | tuple):
        return "; ".join(str(_plain(one)) for one in value if one is not None)
    if hasattr(value, "__html__"):
        return " ".join(html.unescape(strip_tags(value.__html__())).split())
    return str(value)


def as_csv(columns: list[Column], rows: Iterable[list[Any]]) -> Iterator[str]:
    """RFC 4180 with a byte order mark, without which spreadsheets take UTF-8 for something else."""
    yield "\ufeff" + _line([capfirst(column.label) for column in columns])
    for row in rows:
        yield _line([guarded(cell) if isinstance(cell, str) else cell for cell in map(_csv_cell, row)])


def _csv_cell(value: Any) -> Any:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def _line(cells: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def as_json(columns: list[Column], rows: Iterable[list[Any]]) -> Iterator[str]:
    """One array of objects, an object a line."""
    names = [column.name for column in columns]
    between = "[\n"
    for row in rows:
        yield between + json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False)
        between = ",\n"
    yield "\n]\n" if between == ",\n" else "[]\n"


def _recorded(lines: Iterator[str], *, by: User, what: str, narrowed: str) -> Iterator[str]:
    """The record says how many rows left, also when the reader hung up before the end."""
    language = translation.get_language()
    sent = 0
    try:
        while True:
            with translation.override(language):
                line = next(lines, None)
            if line is None:
                break
            yield line
            sent += 1
    finally:
        services.record_export(what, by=by, rows=max(0, sent - 1), narrowed=narrowed)
