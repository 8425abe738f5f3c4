"""The log page's forms: the claim's and the appearances' as its own page has them, with less beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from claims.admin.inlines import AppearanceInline
from claims.admin.log.values import APPEARANCES, CLAIM, MOST_ROWS, Values, how_many_rows, rows_of
from claims.admin.saving import APPEARANCE_FIELDS
from claims.models import Appearance, Claim
from sources.finding import is_id

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin

MAIN = ("text", "claimant", "made_on", "language", "topics")
FURTHER = ("quantity_as_stated", "quantity_low", "quantity_high", "quantity_unit", "location")


class PastedForm(forms.Form):
    pasted = forms.CharField(
        label=_("Address or text"),
        max_length=100_000,
        help_text=_(
            "Paste the address of the page or post where you saw the claim, or the words of the claim. "
            "A page is captured while you go on."
        ),
        error_messages={"required": _("Paste an address, or the words of the claim.")},
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "autofocus": True}),
    )


@dataclass(frozen=True)
class LogForms:
    """What is shown and what is saved: the claim's form and the rows of its appearances."""

    claim: Any
    rows: Any

    @property
    def main(self) -> list[Any]:
        return [self.claim[name] for name in MAIN if name in self.claim.fields]

    @property
    def further(self) -> list[Any]:
        return [self.claim[name] for name in FURTHER if name in self.claim.fields]

    @property
    def further_is_used(self) -> bool:
        """Something stands in the fields that are folded away, or is wrong with them."""
        return any(field.errors or field.value() for field in self.further)

    @property
    def media(self) -> Any:
        return claim_admin().media + self.claim.media + self.rows.media

    def is_valid(self) -> bool:
        # Both, so that everything wrong is said at once.
        return all([self.claim.is_valid(), self.rows.is_valid()])

    def written_rows(self) -> list[dict[str, Any]]:
        """Of valid rows: what add_appearances() takes."""
        return [
            {name: row.cleaned_data[name] for name in ("url", *APPEARANCE_FIELDS)}
            for row in self.rows.forms
            if row.has_changed() and row.cleaned_data.get("url")
        ]


def claim_admin() -> ClaimAdmin:
    return admin.site.get_model_admin(Claim)  # type: ignore[return-value]


def shown(request: HttpRequest, values: Values, *, more: int = 0) -> LogForms:
    """The forms with these values in them, and so many empty rows more. Nothing is checked yet."""
    number = min(max(how_many_rows(values), 1) + more, MOST_ROWS)
    initial: dict[str, Any] = {name: values[name] for name in (*CLAIM, "ticket") if values.get(name)}
    initial["topics"] = [one for one in values.getlist("topics") if is_id(one)]
    claim = _claim_form(request)()
    # As it was typed, whether it is a number or a day or not.
    claim.initial.update(initial)
    rows = _row_forms(request, number)(
        instance=claim.instance,
        prefix=APPEARANCES,
        queryset=Appearance.objects.none(),
        initial=rows_of(values, number),
    )
    for form in (claim, *rows.forms, rows.empty_form):
        _remember_nothing(form)
    return LogForms(claim, rows)


def sent(request: HttpRequest) -> LogForms:
    """The forms as they were sent."""
    claim = _claim_form(request)(request.POST)
    rows = _row_forms(request, 1)(
        data=request.POST, instance=claim.instance, prefix=APPEARANCES, queryset=Appearance.objects.none()
    )
    for form in (claim, *rows.forms):
        _remember_nothing(form)
    return LogForms(claim, rows)


def _claim_form(request: HttpRequest) -> Any:
    return claim_admin().get_form(request, None, change=False)


def _row_forms(request: HttpRequest, number: int) -> Any:
    inline = AppearanceInline(Claim, admin.site)
    return inline.get_formset(request, None, extra=number, max_num=MOST_ROWS, can_delete=False)


def _remember_nothing(form: Any) -> None:
    """What was suggested and left as it is counts as written: nothing here was saved before."""
    for field in form.fields.values():
        field.show_hidden_initial = False
