"""The claim on the desk: list, form, and the way to its workflow steps."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import IntegrityError
from django.db.models import Exists, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims import services
from claims.admin.actions import ACTIONS
from claims.admin.base import DeskAdmin, person
from claims.admin.bulk import BULK_ACTIONS
from claims.admin.files import evidence_file
from claims.admin.filters import (
    DisturbedFilter,
    FileFilter,
    LanguageFilter,
    PlaceFilter,
    RatingFilter,
    SourceFilter,
    WhoFilter,
    disturbed_evidence,
)
from claims.admin.forms import ClaimForm
from claims.admin.inlines import QUANTITY_FIELDS, AppearanceInline, EvidenceInline, TranslationInline
from claims.admin.inside_steps import strike_view
from claims.admin.markup import markup_page
from claims.admin.once import LoggedAlready, refuse_twice
from claims.admin.overview import overview
from claims.admin.places import draft_of, places_of, rating_of, verdict_of
from claims.admin.reading import still_public
from claims.admin.refusals import Refused, refusals
from claims.admin.saving import Rows, save_claim
from claims.admin.searching import NEWEST, claims_found
from claims.admin.steps import action_view, draft_view, page_of
from claims.admin.warc import claim_warc
from claims.admin.wording import NEVER_ON_PAGE
from claims.admin.writing_urls import writing_urls
from claims.choices import VerdictStatus
from claims.models import Claim


@admin.register(Claim)
class ClaimAdmin(DeskAdmin):
    form = ClaimForm
    actions = BULK_ACTIONS
    list_display = ("shown_text", "claimant", "place", "rating", "who", "evidence_marker", "created_on")
    list_display_links = ("shown_text",)
    # The list shortens the words; a file has them whole.
    export_instead = {"shown_text": "text"}
    export_also = ("language", "made_on", "location", *QUANTITY_FIELDS)
    list_filter = (
        PlaceFilter, WhoFilter, DisturbedFilter, RatingFilter, SourceFilter, FileFilter, LanguageFilter,
        ("created_at", admin.DateFieldListFilter),
    )  # fmt: skip
    search_fields = ("text", "claimant__name", "location", "public_id")
    search_help_text = _("Words of the claim, claimant, place, or the id of its public page")
    autocomplete_fields = ("claimant", "topics")
    inlines = (AppearanceInline, EvidenceInline, TranslationInline)
    fieldsets = (
        (None, {"fields": ("text", ("language", "made_on"), ("claimant", "location"), "topics")}),
        (
            _("The number in it"),
            {
                "fields": (QUANTITY_FIELDS[:2], QUANTITY_FIELDS[2:]),
                "description": _(
                    "Only when the claim gives a number: readers see the claimed range beside the evidenced one."
                ),
            },
        ),
    )
    change_form_outer_before_template = "claims/desk/claim_overview.html"
    change_form_before_template = "claims/desk/claim_hidden.html"
    change_form_outer_after_template = "claims/desk/claim_record.html"

    class Media:
        js = (
            "claims/quotes.js", "claims/here.js", "claims/claim_form.js", "claims/numbers.js",
            "claims/evidence_rows.js",
        )  # fmt: skip

    sortable_by = ("created_on",)
    search_order = NEWEST

    # The list.

    def searched(self, request: HttpRequest, text: str) -> list[QuerySet[Claim]]:
        return claims_found(text)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        return (
            Claim.objects.for_desk()
            .select_related("verdict__current_version__rating")
            .defer(
                *("document__body", "document__claimreview", "document__search_text", "document__search_vector"),
                "verdict__current_version__content",
            )
            .annotate(
                changed=Exists(disturbed_evidence().filter(snapshot__isnull=False)),
                misquoted=Exists(disturbed_evidence().filter(snapshot__isnull=True)),
            )
        )

    @admin.display(description=_("claim"), ordering="text")
    def shown_text(self, claim: Claim) -> str:
        return str(claim)

    @admin.display(description=_("stage"))
    def place(self, claim: Claim) -> SafeString:
        return format_html_join(
            " ", '<span class="desk-label desk-{}">{}</span>', ((p.tone, p.label) for p in places_of(claim))
        )

    @admin.display(description=_("rating"))
    def rating(self, claim: Claim) -> str:
        return str(rating_of(claim) or "")

    @admin.display(description=_("who has it"))
    def who(self, claim: Claim) -> str:
        draft = draft_of(claim)
        return str(draft.assigned_to or "") if draft else ""

    @admin.display(description=_("evidence"))
    def evidence_marker(self, claim: Claim) -> SafeString | str:
        if getattr(claim, "changed", False):
            return format_html('<span class="desk-label desk-alarm">{}</span>', _("Passage changed"))
        if getattr(claim, "misquoted", False):
            return format_html('<span class="desk-label desk-alarm">{}</span>', NEVER_ON_PAGE)
        return ""

    @admin.display(description=_("logged"), ordering="created_at")
    def created_on(self, claim: Claim) -> Any:
        return claim.created_at.date()

    # Its page.

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Of what is withheld nothing is left to write."""
        verdict = verdict_of(obj) if isinstance(obj, Claim) else None
        withheld = verdict is not None and verdict.status == VerdictStatus.WITHHELD
        return not withheld and super().has_change_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Claim | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusals = refusals(request)
        return form

    def get_inlines(self, request: HttpRequest, obj: Claim | None) -> Any:
        """Nothing is translated before it is published."""
        inlines = super().get_inlines(request, obj)
        return inlines if obj and obj.is_public else [inline for inline in inlines if inline is not TranslationInline]

    def view_on_site(self, claim: Claim) -> str:
        return claim.get_absolute_url()

    def get_view_on_site_url(self, obj: Model | None = None) -> str | None:
        """Only published claims have a page."""
        return obj.get_absolute_url() if isinstance(obj, Claim) and obj.is_public else None

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Saves, or shows the same request again with what the services refused beside the fields."""
        context = {**(extra_context or {}), **overview(self, request, object_id)}
        if "desk" in context:
            context["still_public"] = still_public(context["desk"]["claim"])
            if request.method == "GET":
                services.note_presence(context["desk"]["claim"], by=person(request), writing=False)
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except LoggedAlready as twice:
            messages.info(request, _("This claim is logged: the form arrived twice."))
            return HttpResponseRedirect(page_of(twice.claim, "change"))
        except Refused:
            for file in request.FILES.values():
                file.seek(0)  # type: ignore[union-attr]
            return super().changeform_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: Claim, form: ClaimForm, change: bool) -> None:
        if change and not form.touched:
            return
        if not change:
            refuse_twice(form, by=person(request))
        try:
            with refusals(request).catch():
                claim = save_claim(form, by=person(request), change=change)
                if not change:
                    # The formsets below hang on this very object.
                    obj.pk, obj._state.adding = claim.pk, False
        except IntegrityError:
            # The same form, sent in the same moment, came first: its transaction has just ended.
            refuse_twice(form, by=person(request))
            raise
        if not obj.pk:
            # Its public id may be refused as taken because the same form has logged its claim meanwhile.
            refuse_twice(form, by=person(request))
            refusals(request).raise_any()

    def save_related(self, request: HttpRequest, form: ClaimForm, formsets: Any, change: bool) -> None:
        claim = Claim.objects.get(pk=form.instance.pk)
        saved = [Rows(claim, formset, refusals(request), by=person(request)) for formset in formsets]
        for rows in saved:
            rows.save()
        refusals(request).raise_any()
        for rows in saved:
            for warning in rows.warnings:
                messages.warning(request, warning)

    def response_post_save_add(self, request: HttpRequest, obj: Claim) -> HttpResponseRedirect:
        return HttpResponseRedirect(page_of(obj, "change"))

    def response_post_save_change(self, request: HttpRequest, obj: Claim) -> HttpResponseRedirect:
        """Back to the claim, where its next step is, not to the list."""
        return HttpResponseRedirect(page_of(obj, "change"))

    # Its steps.

    def get_urls(self) -> list[URLPattern]:
        def step(slug: str) -> URLPattern:
            def view(request: HttpRequest, object_id: int) -> HttpResponse:
                return (
                    draft_view(self, request, object_id)
                    if slug == "draft"
                    else action_view(self, request, object_id, slug)
                )

            return path(
                f"<int:object_id>/{slug}/",
                self.admin_site.admin_view(view),
                name=f"claims_claim_{slug}",
            )

        strike = path(
            "<int:object_id>/note/<int:note_id>/strike/",
            self.admin_site.admin_view(
                lambda request, object_id, note_id: strike_view(self, request, object_id, note_id)
            ),
            name="claims_claim_strike",
        )
        file = path(
            "evidence/<str:public_id>/file/",
            self.admin_site.admin_view(lambda request, public_id: evidence_file(self, request, public_id)),
            name="claims_evidence_file",
        )
        captures = path(
            "<int:object_id>/warc/",
            self.admin_site.admin_view(lambda request, object_id: claim_warc(self, request, object_id)),
            name="claims_claim_warc",
        )
        findings = path(
            "markup/",
            self.admin_site.admin_view(lambda request: markup_page(self, request)),
            name="claims_claim_markup",
        )
        return [
            *(step(slug) for slug in ("draft", *ACTIONS)),
            *writing_urls(self),
            file,
            captures,
            findings,
            strike,
            *super().get_urls(),
        ]
