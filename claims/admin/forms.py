"""The claim's form and the rows below it. Saving is done by services; see refusals.py for what they refuse."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminNullBooleanSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from claims.admin.base import ModelForm
from claims.admin.log.page import quantities_of
from claims.admin.meanwhile import OpenedForm, tell_of_conflict
from claims.admin.numbers import offer_number
from claims.admin.once import new_ticket, public_id_of
from claims.admin.refusals import Refusals
from claims.choices import EvidenceKind, Stance
from claims.models import Claim, Evidence, Translation
from claims.models.quantities import plain
from sources.identity import new_public_id
from sources.services.uploading import MAX_UPLOAD


def trim_numbers(form: ModelForm) -> None:
    """Show numbers without the zeros the database pads them with."""
    for name in ("quantity_low", "quantity_high"):
        if form.initial.get(name) is not None:
            form.initial[name] = plain(form.initial[name])


class ClaimForm(OpenedForm):
    """`expected_revision` is the claim's revision when the form was opened; see services.update_claim."""

    refusals: ClassVar[Refusals]

    expected_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    ticket = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Claim
        fields = (
            "text", "language", "claimant", "made_on", "location", "topics",
            "quantity_as_stated", "quantity_low", "quantity_high", "quantity_unit",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trim_numbers(self)
        shorten(self, "text", rows=3)
        if self.instance.pk:
            self._tell_numbers()
            self.fields["expected_revision"].required = True
            self.initial["expected_revision"] = self.instance.revision
        else:
            self.initial["ticket"] = new_ticket()

    def _tell_numbers(self) -> None:
        """The numbers in the claim's words, where none is entered yet; a script makes them buttons."""
        claim, field = self.instance, self.fields.get("quantity_as_stated")
        found = quantities_of(claim.text, claim.language) if field and not claim.quantity else []
        if field and found:
            told = _("In the claim: %(numbers)s.") % {"numbers": "; ".join(one.label for one in found)}
            field.help_text = format_html("{} {}", field.help_text, told)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.refusals.add_to(self)
        if self.refusals.conflict:
            tell_of_conflict(self, self.instance, saved="claim", revision=self.instance.revision)
        return cleaned

    @property
    def touched(self) -> bool:
        """Somebody wrote something; the revision that travels along is not writing."""
        return bool(set(self.changed_data) - {"expected_revision", "ticket"})

    def id_to_be(self) -> str:
        """The public id of the claim this form logs; the same however often it is sent."""
        return public_id_of(self.cleaned_data.get("ticket") or "") or new_public_id()


def shorten(form: forms.BaseForm, *names: str, rows: int) -> None:
    """Text boxes of a height that lets the whole form be seen; they grow at their corner."""
    for name in names:
        if name in form.fields:
            form.fields[name].widget.attrs["rows"] = rows


class RowForm(OpenedForm):
    """A row below the claim. What is wrong with a row as a whole is said at its `anchor`: rows have no other place."""

    refusals: ClassVar[Refusals]
    anchor: ClassVar[str]

    def full_clean(self) -> None:
        super().full_clean()
        errors = self.errors
        if errors and self.anchor in self.fields and NON_FIELD_ERRORS in errors:
            whole = errors.pop(NON_FIELD_ERRORS)
            errors.setdefault(self.anchor, self.error_class()).extend(whole)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            self.take_theirs()
        self.refusals.add_to(self, self.prefix or "")
        return cleaned

    def hide(self, *names: str) -> None:
        """Keep a field that has nothing to say in this row out of sight and out of what is sent."""
        for name in names:
            if name in self.fields:
                self.fields[name].widget = forms.HiddenInput()
                self.fields[name].disabled = True
                self.fields[name].required = False
                self.fields[name].show_hidden_initial = False


class TranslationForm(RowForm):
    anchor = "language"

    class Meta:
        model = Translation
        fields = ("language", "claim_text", "headline", "summary", "explanation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shorten(self, "claim_text", "summary", rows=3)


class EvidenceForm(RowForm):
    """One piece of evidence. A published one is shown locked: left out or quoted anew, never edited."""

    anchor = "stance"
    WRITTEN = ("url", "quote", "description", "note", "stance", "file", "quantity_as_stated")

    url = forms.CharField(
        label=_("Address of the page"),
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "url", "placeholder": "https://"}),
        help_text=_("The page that is quoted. It is captured within a minute or two and re-checked for ever."),
    )
    load_bearing = forms.NullBooleanField(
        label=_("Load-bearing"),
        widget=UnfoldAdminNullBooleanSelectWidget,
        help_text=_("The verdict rests on it: if the passage changes, a review opens."),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("A screenshot, PDF or data set, up to 20 MB. Only for the kind “file”."),
    )
    take_nearest = forms.BooleanField(
        label=_("Quote the nearest passage instead"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("Saving replaces the quote by the passage shown above."),
    )
    drop = forms.BooleanField(
        label=_("Remove"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("Nothing published rests on it, so it goes altogether."),
    )

    class Meta:
        model = Evidence
        fields = (
            "kind", "stance", "load_bearing", "origin", "quote", "note", "description", "position",
            "quantity_as_stated", "quantity_low", "quantity_high", "quantity_unit",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trim_numbers(self)
        shorten(self, "quote", "description", "note", rows=3)
        row = self.instance
        if "stance" in self.fields:
            # No stance is likelier than another: whoever attaches evidence says it.
            self.fields["stance"].choices = [("", _("Choose")), *Stance.choices]  # type: ignore[attr-defined]
        if "position" in self.fields:
            self.fields["position"].required = False
        if "load_bearing" in self.fields and not self.fields["load_bearing"].disabled:
            self._offer_load_bearing()
        if row.pk:
            self.initial["url"] = row.source.url if row.source else ""
            self.hide("file")
            offer_number(self, row)
        if not (row.pk and row.is_disturbed and row.quote_found):
            self.hide("take_nearest")
        if not row.pk:
            self.hide("drop")
        elif self.is_published:
            self._lock()

    def _offer_load_bearing(self) -> None:
        by_stance = [("unknown", _("Yes, unless it is context"))] if self.instance._state.adding else []
        self.fields["load_bearing"].widget.choices = [*by_stance, ("true", _("Yes")), ("false", _("No"))]
        if self.instance._state.adding:
            self.initial["load_bearing"] = None

    def clean_load_bearing(self) -> bool:
        """Left open, the stance decides: context carries nothing."""
        said: bool | None = self.cleaned_data["load_bearing"]
        return self.cleaned_data.get("stance") != Stance.CONTEXT if said is None else said

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0

    @property
    def is_published(self) -> bool:
        """A published version rests on it. Annotated by the inline's queryset."""
        return bool(getattr(self.instance, "in_a_version", False))

    def _lock(self) -> None:
        for name, field in self.fields.items():
            if name not in {"drop", "take_nearest", "id", "claim"}:
                field.disabled = True
        told = ["url", "quote"]  # The state above says them.
        self.hide(*told, *(name for name in ("description", "note") if not getattr(self.instance, name)))
        if "drop" in self.fields:
            self.fields["drop"].label = _("Leave out of the next version")
            self.fields["drop"].help_text = _("Versions that rest on it keep it. What is published is never rewritten.")

    def has_changed(self) -> bool:
        """An empty new row is no evidence, whatever its boxes and menus say."""
        if self.instance.pk:
            return super().has_changed()
        return bool(set(self.changed_data) & set(self.WRITTEN))

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file and file.size > MAX_UPLOAD:
            raise forms.ValidationError(_("This file is larger than 20 MB. Attach the part that matters."))
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_published or cleaned.get("drop"):
            return cleaned
        needed: dict[str, list[tuple[str, Any]]] = {
            EvidenceKind.PAGE: [
                ("url", _("Write the address of the page, beginning with https://.")),
                ("quote", _("Copy the passage from the page, word for word.")),
            ],
            EvidenceKind.OFFLINE: [("description", _("Describe it: who, when, where, how we know."))],
            EvidenceKind.FILE: [] if self.instance.upload_id else [("file", _("Choose the file."))],
        }
        for name, message in needed.get(cleaned.get("kind", ""), []):
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, message)
        return cleaned
