"""What the claim page saves, row by row, through services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from claims import services
from claims.admin.base import InlineFormSet
from claims.admin.forms import ClaimForm, EvidenceForm
from claims.admin.refusals import Refusals
from claims.admin.wording import number_in, quote_told
from claims.choices import EvidenceKind
from claims.models import Appearance, Claim, Evidence, Translation, User

QUANTITY = ("quantity_as_stated", "quantity_low", "quantity_high", "quantity_unit")
CLAIM_FIELDS = ("text", "language", "claimant", "made_on", "location", *QUANTITY)
EVIDENCE_FIELDS = ("kind", "stance", "load_bearing", "origin", "quote", "note", "description", "position", *QUANTITY)
APPEARANCE_FIELDS = ("platform", "published_on", "audience", "is_first")


def save_claim(form: ClaimForm, *, by: User, change: bool) -> Claim:
    """Raises what log_claim and update_claim raise."""
    cleaned = form.cleaned_data
    fields = {name: cleaned[name] for name in CLAIM_FIELDS if name in cleaned}
    if not change:
        text, topics = fields.pop("text"), cleaned.get("topics", ())
        return services.log_claim(text, by=by, topics=topics, public_id=form.id_to_be(), **fields)
    return services.update_claim(
        form.instance,
        by=by,
        expected_revision=cleaned["expected_revision"],
        topics=cleaned.get("topics"),
        **fields,
    )


class Rows:
    """Saves the rows of one formset and remembers what Django's own record of the change wants to know."""

    def __init__(self, claim: Claim, formset: InlineFormSet, refusals: Refusals, *, by: User) -> None:
        self.claim, self.formset, self.refusals, self.by = claim, formset, refusals, by
        self.warnings: list[str] = []
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []

    def save(self) -> None:
        savers: dict[Any, Callable[[Any], None]] = {
            Evidence: self._evidence,
            Appearance: self._appearance,
            Translation: self._translation,
        }
        saver = savers[self.formset.model]
        for form in self._in_order():
            with self.refusals.catch(form.prefix or ""):
                saver(form)

    def _in_order(self) -> list[Any]:
        """Removed ones, then changed, then new; the row that becomes the first appearance last."""
        rows = [form for form in self.formset.forms if form.has_changed()]
        return sorted(
            rows,
            key=lambda form: (
                not form.cleaned_data.get("DELETE"),
                bool(form.cleaned_data.get("is_first")),
                form.instance.pk is None,
            ),
        )

    def _evidence(self, form: EvidenceForm) -> None:
        row, cleaned = form.instance, form.cleaned_data
        row.claim = self.claim
        if row.pk and cleaned.get("drop"):
            services.drop_evidence(row, by=self.by)
            self._note(form, deleted=True)
        elif row.pk and cleaned.get("take_nearest"):
            self._tell(self._take_nearest(form))
            self._note(form)
        elif row.pk:
            self._tell(self._change(row, form, _changed(form, EVIDENCE_FIELDS)))
            self._note(form)
        else:
            fields = {name: cleaned[name] for name in EVIDENCE_FIELDS}
            file = _content(cleaned) if cleaned["kind"] == EvidenceKind.FILE else None
            made = services.attach_evidence(self.claim, by=self.by, url=cleaned["url"], file=file, **fields)
            self.formset.new_objects.append(made)
            self._tell(made)

    def _take_nearest(self, form: EvidenceForm) -> Evidence:
        """The page's words become the quote; whatever else was written in the row is kept."""
        before = Evidence.objects.get(pk=form.instance.pk)
        row = services.requote(before, by=self.by, quote=before.quote_found)
        rest = {name: value for name, value in _changed(form, EVIDENCE_FIELDS).items() if name != "quote"}
        if rest:
            row = self._change(row, form, rest)
        if before.quantity and not row.quantity:
            self.warnings.append(
                _("A number in the quote changed, so the number entered for it (%(number)s) was taken out. "
                  "Enter the new one under “Number and order”.")
                % {"number": number_in(before)}
            )  # fmt: skip
        return row

    def _change(self, row: Evidence, form: EvidenceForm, fields: dict[str, Any]) -> Evidence:
        url = form.cleaned_data["url"] if "url" in form.changed_data else None
        return services.change_evidence(row, by=self.by, url=url, **fields)

    def _tell(self, row: Evidence) -> None:
        """A quote that is not on the page is kept, and said at once, with what the page says nearest to it."""
        well, told = quote_told(row)
        if not well:
            self.warnings.append(told)

    def _appearance(self, form: Any) -> None:
        row, cleaned = form.instance, form.cleaned_data
        row.claim = self.claim
        if row.pk and cleaned.get("DELETE"):
            services.remove_appearance(row, by=self.by)
            self._note(form, deleted=True)
        elif row.pk:
            services.change_appearance(row, by=self.by, **_changed(form, APPEARANCE_FIELDS))
            self._note(form)
        elif not cleaned.get("DELETE"):
            fields = {name: cleaned[name] for name in APPEARANCE_FIELDS}
            made = services.add_appearance(self.claim, url=cleaned["url"], by=self.by, **fields)
            self.formset.new_objects.append(made)

    def _translation(self, form: Any) -> None:
        row = form.instance
        row.claim = self.claim
        if row.pk and form.cleaned_data.get("DELETE"):
            services.remove_translation(row, by=self.by)
            self._note(form, deleted=True)
        elif not form.cleaned_data.get("DELETE"):
            is_new = row.pk is None
            services.save_translation(row, by=self.by)
            if is_new:
                self.formset.new_objects.append(row)
            else:
                self._note(form)

    def _note(self, form: Any, *, deleted: bool = False) -> None:
        if deleted:
            self.formset.deleted_objects.append(form.instance)
        else:
            self.formset.changed_objects.append((form.instance, form.changed_data))


def _changed(form: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """What this person changed in the row; the rest may be newer than their page."""
    return {name: form.cleaned_data[name] for name in names if name in form.changed_data}


def _content(cleaned: dict[str, Any]) -> tuple[str, str, bytes]:
    file = cleaned["file"]
    return file.name, file.content_type or "application/octet-stream", file.read()
