"""The list of sources and a source's page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display

from sources import services
from sources.choices import Availability
from sources.finding import holding, is_id
from sources.health import limits
from sources.health.hosts import host_health
from sources.models import Source
from sources.models.source import SOURCE_WORDS
from sources.services.settling import confirm_delay

from .base import COLOURS, ModelAdmin
from .filters import NeedsLook, OfHost, OfLanguage, chosen_host
from .forms import SourceForm
from .inlines import ChangeInline, CheckInline
from .overview import host_url, overview
from .pages import health_page, versions_page
from .quick import Quick

# What people write about a source; the rest is the machine's.
WRITTEN = ("title", "publisher", "language")

# Of a title or address, what the list shows.
LONGEST_NAME = 80
NO_BREAK = "\N{NO-BREAK SPACE}"


def short(when: datetime | None) -> str:
    """A moment in a narrow column, broken between day and time at most; nothing for none."""
    if when is None:
        return ""
    day, time = (formats.date_format(timezone.localtime(when), form) for form in ("j M y", "H:i"))
    return f"{day.replace(' ', NO_BREAK)} {time}"


@admin.register(Source)
class SourceAdmin(Quick, ModelAdmin):
    form = SourceForm
    list_display = ("named", "site", "state", "since", "failures", "visited", "next_visit")
    list_filter = ("availability", NeedsLook, OfHost, "pinned", "is_demo", OfLanguage)
    list_filter_sheet = False
    list_before_template = "sources/desk/list_before.html"
    change_form_outer_before_template = "sources/desk/source.html"
    search_fields = ("title", "canonical_url", "url", "publisher", "host")
    search_help_text = _("Title, address, publisher or host")
    ordering = ("-availability_since", "-pk")
    list_per_page = 50
    # What an index holds.
    sortable_by = ("site", "since", "next_visit")
    search_order = ("-availability_since", "-pk")
    actions = ("recheck_selected",)
    actions_submit_line = ("recheck_now",)
    inlines = (CheckInline, ChangeInline)
    readonly_fields = (
        "address", "url", "counted_failures", "last_counted_failure_at", "last_checked_at", "last_ok_at",
        "next_check_at", "who_pinned", "created_at",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("address", "title", "publisher", "language")}),
        (
            _("When a person knows better"),
            {"fields": ("pinned", "settled_as", "pinned_reason", "who_pinned")},
        ),
        (
            _("Dates and addresses"),
            {
                "fields": (
                    "url", "created_at", "last_ok_at", "last_checked_at", "next_check_at", "counted_failures",
                    "last_counted_failure_at",
                ),
                "classes": ["collapse"],
            },
        ),
    )  # fmt: skip

    class Media:
        css = {"all": ("sources/desk.css",)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Evidence makes sources."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    # The list.

    def searched(self, request: HttpRequest, text: str) -> list[QuerySet[Source]]:
        return [holding(Source.objects.all(), SOURCE_WORDS, text)]

    @display(description=_("source"), ordering="title")  # type: ignore[untyped-decorator]
    def named(self, source: Source) -> str:
        return Truncator(str(source)).chars(LONGEST_NAME)

    @display(description=_("availability"), ordering="availability", label=dict(COLOURS))  # type: ignore[untyped-decorator]
    def state(self, source: Source) -> tuple[str, str]:
        word = source.get_availability_display()
        return source.availability, str(_("%(state)s, settled") % {"state": word}) if source.pinned else word

    @admin.display(description=_("since"), ordering="availability_since")
    def since(self, source: Source) -> str:
        return short(source.availability_since)

    @admin.display(description=_("visited"), ordering="last_checked_at")
    def visited(self, source: Source) -> str:
        return short(source.last_checked_at)

    @admin.display(description=_("next visit"), ordering="next_check_at")
    def next_visit(self, source: Source) -> str:
        return short(source.next_check_at)

    @admin.display(description=_("failures"), ordering="counted_failures")
    def failures(self, source: Source) -> str:
        """Counted ones of those that make a source dead; nothing while none counts."""
        return f"{source.counted_failures}/{limits().failures}" if source.counted_failures else ""

    @admin.display(description=_("host"), ordering="host")
    def site(self, source: Source) -> SafeString:
        return format_html('<a href="{}">{}</a>', host_url(source.host), source.host)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Above one site's sources: how the site is doing."""
        host = chosen_host(request.GET.get("host"))
        health = host_health([host], timezone.now()) if host else []
        return super().changelist_view(request, {**(extra_context or {}), "host_health": health[0] if health else None})

    # Its page.

    @admin.display(description=_("settled by"))
    def who_pinned(self, source: Source) -> str:
        """By name alone: Django would link to the person's page, which administrators alone may open."""
        return str(source.pinned_by or "")

    @admin.display(description=_("canonical URL"))
    def address(self, source: Source) -> SafeString:
        return format_html(
            '<a href="{0}" rel="noopener noreferrer nofollow" target="_blank">{0}</a>', source.canonical_url
        )

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        known = is_id(object_id) and request.method == "GET"
        source = Source.objects.select_related("pinned_by").filter(pk=int(object_id or 0)).first() if known else None
        more = {"overview": overview(source, timezone.now())} if source else {}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("health/", view(lambda request: health_page(self, request)), name="sources_source_health"),
            path(
                "<int:object_id>/versions/",
                view(lambda request, object_id: versions_page(self, request, object_id)),
                name="sources_source_versions",
            ),
            *super().get_urls(),
        ]

    # What a person changes.

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        """Write only what people write: visits may have moved the rest on since the page was opened."""
        changed = set(form.changed_data)
        if written := [name for name in WRITTEN if name in changed]:
            obj.save(update_fields=written)
        if changed & {"pinned", "pinned_reason", "settled_as"}:
            self._settle(request, obj, form.cleaned_data)
        for button in self.get_actions_submit_line(request, obj.pk):  # type: ignore[attr-defined]
            if button.action_name in request.POST:
                button.method(request, obj)

    def _settle(self, request: HttpRequest, source: Source, cleaned: dict[str, Any]) -> None:
        if not cleaned["pinned"]:
            services.unpin(source)
            return
        settled_as = Availability(cleaned["settled_as"]) if cleaned["settled_as"] else None
        assert request.user.is_authenticated
        services.pin(source, by=request.user, reason=cleaned["pinned_reason"], availability=settled_as)

    @action(description=_("Save and recheck now"), permissions=["change"])  # type: ignore[untyped-decorator]
    def recheck_now(self, request: HttpRequest, source: Source) -> None:
        services.make_due(source)
        messages.success(request, _("Saved. It is visited within a minute, or when its site may be asked again."))
        _say_when_confirmed(request, [source])

    def response_change(self, request: HttpRequest, obj: Source) -> HttpResponse:
        """Who asks for a visit stays on the page and can watch it arrive."""
        asked = any(button.action_name in request.POST for button in self.get_actions_submit_line(request, obj.pk))  # type: ignore[attr-defined]
        return redirect(request.path) if asked else super().response_change(request, obj)

    @admin.action(description=_("Recheck now"), permissions=["change"])
    def recheck_selected(self, request: HttpRequest, chosen: QuerySet[Source]) -> None:
        sources = list(chosen)
        for source in sources:
            services.make_due(source)
        count = len(sources)
        words = ngettext(
            "%d source is visited now, or when its site may be asked again.",
            "%d sources are visited now, or when their sites may be asked again.",
            count,
        )
        messages.success(request, words % count)
        _say_when_confirmed(request, sources)


def _say_when_confirmed(request: HttpRequest, sources: Iterable[Source]) -> None:
    """A visit before its time confirms no change: say when it can."""
    waiting = [source.pending_since + confirm_delay(source) for source in sources if source.pending_since]
    if not waiting or max(waiting) <= timezone.now():
        return
    words = ngettext(
        "A change was seen that a later visit has to confirm, at %(time)s at the earliest.",
        "Changes were seen that later visits have to confirm, the last at %(time)s at the earliest.",
        len(waiting),
    )
    messages.info(request, words % {"time": formats.date_format(timezone.localtime(max(waiting)), "H:i")})
