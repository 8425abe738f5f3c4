"""The delivery log: every event on its way to every endpoint, each attempt and what came back. Never written here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims.admin.base import ReadOnlyAdmin, TabularInline
from claims.admin.records import claim_link
from claims.models import Claim, Event
from feed.choices import DeliveryState
from feed.models import Attempt, Delivery, Endpoint
from sources.finding import is_id

TONES = {DeliveryState.WAITING: "info", DeliveryState.DELIVERED: "good", DeliveryState.DEAD: "alarm"}
# Endpoints the filter names; more are found by searching.
NAMED = 50

if TYPE_CHECKING:
    Rows = QuerySet[Delivery]


def to_the_second(at: datetime | None) -> str:
    """In UTC, as receivers' logs have it; attempts follow each other within seconds."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if at else ""


class OfEndpoint(admin.SimpleListFilter):
    title = _("endpoint")
    parameter_name = "endpoint"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in Endpoint.objects.values_list("pk", "name")[:NAMED]]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        key = self.value() or ""
        return queryset.filter(endpoint=int(key)) if is_id(key) else queryset


class AttemptInline(TabularInline):
    model = Attempt
    extra = 0
    fields = ("moment", "status", "milliseconds", "error", "answer")
    readonly_fields = ("moment",)
    hide_title = True
    can_delete = False
    show_change_link = False
    verbose_name_plural = _("attempts, newest first")

    @admin.display(description=_("at (UTC)"))
    def moment(self, attempt: Attempt) -> str:
        return to_the_second(attempt.at)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Part of its delivery's page."""
        return bool(request.user.has_perm("feed.view_delivery"))


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("numbered", "kind", "endpoint", "in_state", "hurried", "attempts_made", "last_tried", "said")
    list_display_links = ("numbered",)
    list_filter = ("state", "urgent", OfEndpoint, "event__type")
    search_fields = ("endpoint__name", "event__event_id", "event__claim__public_id")
    sortable_by = ("numbered",)
    search_help_text = _("Endpoint, id of the event (webhook-id), or id of the claim")
    fields = (
        "kind", "numbered", "on_claim", "endpoint", "in_state", "hurried", "queued_at", "attempts_made",
        "last_tried", "tried_next", "settled_at",
    )  # fmt: skip
    readonly_fields = ("kind", "numbered", "on_claim", "in_state", "hurried", "last_tried", "tried_next")
    inlines = (AttemptInline,)
    change_form_outer_before_template = "feed/desk/delivery.html"

    def get_queryset(self, request: HttpRequest) -> Rows:
        last = Attempt.objects.filter(delivery=OuterRef("pk")).order_by("-at", "-pk")
        rows = Delivery.objects.select_related("endpoint", "event__claim").defer("event__entry")
        return rows.annotate(last_error=Subquery(last.values("error")[:1]))

    def searched(self, request: HttpRequest, text: str) -> list[Rows]:
        endpoints = Endpoint.objects.filter(name__icontains=text).values_list("pk", flat=True)[:NAMED]
        events = Event.objects.filter(Q(event_id=text) | Q(claim__in=Claim.objects.filter(public_id=text)))
        rows = Delivery.objects.all()
        return [
            rows.filter(endpoint__in=list(endpoints)),
            rows.filter(event__in=list(events.order_by().values_list("pk", flat=True))),
        ]

    @admin.display(description=_("event"), ordering="event")
    def numbered(self, delivery: Delivery) -> str:
        return f"{delivery.event_id}"

    @admin.display(description=_("kind"))
    def kind(self, delivery: Delivery) -> str:
        return delivery.event.type

    @admin.display(description=_("claim"))
    def on_claim(self, delivery: Delivery) -> SafeString | str:
        return claim_link(delivery.event.claim)

    @admin.display(description=_("state"), ordering="state")
    def in_state(self, delivery: Delivery) -> SafeString:
        tone = TONES[DeliveryState(delivery.state)]
        return format_html('<span class="desk-label desk-{}">{}</span>', tone, delivery.get_state_display())

    @admin.display(description=_("at once"), ordering="urgent")
    def hurried(self, delivery: Delivery) -> str:
        return str(_("overtakes what waits")) if delivery.urgent else ""

    @admin.display(description=_("last attempt (UTC)"), ordering="last_attempt_at")
    def last_tried(self, delivery: Delivery) -> str:
        return to_the_second(delivery.last_attempt_at)

    @admin.display(description=_("next attempt (UTC)"), ordering="next_attempt_at")
    def tried_next(self, delivery: Delivery) -> str:
        return to_the_second(delivery.next_attempt_at)

    @admin.display(description=_("what went wrong last"))
    def said(self, delivery: Any) -> str:
        return delivery.last_error or ""
