"""What is on record: looked at here, written by services alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from claims.admin.base import ReadOnlyAdmin
from claims.admin.on_record import shown_changes
from claims.admin.searching import claim_keys
from claims.models import Activity, Claim, Event, Review, User, Verdict, VerdictVersion, Withholding
from claims.models.history import ACTIVITY_WORDS
from claims.models.reviews import REVIEW_WORDS
from claims.rendering.told import in_words
from sources.admin.quick import ByValue
from sources.finding import holding

# Of the claims that hold the words, those whose record is shown.
NEWEST_CLAIMS = 200


def claim_link(claim: Claim | None) -> SafeString | str:
    if claim is None:
        return ""
    return format_html(
        '<a class="text-link" href="{}">{}</a>', reverse("admin:claims_claim_change", args=[claim.pk]), claim
    )


def name_in(field: str, label: Any) -> Callable[[ReadOnlyAdmin, Any], str]:
    """The person in this field, by name alone: their own page, which Django would link, is the administrators'."""

    @admin.display(description=label)
    def name(page: ReadOnlyAdmin, row: Any) -> str:
        return str(getattr(row, field) or "")

    return name


@admin.register(Verdict)
class VerdictAdmin(ReadOnlyAdmin):
    list_display = ("claim", "status", "rating", "published_at", "updated_at")
    list_filter = ("status", ("published_at", admin.DateFieldListFilter))
    search_fields = ("claim__text", "claim__public_id")
    sortable_by = ("published_at", "updated_at")
    search_order = ("-published_at", "-pk")
    fields = ("on_claim", "status", "rating", "published_at", "updated_at", "status_reason", "status_since", "versions")
    readonly_fields = ("on_claim", "rating", "versions")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Verdict]:
        return Verdict.objects.select_related("claim", "current_version__rating").defer("current_version__content")

    def searched(self, request: HttpRequest, text: str) -> list[QuerySet[Verdict]]:
        return [Verdict.objects.filter(pk__in=claim_keys(text))]

    @admin.display(description=_("claim"))
    def on_claim(self, verdict: Verdict) -> SafeString | str:
        return claim_link(verdict.claim)

    @admin.display(description=_("rating"))
    def rating(self, verdict: Verdict) -> str:
        return str(verdict.current_version.rating) if verdict.current_version else ""

    @admin.display(description=_("versions"))
    def versions(self, verdict: Verdict) -> int:
        return verdict.versions.count()


