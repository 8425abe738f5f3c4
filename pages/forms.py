"""What readers may send: an error they found, a claim they want checked."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_LINKS = 5
LINK = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)


class ReaderForm(forms.Form):
    """`homepage` is a trap: no person sees it, and programs fill in whatever they find."""

    required_css_class = "required"
    # Nothing is said of a missing word but by us, beside the field, in the reader's language.
    use_required_attribute = False

    text = forms.CharField(max_length=3000, widget=forms.Textarea(attrs={"rows": 7}))
    where = forms.CharField(max_length=500, required=False)
    contact = forms.CharField(
        label=_("How can we reach you?"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
        help_text=_("Only if you want us to ask back. Seen by the newsroom alone, and erased in time."),
    )
    homepage = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    ticket = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].error_messages["required"] = _("Write it here, in a sentence or two.")

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if len(LINK.findall(text)) > MOST_LINKS:
            raise ValidationError(
                _("At most %(number)s links: give us the ones that show it best.") % {"number": MOST_LINKS}
            )
        if not any(map(str.isalpha, LINK.sub("", text))):
            raise ValidationError(self.fields["text"].error_messages["required"])
        return text

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name != "homepage"]


class ReportForm(ReaderForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text, where = self.fields["text"], self.fields["where"]
        text.label = _("What is wrong?")
        text.help_text = _("Which sentence or figure, and what would be right. A fact-checker reads it; nobody else.")
        where.label = _("What shows it?")
        where.help_text = _("The address of a page, a document, a person who knows.")


class SuggestionForm(ReaderForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text, where = self.fields["text"], self.fields["where"]
        text.label = _("What was claimed?")
        text.help_text = _("In its own words, as you read or heard it. A fact-checker reads it; nobody else.")
        where.label = _("Where did you see it?")
        where.help_text = _("Its address is best; or the channel and the day.")
