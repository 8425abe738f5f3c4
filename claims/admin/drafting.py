"""The form in which a verdict is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from claims.admin.base import ModelForm
from claims.admin.refusals import Refusals, show_conflict
from claims.choices import DraftState
from claims.models import Claim, Draft, Rating


class DraftForm(ModelForm):
    """`expected_revision` is the draft's revision when the form was opened; 0 when there was no draft yet."""

    expected_revision = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": _("The form arrived incomplete: open the page again.")}
    )

    class Meta:
        model = Draft
        fields = (
            "rating", "headline", "summary", "explanation", "language",
            "correction_kind", "correction_reason", "unchecked_acknowledged",
        )  # fmt: skip
        widgets = {
            "rating": UnfoldAdminSelectWidget,
            "headline": UnfoldAdminTextInputWidget,
            "summary": UnfoldAdminTextareaWidget(attrs={"rows": 4}),
            "explanation": UnfoldAdminTextareaWidget(attrs={"rows": 14}),
            "language": UnfoldAdminTextInputWidget,
            "correction_kind": UnfoldAdminSelectWidget,
            "correction_reason": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
            "unchecked_acknowledged": UnfoldBooleanSwitchWidget,
        }

    def __init__(self, data: Any, *, claim: Claim, refusals: Refusals) -> None:
        draft = Draft.objects.filter(claim=claim).first() or Draft(claim_id=claim.pk, language=claim.language)
        super().__init__(data, instance=draft)
        self.all_refusals = refusals
        self.revision = draft.revision if draft.pk else 0
        self.initial["expected_revision"] = self.revision
        ratings = Rating.objects.filter(Q(is_active=True) | Q(pk=draft.rating_id or 0))
        self.fields["rating"].queryset = ratings  # type: ignore[attr-defined]
        if not claim.is_public:
            del self.fields["correction_kind"], self.fields["correction_reason"]
        unchecked = claim.evidence.attached().unchecked_pages().exists()
        if not unchecked and not draft.unchecked_acknowledged:
            del self.fields["unchecked_acknowledged"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.all_refusals.add_to(self)
        if self.all_refusals.conflict:
            show_conflict(self, self.all_refusals.conflict, self.revision)
        return cleaned

    @property
    def is_locked(self) -> bool:
        return self.instance.pk is not None and self.instance.state == DraftState.IN_REVIEW
