"""The forms with which evidence is picked: first the page, then a passage of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminNullBooleanSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from claims.admin.base import ModelForm
from claims.choices import Origin, Stance
from claims.models import Evidence

# Ticked sentences are sent as "start-end"; more than this is no quote.
MOST_TICKED = 200


class PageForm(forms.Form):
    url = forms.CharField(
        label=_("Address of the page"),
        max_length=2000,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "url", "placeholder": "https://", "autofocus": True}),
        help_text=_("The page that says it. It is captured at once and re-checked for ever; then pick the passage."),
    )


class PassageForm(ModelForm):
    """`sentence`: the ticked ones, each as "start-end" in the capture's text. The first and the last are the ends of
    the passage; without any, what stands in `quote` is taken."""

    load_bearing = forms.NullBooleanField(
        label=_("Load-bearing"),
        required=False,
        widget=UnfoldAdminNullBooleanSelectWidget,
        help_text=_("The verdict rests on it: if the passage changes, a review opens."),
    )

    class Meta:
        model = Evidence
        fields = (
            "quote", "stance", "load_bearing", "origin", "note",
            "quantity_as_stated", "quantity_low", "quantity_high", "quantity_unit",
        )  # fmt: skip
        widgets = {
            "quote": UnfoldAdminTextareaWidget(attrs={"rows": 4}),
            "stance": UnfoldAdminSelectWidget,
            "origin": UnfoldAdminSelectWidget,
            "note": UnfoldAdminTextareaWidget(attrs={"rows": 2}),
            "quantity_as_stated": UnfoldAdminTextInputWidget,
            "quantity_low": UnfoldAdminDecimalFieldWidget,
            "quantity_high": UnfoldAdminDecimalFieldWidget,
            "quantity_unit": UnfoldAdminTextInputWidget,
        }

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        by_stance = [("unknown", _("Yes, unless it is context")), ("true", _("Yes")), ("false", _("No"))]
        self.fields["load_bearing"].widget.choices = by_stance
        # No stance is likelier than another: whoever attaches evidence says it.
        self.fields["stance"].choices = [("", _("Choose")), *Stance.choices]  # type: ignore[attr-defined]
        self.fields["origin"].choices = [("", _("Not said")), *Origin.choices]  # type: ignore[attr-defined]
        self.fields["quote"].help_text = _(
            "What is ticked or selected in the page goes here by itself. You can also paste the passage, word for word."
        )

    @property
    def ticked(self) -> tuple[int, int] | None:
        """From where to where the ticked sentences reach in the capture's text."""
        ends = self.each_ticked
        return (min(start for start, _end in ends), max(end for _start, end in ends)) if ends else None

    @property
    def each_ticked(self) -> list[tuple[int, int]]:
        """Each ticked sentence by itself, in the order of the page."""
        ends = set()
        sent = self.data.getlist("sentence") if isinstance(self.data, QueryDict) else []
        for value in sent[:MOST_TICKED]:
            start, _dash, end = value.partition("-")
            if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit() and len(value) < 30):
                continue
            ends.add((int(start), int(end)))
        return sorted(ends)

    def _post_clean(self) -> None:
        """The service judges the row as a whole: here it is incomplete, without its page."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.ticked and not (cleaned.get("quote") or "").strip() and "quote" not in self.errors:
            self.add_error("quote", _("Tick the sentences to quote, or paste the passage here."))
        return cleaned
