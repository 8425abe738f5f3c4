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

from claims.admin.meanwhile import OpenedForm, tell_of_conflict
from claims.admin.refusals import Refusals
from claims.choices import DraftState
from claims.models import ChecklistItem, ChecklistTick, Claim, Draft, Rating

TICK = "tick_"


class DraftForm(OpenedForm):
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
        self.claim, self.all_refusals = claim, refusals
        self.revision = draft.revision if draft.pk else 0
        self.initial["expected_revision"] = self.revision
        ratings = Rating.objects.filter(Q(is_active=True) | Q(pk=draft.rating_id or 0))
        self.fields["rating"].queryset = ratings  # type: ignore[attr-defined]
        if not claim.is_public:
            del self.fields["correction_kind"], self.fields["correction_reason"]
        unchecked = claim.evidence.attached().unchecked_pages()
        if not draft.unchecked_acknowledged and not unchecked.exists():
            del self.fields["unchecked_acknowledged"]
        elif unchecked.filter(source__last_checked_at__isnull=True).exists():
            self.fields["unchecked_acknowledged"].label = _("Publish although a page is not captured yet")
        self._add_ticks(draft)

    def _add_ticks(self, draft: Draft) -> None:
        """One box for each point of the checklist."""
        rows = draft.ticks.select_related("by") if draft.pk else ChecklistTick.objects.none()
        self.ticks = {tick.item_id: tick for tick in rows}
        self.items = {f"{TICK}{item.pk}": item for item in ChecklistItem.objects.in_use()}
        for name, item in self.items.items():
            box = forms.BooleanField(label=item.shown_text, required=False, help_text=item.shown_help)
            box.show_hidden_initial = not self.is_bound or self.add_initial_prefix(name) in self.data
            self.fields[name] = box
            self.initial[name] = item.pk in self.ticks

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.all_refusals.add_to(self)
        if self.all_refusals.conflict:
            tell_of_conflict(self, self.claim, saved="draft", revision=self.revision)
        return cleaned

    def written_fields(self) -> list[forms.BoundField]:
        """All but the checklist."""
        return [field for field in self.visible_fields() if field.name not in self.items]

    def checklist(self) -> list[dict[str, Any]]:
        """Each point with its box, and who ticked it before."""
        return [
            {"field": self[name], "item": item, "tick": self.ticks.get(item.pk)} for name, item in self.items.items()
        ]

    def changed_ticks(self) -> dict[int, bool]:
        """What this person ticked or unticked, by point. A script that sends no memory of the boxes means none."""
        return {
            item.pk: bool(self.cleaned_data[name])
            for name, item in self.items.items()
            if name in self.changed_data and self.fields[name].show_hidden_initial
        }

    def words(self) -> dict[str, Any]:
        """What a person wrote in the draft's own fields."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in self.items and name != "expected_revision"
        }

    @property
    def is_locked(self) -> bool:
        return self.instance.pk is not None and self.instance.state == DraftState.IN_REVIEW
