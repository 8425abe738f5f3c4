"""Webhooks at the desk: administrators add endpoints, see how they do and what happened to every delivery."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, IntegerField, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
)

from claims.admin.base import DeskAdmin, ModelForm, person
from claims.choices import EventType
from claims.models import Event, Rating
from feed import services
from feed.admin.deliveries import to_the_second
from feed.admin.endpoint_steps import STEPS, Outcome, Step, StepForm
from feed.choices import EndpointState
from feed.models import Delivery, Endpoint
from feed.services.endpoints import FILTERS, NAMES_OF, check_names, checked_address
from feed.webhooks.retrying import why_failed
from sources.finding import is_id

TONES = {EndpointState.ACTIVE: "good", EndpointState.PAUSED: "attention", EndpointState.DISABLED: "alarm"}
WRITTEN = ("name", "url", "contact", *FILTERS)
# Of an endpoint's deliveries, what its page shows.
LATEST = 10


class EndpointForm(ModelForm):
    event_types = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of events"), choices=[(kind.value, kind.value) for kind in EventType], required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("None: all. Always: what is withheld; retractions and new ratings of what was sent."),
    )  # fmt: skip
    rating_codes = forms.MultipleChoiceField(
        label=gettext_lazy("Ratings"), required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("None: all."),
    )  # fmt: skip
    after = forms.IntegerField(
        label=gettext_lazy("Begin after event"), required=False, min_value=0, widget=UnfoldAdminIntegerFieldWidget,
        help_text=gettext_lazy("Empty: it is sent what happens from now on. 0: everything there is."),
    )  # fmt: skip

    class Meta:
        model = Endpoint
        fields = WRITTEN
        widgets = dict.fromkeys(("topic_slugs", "claimant_slugs", "languages"), UnfoldAdminTextInputWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "rating_codes" in self.fields:
            self.fields["rating_codes"].choices = list(Rating.objects.values_list("code", "name"))  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        return checked_address(self.cleaned_data["url"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        check_names({field: cleaned.get(field, []) for field in NAMES_OF})
        return cleaned

    def clean_after(self) -> int | None:
        after: int | None = self.cleaned_data["after"]
        head = Event.objects.head()
        if after is not None and after > (head.sequence if head else 0):
            raise forms.ValidationError(_("There is no such event yet."))
        return after


def _count(rows: QuerySet[Delivery]) -> Coalesce:
    counted = rows.filter(endpoint=OuterRef("pk")).order_by().values("endpoint").annotate(number=Count("*"))
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)


def _oldest(rows: QuerySet[Delivery]) -> Subquery:
    found = rows.filter(endpoint=OuterRef("pk")).order_by().values("endpoint").annotate(oldest=Min("queued_at"))
    return Subquery(found.values("oldest"))


def _held_up(endpoint: Endpoint) -> dict[str, Any] | None:
    """What everything else waits for: the first in order, once an attempt at it has failed."""
    first = endpoint.deliveries.waiting().in_order().select_related("event").order_by("event").first()
    if first is None or not first.attempts_made:
        return None
    last = first.attempts.first()
    return {"delivery": first, "why": last.error if last else "", "next": to_the_second(first.next_attempt_at)}


@admin.register(Endpoint)
class EndpointAdmin(DeskAdmin):
    form = EndpointForm
    list_display = ("name", "host", "in_state", "last_success_at", "behind", "dead_letters", "trouble")
    list_filter = ("state",)
    search_fields = ("name", "url", "contact")
    change_form_outer_before_template = "feed/desk/endpoint.html"
    view_on_site = False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        first = ("name", "url", "contact") if obj else ("name", "url", "contact", "after")
        narrowed = {"fields": FILTERS, "description": _("What it is sent. Nothing chosen: everything.")}
        return ((None, {"fields": first}), (gettext_lazy("Only these"), narrowed))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Endpoint]:
        waiting = Delivery.objects.waiting()
        newest = Event.objects.order_by("-sequence").values("sequence")[:1]
        return Endpoint.objects.annotate(
            waiting=_count(waiting.in_order()),
            dead=_count(Delivery.objects.dead()),
            oldest=_oldest(waiting),
            head=Coalesce(Subquery(newest), 0),
        )

    @admin.display(description=gettext_lazy("host"))
    def host(self, endpoint: Endpoint) -> str:
        return endpoint.host

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def in_state(self, endpoint: Endpoint) -> SafeString:
        tone, word = TONES[EndpointState(endpoint.state)], endpoint.get_state_display()
        return format_html('<span class="desk-label desk-{}" title="{}">{}</span>', tone, endpoint.state_reason, word)

    @admin.display(description=gettext_lazy("events behind"))
    def behind(self, endpoint: Any) -> str:
        """What waits, and what was not looked at for it yet."""
        number = endpoint.waiting + max(0, endpoint.head - endpoint.cursor)
        return f"{number:,}" + (f" ({timesince(endpoint.oldest)})" if endpoint.oldest else "") if number else ""

    @admin.display(description=gettext_lazy("dead letters"))
    def dead_letters(self, endpoint: Any) -> str:
        return f"{endpoint.dead:,}" if endpoint.dead else ""

    @admin.display(description=gettext_lazy("failing for"), ordering="failing_for")
    def trouble(self, endpoint: Endpoint) -> str:
        """Time with attempts and without a success."""
        if endpoint.failing_for is None:
            return ""
        minutes = int(endpoint.failing_for.total_seconds() // 60)
        return f"{minutes // 60} h {minutes % 60} min" if minutes else _("under a minute")

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: bool) -> None:
        fields = {name: form.cleaned_data[name] for name in WRITTEN}
        if change:
            services.change_endpoint(obj, by=person(request), **fields)
            return
        made, shown_once = services.add_endpoint(by=person(request), after=form.cleaned_data["after"], **fields)
        obj.pk = made.pk
        request.shown_once = shown_once  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Endpoint, post_url_continue: str | None = None) -> HttpResponse:
        """The answer to the form is the page with the secret: no redirect, so nothing has to carry it further."""
        return self._page(request, obj, "feed/desk/secret.html", secret=getattr(request, "shown_once", ""))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        known = is_id(object_id) and request.method == "GET" and self.has_view_permission(request)
        endpoint = self.get_queryset(request).filter(pk=int(object_id or 0)).first() if known else None
        more = self._overview(request, endpoint) if endpoint else {}
        try:
            return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **more})
        except ValidationError as refusal:  # somebody else was quicker since the form was checked
            messages.error(request, " ".join(refusal.messages))
            return redirect(request.path)

    def _overview(self, request: HttpRequest, endpoint: Any) -> dict[str, Any]:
        latest = endpoint.deliveries.select_related("event").order_by("-event", "-urgent")
        steps = [step for step in STEPS.values() if step.when(endpoint)] if self.has_change_permission(request) else []
        return {
            "endpoint": endpoint,
            "tone": TONES[EndpointState(endpoint.state)],
            "behind": self.behind(endpoint),
            "steps": steps,
            "latest": list(latest[:LATEST]),
            "held_up": _held_up(endpoint),
        }

    def get_urls(self) -> list[URLPattern]:
        steps = [
            path(
                f"<int:pk>/{slug}/",
                self.admin_site.admin_view(partial(self._step, step=step)),
                name=f"feed_endpoint_{slug}",
            )
            for slug, step in STEPS.items()
        ]
        return [*steps, *super().get_urls()]

    def _step(self, request: HttpRequest, pk: int, step: Step) -> HttpResponse:
        """GET shows what it does and what it asks for, POST does it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        endpoint = get_object_or_404(Endpoint, pk=min(pk, 2**63 - 1))
        posted = request.POST if request.method == "POST" else None
        form = step.form(posted, endpoint=endpoint, initial=request.GET.dict())
        if not form.is_valid():
            return self._page(request, endpoint, "feed/desk/endpoint_step.html", step=step, form=form)
        try:
            outcome = step.run(endpoint, person(request), form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
            return self._page(request, endpoint, "feed/desk/endpoint_step.html", step=step, form=form)
        return self._answer(request, endpoint, step, outcome)

    def _answer(self, request: HttpRequest, endpoint: Endpoint, step: Step, outcome: Outcome) -> HttpResponse:
        if outcome.secret:
            return self._page(request, endpoint, "feed/desk/secret.html", secret=outcome.secret)
        if outcome.posted:
            shown = {"posted": outcome.posted, "failed": why_failed(outcome.posted)}
            form = StepForm(endpoint=endpoint)
            return self._page(request, endpoint, "feed/desk/endpoint_step.html", step=step, form=form, **shown)
        messages.success(request, str(outcome.message))
        return redirect(endpoint.get_absolute_url())

    def _page(self, request: HttpRequest, endpoint: Endpoint, template: str, **context: Any) -> TemplateResponse:
        step: Step | None = context.get("step")
        request.current_app = self.admin_site.name
        shown = {
            **self.admin_site.each_context(request),
            "title": step.label if step else _("The secret of a webhook"),
            "subtitle": endpoint.name,
            "opts": self.opts,
            "original": endpoint,
            "endpoint": endpoint,
            "media": self.media,
            **context,
        }
        return TemplateResponse(request, template, shown, headers={"Cache-Control": "no-store"})
