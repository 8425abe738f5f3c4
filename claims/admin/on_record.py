"""The record of one row: who changed what, when, from what to what, word by word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from claims.models import Activity, Claim
from sources.comparison import word_difference
from sources.finding import is_id

if TYPE_CHECKING:
    from claims.admin.base import DeskAdmin

PAGE = 25
# Longer texts are shown whole, before and after: comparing them word by word would keep the page waiting.
LONGEST_COMPARED = 20_000


def record_view(admin: DeskAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Newest first, PAGE lines at a time; `?before=` the id of the last line shown."""
    # As the page itself finds it: not the rows of others, where people see their own.
    row = admin.get_object(request, unquote(object_id))
    if row is None:
        raise Http404
    if not admin.has_view_or_change_permission(request, row):
        raise PermissionDenied
    lines = record_of(row)
    before = request.GET.get("before", "")
    if is_id(before):
        lines = lines.filter(pk__lt=int(before))
    found = list(lines[: PAGE + 1])
    request.current_app = admin.admin_site.name
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Record"),
        "subtitle": str(row),
        "opts": admin.opts,
        "original": row,
        "media": admin.media,
        "lines": [{"line": line, "changes": shown_changes(line)} for line in found[:PAGE]],
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "is_first": not before,
    }
    return TemplateResponse(request, "claims/desk/on_record.html", context)


def record_of(row: Model) -> QuerySet[Activity]:
    """Of a claim everything on it, its drafts and evidence too; of another row what was done to that row."""
    if isinstance(row, Claim):
        lines = Activity.objects.filter(claim=row)
    else:
        lines = Activity.objects.filter(about_kind=row._meta.label_lower, about_id=str(row.pk))
    return lines.select_related("actor").order_by("-pk")


def shown_changes(line: Activity) -> list[dict[str, Any]]:
    """What the template needs of each change: the field's name, and the words or the values before and after."""
    return [_shown(line, change) for change in line.changes]


def _shown(line: Activity, change: dict[str, Any]) -> dict[str, Any]:
    label = field_label(line.about_kind or "claims.claim", change["field"])
    if "from" not in change:
        return {"label": label, "hidden": True}
    before, after = (_text(change[name]) for name in ("from", "to"))
    words = []
    if before and after and len(before) + len(after) <= LONGEST_COMPARED:
        words = word_difference(before, after)
    return {"label": label, "before": before, "after": after, "words": words}


def field_label(kind: str, name: str) -> str:
    """What the desk calls this field; its own name when the table has it no more."""
    try:
        field = apps.get_model(kind)._meta.get_field(name)
    except (LookupError, FieldDoesNotExist, ValueError):
        return name
    return str(capfirst(str(getattr(field, "verbose_name", name))))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)
