"""What a person may change about a source."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from sources.choices import Availability
from sources.models import Source

from .base import ModelForm


class SourceForm(ModelForm):
    """A source as a person may change it: its names, and whether a person has settled its availability."""

    settled_as = forms.ChoiceField(
        choices=[("", _("as it is now")), *Availability.choices],
        required=False,
        label=_("Settled as"),
        help_text=_("What the availability is, when a person knows better than our robot."),
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Source
        fields = ("title", "publisher", "language", "pinned", "pinned_reason")
        labels = {"pinned": _("Settled by a person"), "pinned_reason": _("Reason")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("pinned") and not (cleaned.get("pinned_reason") or "").strip():
            self.add_error("pinned_reason", _("Say why: the reason is shown to the next fact-checker."))
        if cleaned.get("settled_as") and not cleaned.get("pinned"):
            self.add_error("pinned", _("Tick this to settle the availability."))
        if not cleaned.get("pinned"):
            cleaned["pinned_reason"] = ""
        return cleaned
