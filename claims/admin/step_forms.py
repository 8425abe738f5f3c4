"""What the steps of the workflow ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldBooleanSwitchWidget

from claims.admin.meanwhile import rewrite
from claims.admin.places import draft_of
from claims.choices import CorrectionKind, Role
from claims.models import Claim, Draft, User
from claims.services.reading import is_read_by_another


class StepForm(forms.Form):
    """A form that asks for nothing but the button."""

    def __init__(self, *args: Any, claim: Claim, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claim, self.user = claim, user


def words(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}))


class AssignForm(StepForm):
    to = forms.ModelChoiceField(
        queryset=User.objects.none(), required=False, label=_("To"), widget=UnfoldAdminSelectWidget,
        help_text=_("Who works on it from now on. Empty: you."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_check = User.objects.filter(is_active=True).exclude(role=Role.OBSERVER, is_superuser=False)
        self.fields["to"].queryset = may_check.order_by("username")  # type: ignore[attr-defined]
        self.initial["to"] = self.user.pk


class SendBackForm(StepForm):
    because = words(_("What should change"), _("The author sees this on the claim."))


class ApproveForm(StepForm):
    """`read` is the state of the draft this page showed: nobody approves words they have not seen.

    `meanwhile` is asked only while a colleague reads the draft, so that nobody publishes over their shoulder unawares.
    """

    read = forms.CharField(required=False, widget=forms.HiddenInput)
    meanwhile = forms.BooleanField(
        label=_("Publish although a colleague is reading it"), widget=UnfoldBooleanSwitchWidget,
        help_text=_("Asked only while somebody else reads the draft."),
        error_messages={"required": _("Talk to your colleague first, or tick that it is published all the same.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        draft = draft_of(self.claim)
        self.initial["read"] = stamp(draft) if draft else ""
        if draft and is_read_by_another(draft, self.user):
            told = gettext("%(name)s is reading this draft. Talk to them, or read another one.")
            self.fields["meanwhile"].help_text = told % {"name": draft.reader}
        else:
            del self.fields["meanwhile"]

    def clean(self) -> dict[str, Any]:
        read, now = self.cleaned_data.get("read"), self.initial["read"]
        if now and read != now:
            rewrite(self, "read", now)
            raise forms.ValidationError(
                _("This draft changed since you opened the page. Read it below, then publish.")
                if read
                else _("Read the draft below, then publish.")
            )
        return self.cleaned_data


class LookAgainForm(StepForm):
    reason = words(_("Why"), _("Becomes public: say calmly what raised the question."))


class ConfirmForm(StepForm):
    note = words(_("What you found"), _("Becomes public, word for word."))


class CorrectForm(StepForm):
    kind = forms.ChoiceField(
        label=_("Kind of correction"),
        choices=[(kind.value, kind.label) for kind in (CorrectionKind.MINOR, CorrectionKind.SUBSTANTIVE)],
        widget=UnfoldAdminSelectWidget,
        help_text=_("Minor: spelling, a link, a clearer sentence. A changed rating is noticed by itself."),
    )
    reason = words(_("Reason"), _("Becomes public, word for word, once the correction is published."))


class RetractForm(StepForm):
    reason = words(
        _("Reason"), _("Becomes public, word for word. The verdict stays readable and says that it was taken back.")
    )


def stamp(draft: Draft) -> str:
    """Moves whenever somebody saves the draft or the claim."""
    return f"{draft.revision}/{draft.updated_at.isoformat()}/{draft.claim.revision}"
