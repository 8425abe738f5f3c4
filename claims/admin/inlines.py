"""The rows below a claim."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims.admin.appearance_forms import AppearanceForm, AppearanceFormSet
from claims.admin.base import StackedInline, TabularInline
from claims.admin.forms import EvidenceForm, TranslationForm
from claims.admin.refusals import refusals
from claims.admin.wording import evidence_state
from claims.models import Appearance, Claim, Evidence, Translation, VerdictVersion

QUANTITY_FIELDS = ("quantity_as_stated", "quantity_low", "quantity_high", "quantity_unit")


class RefusalsMixin:
    """Hands the request's refusals to the rows' forms."""

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        formset.form.refusals = refusals(request)
        return formset


class AppearanceInline(RefusalsMixin, TabularInline):
    model = Appearance
    form = AppearanceForm
    formset = AppearanceFormSet
    extra = 1
    hide_title = True
    verbose_name = _("appearance")
    verbose_name_plural = _("where it appeared")

    def has_delete_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        """What is public is corrected, not removed."""
        return super().has_delete_permission(request, obj) and not (obj and obj.is_public)


class EvidenceInline(RefusalsMixin, StackedInline):
    model = Evidence
    form = EvidenceForm
    extra = 1
    # Rows say themselves what leaving them out means; see the form's `drop`.
    can_delete = False
    verbose_name_plural = _("evidence")
    readonly_fields = ("state",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "state",
                    "take_nearest",
                    ("kind", "stance"),
                    ("load_bearing", "origin"),
                    "url",
                    "quote",
                    "file",
                    "description",
                    "note",
                    "drop",
                )
            },
        ),
        (
            _("Number and order"),
            {"fields": (QUANTITY_FIELDS[:2], QUANTITY_FIELDS[2:], "position"), "classes": ("collapse",)},
        ),
    )
    view_fieldsets = (
        (
            None,
            {"fields": ("state", "kind", "stance", "load_bearing", "origin", "description", "note", *QUANTITY_FIELDS)},
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fieldsets if self.has_change_permission(request, obj) else self.view_fieldsets

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        versions = VerdictVersion.evidence.through.objects.filter(evidence_id=OuterRef("pk"))
        return (
            Evidence.objects.attached()
            .select_related("source", "upload")
            .annotate(in_a_version=Exists(versions))
            .order_by("position", "id")
        )

    @staticmethod
    def state(row: Evidence) -> SafeString | str:
        if row._state.adding:
            return str(_("The quote is compared with the page as soon as it is captured."))
        return evidence_state(row)

    state.short_description = _("state")  # type: ignore[attr-defined]


class TranslationInline(RefusalsMixin, StackedInline):
    model = Translation
    form = TranslationForm
    extra = 0
    readonly_fields = ("of_version",)
    fields = ("language", "of_version", "claim_text", "headline", "summary", "explanation")
    verbose_name_plural = _("translations of the verdict")
