"""Who says things, what they are about, and the words we rate with."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims import services
from claims.admin.base import ASSUME_HTTPS, DeskAdmin, ModelForm, TabularInline
from claims.knowing import claimants_found
from claims.models import AudienceFigure, ChecklistItem, Claim, Claimant, ClaimantAccount, Rating, RatingScale, Topic


def counted(rows: QuerySet[Any]) -> Coalesce:
    """How many rows there are of each group, looked up only for what a page of the list shows."""
    return Coalesce(Subquery(rows.annotate(number=Count("*")).values("number")), 0)


def chooses(request: HttpRequest) -> bool:
    """Somebody fills in a form and looks for the row they mean."""
    return request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"


class AccountInline(TabularInline):
    model = ClaimantAccount
    formfield_overrides = ASSUME_HTTPS
    extra = 0
    show_change_link = True


@admin.register(Claimant)
class ClaimantAdmin(DeskAdmin):
    list_display = ("name", "job_title", "how_many")
    sortable_by = ("name",)
    search_fields = ("name", "aliases", "accounts__handle")
    search_help_text = _("Any name or alias, a handle, or the address of an account or of a post")
    inlines = (AccountInline,)
    fields = ("name", "kind", "job_title", "aliases", "same_as", "slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claimant]:
        claims = Claim.objects.filter(claimant=OuterRef("pk")).order_by().values("claimant")
        return Claimant.objects.annotate(claim_count=counted(claims)).order_by("name", "pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By any of their names, in any spelling, and by their accounts; a list to choose from says the other names."""
        found = Claimant.objects.with_other_names().order_by("name", "pk") if chooses(request) else queryset
        return found.filter(pk__in=claimants_found(search_term)) if search_term.strip() else found, False

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

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        services.write_claimant_words([form.instance.pk])


class AudienceInline(TabularInline):
    model = AudienceFigure
    extra = 1
    raw_id_fields = ("source",)


@admin.register(ClaimantAccount)
class ClaimantAccountAdmin(DeskAdmin):
    """Reached from its claimant: the account's audience, day by day."""

    list_display = ("claimant", "platform", "handle")
    sortable_by = ()
    list_select_related = ("claimant",)
    search_fields = ("claimant__name", "handle")
    autocomplete_fields = ("claimant",)
    inlines = (AudienceInline,)

    def searched(self, request: HttpRequest, text: str) -> list[QuerySet[ClaimantAccount]]:
        """Of the claimants who are found, in any spelling, by a name or a handle."""
        return [ClaimantAccount.objects.filter(claimant__in=claimants_found(text))]

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Off the front page: accounts are found at their claimant."""
        return {}


@admin.register(Topic)
class TopicAdmin(DeskAdmin):
    list_display = ("name", "slug", "how_many")
    sortable_by = ("name", "slug")
    search_fields = ("name",)
    fields = ("name", "slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        claims = Claim.topics.through.objects.filter(topic=OuterRef("pk")).order_by().values("topic")
        return Topic.objects.annotate(claim_count=counted(claims)).order_by("name")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Nobody who chooses a topic waits for its claims to be counted."""
        return super().get_search_results(
            request, Topic.objects.order_by("name") if chooses(request) else queryset, search_term
        )

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


@admin.register(ChecklistItem)
class ChecklistItemAdmin(DeskAdmin):
    """The methodology's checklist. Points are switched off, never deleted: published versions were ticked by them."""

    list_display = ("text", "required", "is_active", "position")
    list_filter = ("required", "is_active")
    search_fields = ("text",)
    fields = ("text", "help", "translations", ("required", "is_active"), "position")


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
