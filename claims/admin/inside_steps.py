"""Steps that readers never see: notes among colleagues, the day to look again, how a claim reached us.

"It stands" is among them because it ends what the day began; its note is public.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from claims import services
from claims.admin.action import Action, Cleaned, Words
from claims.admin.base import person
from claims.admin.places import verdict_of
from claims.admin.step_forms import StepForm, words
from claims.choices import VerdictStatus
from claims.errors import NotAllowed
from claims.models import Claim, ClaimContact, Note, User

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin

# Offered as the next day: what stood for a while is looked at again in half a year.
NEXT_LOOK = timedelta(days=182)


def day(label: Any, help_text: Any) -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, required=False, widget=UnfoldAdminDateWidget)


def line(label: Any, help_text: Any, *, longest: int) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=longest, required=False, widget=UnfoldAdminTextInputWidget
    )


class NoteForm(StepForm):
    text = words(_("Note"), _("For colleagues alone. Plain text; @name tells that colleague. Cannot be edited later."))


class LookAgainOnForm(StepForm):
    on = day(_("Look again on"), _("On this day it is on everybody's front page. Empty takes the day away."))
    why = forms.CharField(
        label=_("What to look for"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("For colleagues: a figure that is published then, a trial that ends."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if verdict := verdict_of(self.claim):
            self.initial.update({"on": verdict.look_again_on, "why": verdict.look_again_why})


class StandsForm(StepForm):
    note = words(_("What you found"), _("Becomes public, word for word."))
    next_on = day(_("Next time on"), _("When to look again. Empty: no day is set."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["next_on"] = timezone.localdate() + NEXT_LOOK


class ContactForm(StepForm):
    reported_by = line(_("Reported by"), _("Who told us of it. Never public."), longest=200)
    reach = line(
        _("How to reach them"), _("Mail address, number, account. Never public, and forgotten in time."), longest=300
    )
    via = line(_("It came by"), _("Mail, tip line, Telegram bot, a colleague, …"), longest=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if contact := contact_of(self.claim):
            self.initial.update({name: getattr(contact, name) for name in self.fields})


def contact_of(claim: Claim) -> ClaimContact | None:
    return ClaimContact.objects.filter(claim=claim).first()


def _not_withheld(claim: Claim, user: User) -> bool:
    verdict = verdict_of(claim)
    return verdict is None or verdict.status != VerdictStatus.WITHHELD


def _stands(claim: Claim, user: User) -> bool:
    verdict = verdict_of(claim)
    return verdict is not None and verdict.stands


def _stands_quietly(claim: Claim, user: User) -> bool:
    verdict = verdict_of(claim)
    return verdict is not None and verdict.status == VerdictStatus.PUBLISHED


def _note(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.add_note(claim, by=user, text=cleaned["text"])
    return _("Noted.")


def _look_again_on(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.set_look_again(claim, by=user, on=cleaned["on"], why=cleaned["why"])
    return _("The day is set.") if cleaned["on"] else _("No day is set any more.")


def _confirm_again(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.confirm_again(claim, by=user, note=cleaned["note"], next_on=cleaned["next_on"])
    return _("It stands. Readers see that you looked again.")


def _contact(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.note_contact(claim, by=user, **cleaned)
    return _("Noted, for the newsroom alone.")


INSIDE_STEPS = (
    Action(
        "stands",
        _("Looked again: it stands"),
        _("You looked again without anything having changed, and the verdict stands as it is."),
        lambda user: user.may_check,
        _stands_quietly,
        _confirm_again,
        form=StandsForm,
    ),
    Action(
        "look-again-on",
        _("Set a day to look again"),
        _("On that day the desk asks you and your colleagues to look again. Readers see nothing of it."),
        lambda user: user.may_check,
        _stands,
        _look_again_on,
        form=LookAgainOnForm,
    ),
    Action(
        "note",
        _("Write a note"),
        _("For your colleagues alone. A note is never edited; you may strike yours out."),
        lambda user: user.may_check,
        _not_withheld,
        _note,
        form=NoteForm,
    ),
    Action(
        "contact",
        _("How it reached us"),
        _("For the newsroom alone: it is never public, and forgotten after the time that is set for the site."),
        lambda user: user.may_check,
        _not_withheld,
        _contact,
        form=ContactForm,
    ),
)


def strike_view(admin: ClaimAdmin, request: HttpRequest, object_id: int, note_id: int) -> HttpResponse:
    """POST alone: strike one's own note out."""
    if request.method != "POST" or not admin.has_view_permission(request):
        raise PermissionDenied
    note = get_object_or_404(Note, pk=note_id, claim=object_id)
    try:
        services.strike_note(note, by=person(request))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, gettext("Struck out."))
    return redirect("admin:claims_claim_change", object_id)
