"""Steps on many claims of the list at once: asked first, done one by one, with what was refused and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget

from claims import services
from claims.admin.action import Words
from claims.admin.base import person
from claims.choices import Role
from claims.models import Claim, Topic, User
from claims.services.bulk import MOST, BulkReport

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin


class NothingToAsk(forms.Form):
    pass


def checkers() -> QuerySet[User]:
    return User.objects.filter(is_active=True).exclude(role=Role.OBSERVER, is_superuser=False).order_by("username")


class PersonForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("To"), help_text=_("Who works on them from now on."), widget=UnfoldAdminSelectWidget,
        queryset=checkers(),
    )  # fmt: skip


class TopicForm(forms.Form):
    topic = forms.ModelChoiceField(
        label=_("Topic"), help_text=_("Added beside the topics each has. Readers see it at once on published ones."),
        queryset=Topic.objects.order_by("name"), widget=UnfoldAdminSelectWidget,
    )  # fmt: skip


class DayForm(forms.Form):
    on = forms.DateField(
        label=_("Look again on"), help_text=_("Only verdicts that stand take a day; the others are listed as refused."),
        widget=UnfoldAdminDateWidget,
    )  # fmt: skip


@dataclass(frozen=True)
class BulkStep:
    label: Words
    form: type[forms.Form]
    run: Callable[[list[int], User, dict[str, Any]], BulkReport]


STEPS = {
    "assign_to_me": BulkStep(
        _("Assign to me"), NothingToAsk, lambda ids, by, said: services.assign_all(ids, to=by, by=by)
    ),
    "assign_to": BulkStep(
        _("Assign to…"), PersonForm, lambda ids, by, said: services.assign_all(ids, to=said["to"], by=by)
    ),
    "add_topic": BulkStep(
        _("Add a topic"), TopicForm, lambda ids, by, said: services.add_topic_to_all(ids, topic=said["topic"], by=by)
    ),
    "look_again": BulkStep(
        _("Set a day to look again"),
        DayForm,
        lambda ids, by, said: services.set_look_again_on_all(ids, on=said["on"], by=by),
    ),
}


def _view(name: str) -> Any:
    @action(description=STEPS[name].label, permissions=["change"])  # type: ignore[untyped-decorator]
    def run(admin: ClaimAdmin, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponse | None:
        return bulk_page(admin, request, queryset, name)

    run.__name__ = name
    return run


# For ClaimAdmin.actions.
BULK_ACTIONS = [_view(name) for name in STEPS]


def bulk_page(
    admin: ClaimAdmin, request: HttpRequest, queryset: QuerySet[Claim], name: str
) -> HttpResponse | None:
    """Ask, then do, then tell. None leads back to the list, with a message."""
    user, step = person(request), STEPS[name]
    if not user.may_check:
        raise PermissionDenied
    ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        messages.error(request, gettext("At most %(most)d claims at a time: narrow the list first.") % {"most": MOST})
        return None
    form = step.form(request.POST if "apply" in request.POST else None)
    if "apply" in request.POST and form.is_valid():
        report = step.run(ids, user, form.cleaned_data)
        told = ngettext("%(count)d claim was changed.", "%(count)d claims were changed.", len(report.done))
        messages.success(request, told % {"count": len(report.done)})
        if not report.refused:
            return None
        return _page(admin, request, step, {"report": report})
    claims = Claim.objects.filter(pk__in=ids).order_by("pk")
    return _page(admin, request, step, {"form": form, "claims": claims, "name": name, "box": ACTION_CHECKBOX_NAME})


def _page(admin: ClaimAdmin, request: HttpRequest, step: BulkStep, context: dict[str, Any]) -> TemplateResponse:
    request.current_app = admin.admin_site.name
    shared = {**admin.admin_site.each_context(request), "title": step.label, "opts": admin.opts, "media": admin.media}
    return TemplateResponse(request, "claims/desk/bulk.html", shared | context)
