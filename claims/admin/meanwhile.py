"""Two people, one form: who changed what since it was opened.

A form carries, hidden beside each field, what it showed when it was opened. Three values then tell whose change a
difference is: what was shown, what this person sends, what is saved by now.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Manager
from django.utils.translation import gettext as _

from claims.admin.base import ModelForm
from claims.models import Claim


class OpenedForm(ModelForm):
    """Remembers what it showed. A script that sends no memory is compared with what is saved, as Django does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        remembers = not self.is_bound or any(self.add_initial_prefix(name) in self.data for name in self.fields)
        for field in self.fields.values():
            field.show_hidden_initial = remembers and may_be_remembered(field)

    def take_theirs(self) -> tuple[list[str], list[str]]:
        """Bring the form up to what is saved by now. Call from clean(), while the instance still is what is saved.

        A field only somebody else changed shows theirs; one that both changed keeps this person's words and gets an
        error that quotes theirs. Returns the labels of both kinds. Saving the form again then is a decision.
        """
        taken, contested = [], []
        for name, field in self.fields.items():
            theirs = self.get_initial_for_field(field, name)
            if not may_be_remembered(field) or name == "expected_revision" or same(field, self._shown(name), theirs):
                continue
            if name in self.changed_data and not same(field, self[name].data, theirs):
                contested.append(str(field.label))
                told = _("Saved meanwhile: “%(saved)s”. Yours is kept; saving again replaces theirs.")
                self.add_error(name, told % {"saved": in_words(self, name)})
            elif name not in self.changed_data:
                taken.append(str(field.label))
                self.cleaned_data[name] = field.to_python(field.prepare_value(theirs))
                rewrite(self, self.add_prefix(name), field.prepare_value(theirs))
            rewrite(self, self.add_initial_prefix(name), field.prepare_value(theirs))
        return taken, contested

    def _shown(self, name: str) -> Any:
        field, sent = self.fields[name], self.add_initial_prefix(name)
        if field.show_hidden_initial:
            return field.hidden_widget().value_from_datadict(self.data, self.files, sent)
        return None if name in self.changed_data else self.get_initial_for_field(field, name)


def may_be_remembered(field: forms.Field) -> bool:
    return not (field.disabled or field.widget.is_hidden or isinstance(field, forms.FileField))


def tell_of_conflict(form: OpenedForm, claim: Claim, *, saved: str, revision: int) -> None:
    """Somebody saved first: say who, what of theirs the form took over, and what both changed.

    `saved` is what they saved, as the record names it: "claim" or "draft".
    """
    taken, contested = form.take_theirs()
    last = claim.activities.filter(action=f"changed the {saved}").select_related("actor").first()
    who = str(last.actor) if last and last.actor else _("Somebody else")
    what = {"claim": _("this claim"), "draft": _("this draft")}[saved]
    told = [_("%(who)s saved %(what)s while you were editing.") % {"who": who, "what": what}]
    if taken:
        told.append(_("Theirs is in the form now where you had changed nothing: %s.") % ", ".join(taken))
    if contested:
        told.append(_("Both of you changed: %s. See below.") % ", ".join(contested))
    told.append(_("Save again to keep the page as you see it."))
    form.add_error(None, " ".join(told))
    rewrite(form, form.add_prefix("expected_revision"), revision)


def rewrite(form: forms.BaseForm, name: str, value: Any) -> None:
    """What a bound form shows under this name when it comes back."""
    data = form.data.copy()  # type: ignore[attr-defined]
    data.setlist(name, [_sent(one) for one in value] if isinstance(value, list) else [_sent(value)])
    form.data = data


def same(field: forms.Field, one: Any, other: Any) -> bool:
    return bool(_plain(field.prepare_value(one)) == _plain(field.prepare_value(other)))


def _plain(value: Any) -> Any:
    """As a browser would send it, whatever it does to line ends."""
    if isinstance(value, (list, tuple, set)):
        return sorted(map(str, value))
    return _sent(value).replace("\r\n", "\n").strip()


def _sent(value: Any) -> str:
    return "" if value is None else str(value)


def in_words(form: ModelForm, name: str) -> str:
    """What is saved in this field, for people."""
    display = getattr(form.instance, f"get_{name}_display", None)
    value: Any = display() if display else getattr(form.instance, name, form.initial.get(name))
    if isinstance(value, Manager):
        value = ", ".join(map(str, value.all()))
    return _("(empty)") if value in (None, "") else str(value)
