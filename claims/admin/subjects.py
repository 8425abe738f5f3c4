"""Who says things, what they are about, and the words we rate with."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims import services
from claims.admin.base import ASSUME_HTTPS, DeskAdmin, ModelForm, TabularInline
from claims.models import AudienceFigure, Claimant, ClaimantAccount, Rating, RatingScale, Topic


class AccountInline(TabularInline):
    model = ClaimantAccount
    formfield_overrides = ASSUME_HTTPS
    extra = 0
    show_change_link = True


@admin.register(Claimant)
class ClaimantAdmin(DeskAdmin):
    list_display = ("name", "job_title", "how_many")
    search_fields = ("name", "aliases")
    inlines = (AccountInline,)
    fields = ("name", "kind", "job_title", "aliases", "same_as", "slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claimant]:
        return Claimant.objects.annotate(claim_count=Count("claims")).order_by("name", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """An address that was given out stays."""
        return ("slug",) if obj else ()

    @admin.display(description=_("claims"), ordering="claim_count")
    def how_many(self, claimant: Claimant) -> int:
        return int(getattr(claimant, "claim_count", 0))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Only somebody no claim names."""
        unused = isinstance(obj, Claimant) and not obj.claims.exists()
        return unused and request.user.has_perm("claims.delete_claimant")

    def save_model(self, request: HttpRequest, obj: Claimant, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"name", "kind", "job_title", "same_as"} & set(form.changed_data):
            services.note_name_change(claimant=obj)


class AudienceInline(TabularInline):
    model = AudienceFigure
    extra = 1
    raw_id_fields = ("source",)


@admin.register(ClaimantAccount)
class ClaimantAccountAdmin(DeskAdmin):
    """Reached from its claimant: the account's audience, day by day."""

    list_display = ("claimant", "platform", "handle")
    list_select_related = ("claimant",)
    search_fields = ("claimant__name", "handle")
    autocomplete_fields = ("claimant",)
    inlines = (AudienceInline,)

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Off the front page: accounts are found at their claimant."""
        return {}


@admin.register(Topic)
class TopicAdmin(DeskAdmin):
    list_display = ("name", "slug", "how_many")
    search_fields = ("name",)
    fields = ("name", "slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        return Topic.objects.annotate(claim_count=Count("claims")).order_by("name")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    @admin.display(description=_("claims"), ordering="claim_count")
    def how_many(self, topic: Topic) -> int:
        return int(getattr(topic, "claim_count", 0))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Only a topic no claim carries."""
        unused = isinstance(obj, Topic) and not obj.claims.exists()
        return unused and request.user.has_perm("claims.delete_topic")

    def save_model(self, request: HttpRequest, obj: Topic, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            services.note_name_change(topic=obj)


@admin.register(RatingScale)
class RatingScaleAdmin(DeskAdmin):
    list_display = ("name", "code", "worst", "best")
    search_fields = ("name",)


@admin.register(Rating)
class RatingAdmin(DeskAdmin):
    list_display = ("name", "code", "value", "tone", "is_active", "position")
    list_filter = ("scale", "is_active")
    search_fields = ("name", "code")
    list_select_related = ("scale",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The feed speaks in codes: one that was used never changes."""
        return ("code",) if obj else ()
