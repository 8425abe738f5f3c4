"""The rows below a claim that say where it appeared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from claims.admin.base import InlineFormSet
from claims.admin.forms import RowForm
from claims.admin.meanwhile import rewrite
from claims.knowing import Uses, uses_of
from claims.models import Appearance


class AppearanceForm(RowForm):
    anchor = "url"

    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "url"}),
        help_text=_("Full address of the post, page or video."),
    )
    # The address whose other uses this form has told of.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Appearance
        fields = ("url", "platform", "published_on", "audience", "is_first")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "url" in self.fields:
            self.fields["url"].disabled = True

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - {"seen"})

    def clean(self) -> dict[str, Any]:
        """Says once which claims have the page already: it may be the same claim."""
        cleaned = super().clean()
        url = cleaned.get("url")
        if url and not self.instance.pk and cleaned.get("seen") != url:
            uses = uses_of(url, besides=self.instance.claim_id)
            if uses:
                rewrite(self, self.add_prefix("seen"), url)
                self.add_error("url", told_of(uses))
        return cleaned


def told_of(uses: Uses) -> SafeString:
    """That a page is known, with a link to each claim it is known from."""
    claims = {claim.pk: claim for claim in (*uses.appears_in, *uses.evidence_of)}.values()
    links = format_html_join(
        ", ",
        '<a href="{}">{}</a>',
        ((reverse("admin:claims_claim_change", args=[claim.pk]), str(claim)) for claim in claims),
    )
    told = _("This page is known already from the claims linked here. If yours is another claim, save again.")
    return format_html("{} {}", told, links)


class AppearanceFormSet(InlineFormSet):
    def clean(self) -> None:
        super().clean()
        first = [
            form for form in self.forms if form.cleaned_data.get("is_first") and not form.cleaned_data.get("DELETE")
        ]
        if len(first) > 1:
            first[-1].add_error("is_first", _("There is one first appearance: untick the other."))