@admin.register(VerdictVersion)
class VerdictVersionAdmin(ReadOnlyAdmin):
    list_display = ("verdict", "number", "rating", "author", "approved_by", "published_at")
    list_filter = ("rating",)
    search_fields = ("verdict__claim__text", "verdict__claim__public_id")
    sortable_by = ("published_at",)
    search_order = ("-published_at", "-pk")
    fields = (
        "verdict", "number", "rating", "written_by", "second_person", "second_review_required", "vouched_by",
        "imported", "correction_kind", "correction_reason", "published_at", "checklist",
        "content_digest", "shown_content",
    )  # fmt: skip
    readonly_fields = ("shown_content", "checklist", "written_by", "second_person", "vouched_by")
    written_by = name_in("author", _("author"))
    second_person = name_in("approved_by", _("approved by"))
    vouched_by = name_in("unchecked_acknowledged_by", _("vouched for a page nobody captured"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[VerdictVersion]:
        rows = VerdictVersion.objects.select_related("verdict__claim", "rating", "author", "approved_by")
        return rows.order_by("-published_at")

    def searched(self, request: HttpRequest, text: str) -> list[QuerySet[VerdictVersion]]:
        return [VerdictVersion.objects.filter(verdict__in=claim_keys(text))]

    @admin.display(description=_("ticked on the checklist"))
    def checklist(self, version: VerdictVersion) -> SafeString:
        ticks = version.ticks.select_related("by")
        return format_html_join(mark_safe("<br>"), "{} ({}, {})", ((t.text, t.by, t.at.date()) for t in ticks))

    @admin.display(description=_("content"))
    def shown_content(self, version: VerdictVersion) -> SafeString:
        return _as_lines(version.content)


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = ("reason", "on_claim", "opened_at", "opened_by", "closed_at", "outcome")
    list_filter = (("closed_at", admin.EmptyFieldListFilter), "outcome")
    search_fields = ("reason", "verdict__claim__text")
    sortable_by = ("opened_at",)
    search_order = ("-opened_at", "-pk")
    fields = ("on_claim", "reason", "opened_at", "who_opened", "closed_at", "who_closed", "outcome", "note")
    readonly_fields = ("on_claim", "who_opened", "who_closed")
    who_opened = name_in("opened_by", _("opened by"))
    who_closed = name_in("closed_by", _("closed by"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        return Review.objects.select_related("verdict__claim", "opened_by", "closed_by")

    def searched(self, request: HttpRequest, text: str) -> list[QuerySet[Review]]:
        return [
            holding(Review.objects.all(), REVIEW_WORDS, text),
            Review.objects.filter(verdict__in=claim_keys(text)),
        ]

    @admin.display(description=_("claim"))
    def on_claim(self, review: Review) -> SafeString | str:
        return claim_link(review.verdict.claim)


@admin.register(Withholding)
class WithholdingAdmin(ReadOnlyAdmin):
    list_display = ("legal_basis", "on_claim", "proposed_by", "proposed_at", "confirmed_by", "confirmed_at")
    search_fields = ("legal_basis", "claim__public_id")
    fields = (
        "on_claim", "legal_basis", "reason", "who_proposed", "proposed_at", "who_confirmed", "confirmed_at",
        "who_withdrew", "withdrawn_at",
    )  # fmt: skip
    readonly_fields = ("on_claim", "who_proposed", "who_confirmed", "who_withdrew")
    who_proposed = name_in("proposed_by", _("proposed by"))
    who_confirmed = name_in("confirmed_by", _("confirmed by"))
    who_withdrew = name_in("withdrawn_by", _("withdrawn by"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Withholding]:
        return Withholding.objects.select_related("claim", "proposed_by", "confirmed_by", "withdrawn_by")

    @admin.display(description=_("claim"))
    def on_claim(self, withholding: Withholding) -> SafeString | str:
        return claim_link(withholding.claim)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("sequence", "type", "on_claim", "version", "at")
    list_filter = ("type",)
    search_fields = ("event_id", "claim__public_id")
    search_help_text = _("The id of an event, or of a claim, in full")
    sortable_by = ("sequence",)
    ordering = ("-sequence",)
    fields = ("sequence", "event_id", "type", "at", "on_claim", "version", "shown_entry", "previous_hash", "hash")
    readonly_fields = ("on_claim", "shown_entry")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return Event.objects.select_related("claim")

    def searched(self, request: HttpRequest, text: str) -> list[QuerySet[Event]]:
        return [Event.objects.filter(event_id=text), Event.objects.filter(claim__public_id=text)]

    @admin.display(description=_("claim"))
    def on_claim(self, event: Event) -> SafeString | str:
        return claim_link(event.claim)

    @admin.display(description=_("entry"))
    def shown_entry(self, event: Event) -> SafeString:
        return _as_lines(event.entry)


class ByAction(ByValue):
    title = _("action")
    column = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, in_words(value)) for value, _said in super().lookups(request, model_admin)]


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "done", "on_claim", "detail")
    list_filter = (ByAction,)
    search_fields = ("claim__text", "detail", "actor__username")
    search_help_text = _("Words of the claim or of the detail, or somebody's user name")
    sortable_by = ("at",)
    search_order = ("-at", "-pk")
    fields = ("at", "who", "done", "on_claim", "detail", "about_name", "from_to")
    readonly_fields = ("on_claim", "who", "done", "from_to")
    who = name_in("actor", _("who"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        return Activity.objects.select_related("claim", "actor")

    def searched(self, request: HttpRequest, text: str) -> list[QuerySet[Activity]]:
        person = User.objects.filter(username__iexact=text).values_list("pk", flat=True)
        return [
            holding(Activity.objects.all(), ACTIVITY_WORDS, text),
            Activity.objects.filter(claim__in=claim_keys(text)[:NEWEST_CLAIMS]),
            Activity.objects.filter(actor__in=list(person)),
        ]

    @admin.display(description=_("what"))
    def done(self, activity: Activity) -> str:
        return in_words(activity.action)

    @admin.display(description=_("from what to what"))
    def from_to(self, activity: Activity) -> str:
        return render_to_string("claims/desk/from_to.html", {"changes": shown_changes(activity)})

    @admin.display(description=_("claim"))
    def on_claim(self, activity: Activity) -> SafeString | str:
        return claim_link(activity.claim)


def _as_lines(text: str) -> SafeString:
    """Stored JSON, laid out to be read; the stored bytes stay as they are."""
    try:
        shown = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        shown = text
    return format_html('<pre class="desk-pre">{}</pre>', shown)
