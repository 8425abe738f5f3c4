"""The desk's view of sources: look, name, settle, ask for a visit. Visits write everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.admin import TabularInline as UnfoldTabularInline
from unfold.decorators import action, display
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminSelectWidget

from sources import services
from sources.choices import Availability
from sources.models import Snapshot, Source, SourceChange, SourceCheck, Upload

if TYPE_CHECKING:
    # Unfold carries no types; it extends Django's classes, which do.
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Source]
else:
    ModelAdmin, TabularInline, ModelForm = UnfoldModelAdmin, UnfoldTabularInline, forms.ModelForm

# How many of a source's latest rows its page shows.
LATEST = 20
COLOURS = {
    Availability.LIVE: "success",
    Availability.MOVED: "success",
    Availability.NEW: "info",
    Availability.SUSPECT: "warning",
    Availability.BLOCKED: "warning",
    Availability.PAYWALLED: "warning",
    Availability.EXCLUDED: "warning",
    Availability.DENIED: "warning",
    Availability.DEAD: "danger",
}
# What people write about a source; the rest is the machine's.
WRITTEN = ("title", "publisher", "language")


class ReadOnly:
    """Looked at, never written: visits alone write these rows, and nothing is ever deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class LatestInline(ReadOnly, TabularInline):
    """The latest rows of a history, newest first."""

    extra = 0
    max_num = 0
    tab = True
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        # Inlines filter by their parent afterwards, which a slice would forbid: the latest are chosen by subquery.
        parent = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        if not parent or not parent.isdecimal():
            return rows.none()
        latest = self.model._default_manager.filter(source_id=int(parent)).order_by("-pk").values("pk")[:LATEST]
        return rows.filter(pk__in=list(latest.values_list("pk", flat=True))).order_by("-pk")


class CheckInline(LatestInline):
    model = SourceCheck
    verbose_name_plural = _("latest visits")
    fields = ("at", "outcome", "counted", "http_status", "final_url", "duration_ms", "error")
    readonly_fields = fields


class SnapshotInline(LatestInline):
    model = Snapshot
    verbose_name_plural = _("versions")
    fields = ("taken_at", "title", "language", "size", "truncated", "raw_sha256")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        return super().get_queryset(request).defer("text")


class ChangeInline(LatestInline):
    model = SourceChange
    verbose_name_plural = _("changes")
    fields = ("at", "kind", "before", "after", "processed_at")
    readonly_fields = fields


class SourceForm(ModelForm):
    """A source as a person may change it: its names, and whether a person has settled its availability."""

    settled_as = forms.ChoiceField(
        choices=[("", _("as it is now")), *Availability.choices],
        required=False,
        label=_("settled as"),
        help_text=_("What the availability is, when a person knows better than our robot."),
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Source
        fields = ("title", "publisher", "language", "pinned", "pinned_reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("pinned") and not (cleaned.get("pinned_reason") or "").strip():
            self.add_error("pinned_reason", _("Say why: the reason is shown to the next fact-checker."))
        if cleaned.get("settled_as") and not cleaned.get("pinned"):
            self.add_error("pinned", _("Tick this to settle the availability."))
        if not cleaned.get("pinned"):
            cleaned["pinned_reason"] = ""
        return cleaned


@admin.register(Source)
class SourceAdmin(ModelAdmin):
    form = SourceForm
    list_display = ("named", "state", "availability_since", "host", "last_checked_at", "next_check_at", "pinned")
    list_filter = ("availability", "pinned", "is_demo", "language")
    search_fields = ("title", "canonical_url", "url", "publisher", "host")
    search_help_text = _("Title, address, publisher or host")
    ordering = ("-availability_since", "-pk")
    list_per_page = 50
    show_full_result_count = False
    paginator = InfinitePaginator
    actions = ("recheck_selected",)
    actions_submit_line = ("recheck_now",)
    inlines = (CheckInline, SnapshotInline, ChangeInline)
    readonly_fields = (
        "address", "url", "host", "state_word", "availability_since", "counted_failures", "last_counted_failure_at",
        "last_checked_at", "last_ok_at", "next_check_at", "pending_since", "who_pinned", "is_demo", "created_at",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("address", "title", "publisher", "language")}),
        (
            _("Availability"),
            {"fields": ("state_word", "availability_since", "pinned", "settled_as", "pinned_reason", "who_pinned")},
        ),
        (
            _("Visits"),
            {
                "fields": (
                    "last_checked_at", "last_ok_at", "next_check_at", "pending_since", "counted_failures",
                    "last_counted_failure_at", "url", "host", "is_demo", "created_at",
                )
            },
        ),
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Evidence makes sources."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @display(description=_("source"), ordering="title")  # type: ignore[untyped-decorator]
    def named(self, source: Source) -> str:
        return str(source)

    @display(description=_("availability"), ordering="availability", label=dict(COLOURS))  # type: ignore[untyped-decorator]
    def state(self, source: Source) -> tuple[str, str]:
        return source.availability, source.get_availability_display()

    @admin.display(description=_("availability"))
    def state_word(self, source: Source) -> str:
        return source.get_availability_display()

    @admin.display(description=_("pinned by"))
    def who_pinned(self, source: Source) -> str:
        """By name alone: Django would link to the person's page, which administrators alone may open."""
        return str(source.pinned_by or "")

    @admin.display(description=_("canonical URL"))
    def address(self, source: Source) -> SafeString:
        return format_html(
            '<a href="{0}" rel="noopener noreferrer nofollow" target="_blank">{0}</a>', source.canonical_url
        )

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
        messages.success(request, _("The next sweep visits it, as soon as it is its host's turn."))

    @admin.action(description=_("Recheck now"), permissions=["change"])
    def recheck_selected(self, request: HttpRequest, chosen: QuerySet[Source]) -> None:
        sources = list(chosen)
        for source in sources:
            services.make_due(source)
        count = len(sources)
        words = ngettext("%d source is visited by the next sweep.", "%d sources are visited by the next sweeps.", count)
        messages.success(request, words % count)


class Log(ReadOnly, ModelAdmin):
    """A long list that only grows: newest first, never counted."""

    list_select_related = ("source",)
    list_per_page = 50
    show_full_result_count = False
    paginator = InfinitePaginator
    ordering = ("-pk",)
    actions = None


@admin.register(SourceCheck)
class SourceCheckAdmin(Log):
    list_display = ("at", "source", "outcome", "counted", "http_status", "duration_ms", "error")
    list_filter = ("outcome", "counted")


@admin.register(Snapshot)
class SnapshotAdmin(Log):
    list_display = ("taken_at", "source", "title", "language", "size", "truncated")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        match = request.resolver_match
        rows = super().get_queryset(request)
        return rows if match and "object_id" in match.kwargs else rows.defer("text")


@admin.register(Upload)
class UploadAdmin(ReadOnly, ModelAdmin):
    list_display = ("name", "media_type", "size", "uploaded_at", "sha256")
    search_fields = ("name", "sha256")
    list_per_page = 50
    show_full_result_count = False
    paginator = InfinitePaginator
    actions = None
