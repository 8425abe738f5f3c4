"""Withholding at the desk: what would be blanked is listed before anybody proposes or confirms it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from claims import services
from claims.admin.action import Action, Cleaned, Words
from claims.admin.places import verdict_of
from claims.admin.step_forms import StepForm, words
from claims.choices import VerdictStatus
from claims.models import Claim, User, Withholding
from claims.services.withheld_rows import WithheldRows

# The words for WithheldRows.counts(), in the order of the preview.
WHAT_GOES: dict[str, Words] = {
    "versions": _("Published versions: their words, and who they say made the claim"),
    "evidence": _("Pieces of evidence: quotes, notes, descriptions, numbers, names of files"),
    "captures": _("Captures of pages, with their files in the archive"),
    "uploads": _("Uploaded files, also in the archive"),
    "appearances": _("Appearances"),
    "translations": _("Translations"),
    "drafts": _("Drafts"),
    "reviews": _("Reviews: why they were opened and what was found"),
    "relations": _("Links to other claims"),
    "notes": _("Notes among colleagues"),
    "contacts": _("How the claim reached us"),
    "reader_messages": _("Messages of readers"),
    "unsaved": _("Words somebody wrote and did not save"),
    "forgotten_sources": _("Sources that nothing else names: address, title, publisher, visits; not visited again"),
    "touched": _("Passages that pages showed in the place of a quote"),
    "external": _("Reviews by others that are linked to it"),
    "imported": _("The address it was imported from"),
    "record": _("Lines of the desk's record: who and when stay, the words go"),
    "notices": _("Notices that hold its words"),
    "holds": _("Held changes that hold its words"),
    "log_entries": _("Entries of the administration's own log"),
}
WHAT_STAYS: dict[str, Words] = {
    "kept_sources": _("Sources with their captures: other public claims rest on them"),
    "kept_uploads": _("Uploaded files: other public claims rest on them"),
}


class TypedForm(StepForm):
    """Asks for the claim's public id, typed by hand: nobody does this by a slip."""

    typed = forms.CharField(
        label=_("Type the id of the claim"),
        help_text=_("It stands below the form. Typing it shows that you mean this claim."),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"].strip()
        if typed != self.claim.public_id:
            raise forms.ValidationError(_("This is not the id of this claim: it is %(id)s."), params=self._id())
        return typed

    def _id(self) -> dict[str, str]:
        return {"id": self.claim.public_id}


class ProposeForm(TypedForm):
    legal_basis = forms.CharField(
        label=_("Legal basis"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Public, and all that is left to read: a court and its docket number, or an article of law."),
    )
    reason = words(
        _("Reason"),
        _("Stays in the newsroom's own record: who demands it, and why we follow. Do not repeat what has to go."),
    )
    field_order = ("legal_basis", "reason", "typed")


def _verdict_is_readable(claim: Claim) -> bool:
    verdict = verdict_of(claim)
    return verdict is not None and verdict.status != VerdictStatus.WITHHELD


def pending_withholding(claim: Claim) -> Withholding | None:
    """The proposal that waits for a second person; asked of the database only for claims that can have one."""
    if not _verdict_is_readable(claim):
        return None
    return claim.withholdings.pending().select_related("proposed_by").first()


def _may_confirm(claim: Claim, user: User) -> bool:
    proposal = pending_withholding(claim)
    return proposal is not None and proposal.proposed_by_id != user.pk


def _may_withdraw(claim: Claim, user: User) -> bool:
    proposal = pending_withholding(claim)
    return proposal is not None and (user.is_editor_in_chief or proposal.proposed_by_id == user.pk)


def _propose(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.propose_withholding(claim, by=user, reason=cleaned["reason"], legal_basis=cleaned["legal_basis"])
    return _("Proposed. A second person has to confirm it; nothing is blanked before.")


def _confirm(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.confirm_withholding(claim, by=user)
    return _("Withheld. The texts are gone; the files in the archive go within a minute.")


def _withdraw(claim: Claim, user: User, cleaned: Cleaned) -> Words:
    services.withdraw_withholding(claim, by=user)
    return _("Withdrawn: the verdict stays as it is.")


def _why_not(claim: Claim, user: User) -> Words:
    proposal = pending_withholding(claim)
    if proposal is None:
        return _("Nobody proposes to withhold this verdict, or it was withdrawn or confirmed meanwhile.")
    return "" if _may_confirm(claim, user) else _("You proposed it, so a second person has to confirm it.")


def what_would_go(claim: Claim) -> dict[str, Any]:
    """For the page: what is blanked, by count, what stays for whose sake, and the proposal if there is one."""
    rows = WithheldRows(claim)
    counts = rows.counts()
    return {
        "goes": [(label, counts[name]) for name, label in WHAT_GOES.items() if counts[name]],
        "stays": [(label, counts[name]) for name, label in WHAT_STAYS.items() if counts[name]],
        "others": list(rows.others_on_what_is_kept()[:20]),
        "proposal": pending_withholding(claim),
    }


PREVIEW = "claims/desk/withholding.html"
WITHHOLDING_STEPS = (
    Action(
        "withhold",
        _("Withhold…"),
        _("For what the law demands, and nothing else: a mistake is corrected or retracted, which readers can see."),
        lambda user: user.is_editor_in_chief,
        lambda claim, user: _verdict_is_readable(claim) and pending_withholding(claim) is None,
        _propose,
        form=ProposeForm,
        tone="danger",
        part=PREVIEW,
        extra=what_would_go,
    ),
    Action(
        "confirm-withholding",
        _("Confirm that it is withheld"),
        _("You are the second person. Once you confirm, everything listed below is blanked for good."),
        lambda user: user.may_approve,
        _may_confirm,
        _confirm,
        why_not=_why_not,
        form=TypedForm,
        tone="danger",
        part=PREVIEW,
        extra=what_would_go,
    ),
    Action(
        "withdraw-withholding",
        _("Withdraw the proposal"),
        _("Takes the proposal back. Nothing has been blanked."),
        lambda user: user.may_approve,
        _may_withdraw,
        _withdraw,
    ),
)
