"""The pages of a claim's workflow: one form, one service, and the reasons when it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from claims import services
from claims.admin import kept
from claims.admin.action import Action
from claims.admin.actions import ACTIONS
from claims.admin.base import person
from claims.admin.drafting import DraftForm
from claims.admin.overview import claim_state
from claims.admin.places import draft_of
from claims.admin.previews import live_context
from claims.admin.reading import draft_state
from claims.admin.refusals import Refusals, reasons
from claims.admin.unsaved import kept_form, unsaved_words
from claims.errors import NotAllowed
from claims.models import Claim, Draft

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin


def claim_or_404(admin: ClaimAdmin, request: HttpRequest, object_id: int) -> Claim:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    claim: Claim = get_object_or_404(admin.get_queryset(request), pk=object_id)
    return claim


def action_view(admin: ClaimAdmin, request: HttpRequest, object_id: int, slug: str) -> HttpResponse:
    """Show the step's form; on POST call its service. A role that may never take the step gets 403 with the reason."""
    claim, action, user = claim_or_404(admin, request, object_id), ACTIONS[slug], person(request)
    if not action.who(user):
        return step_page(admin, request, claim, "claims/desk/not_for_you.html", {"action": action}, status=403)
    sent = request.POST if request.method == "POST" else kept.shown_again(request)
    form = action.form(sent, claim=claim, user=user)
    if request.method == "POST" and form.is_valid():
        done = _take(action, claim, request, form)
        if done:
            return redirect(done)
    context: dict[str, Any] = {"action": action, "form": form, "why_not": action.why_not(claim, user)}
    if action.shows_draft:
        context |= draft_state(claim)
    context |= action.extra(claim)
    return step_page(admin, request, claim, "claims/desk/action.html", context)


def _take(action: Action, claim: Claim, request: HttpRequest, form: forms.Form) -> str | None:
    """Where to go next; None when the service refused and the form carries the reasons."""
    refused = Refusals()
    with refused.catch():
        message = action.run(claim, person(request), form.cleaned_data)
    if refused.by_prefix:
        refused.add_to(form)
        return None
    messages.success(request, str(message))
    if action.slug == "remove":
        return reverse("admin:claims_claim_changelist")
    return page_of(claim, "draft" if action.slug in {"correct", "reopen"} else "change")


def page_of(claim: Claim, page: str) -> str:
    return reverse(f"admin:claims_claim_{page}", args=[claim.pk])


def draft_view(admin: ClaimAdmin, request: HttpRequest, object_id: int) -> HttpResponse:
    """Write the verdict. `_submit` in the POST hands it in as well. A published one is changed by a correction."""
    claim, user = claim_or_404(admin, request, object_id), person(request)
    if not user.may_check:
        return step_page(admin, request, claim, "claims/desk/not_for_you.html", {"action": None}, status=403)
    refused = Refusals()
    if request.method == "GET":
        services.note_presence(claim, by=user, writing=True)
    if "_discard" in request.POST:
        services.discard_words(claim, by=user)
        return redirect(page_of(claim, "draft"))
    taken = kept_form(claim, user) if "_take" in request.POST else None
    sent = request.POST if request.method == "POST" else kept.shown_again(request)
    form = taken or DraftForm(sent, claim=claim, refusals=refused)
    if request.method == "POST" and not taken and form.is_valid():
        if draft := _write(form, claim, request, refused):
            return redirect(page_of(claim, _hand_in(draft, request)))
        form = DraftForm(request.POST, claim=claim, refusals=refused)
        form.is_valid()
    context = {
        "form": form,
        "needs_correction": claim.is_public and draft_of(claim) is None,
        "unsaved": None if form.is_bound else unsaved_words(claim, user),
        "live": live_context(form),
        **draft_state(claim),
    }
    return step_page(admin, request, claim, "claims/desk/draft.html", context)


def _write(form: DraftForm, claim: Claim, request: HttpRequest, refused: Refusals) -> Draft | None:
    # A draft is born with revision 1, whoever makes it.
    expected, user = form.cleaned_data["expected_revision"] or 1, person(request)
    draft = None
    with refused.catch():
        draft = services.save_draft(claim, by=user, expected_revision=expected, **form.words())
        services.tick_checklist(claim, by=user, ticks=form.changed_ticks())
        services.discard_words(claim, by=user)
        messages.success(request, _("Saved."))
    return draft


def _hand_in(draft: Draft, request: HttpRequest) -> str:
    """The page to go to. What was written is saved already; a refusal to hand it in takes none of it back."""
    if "_submit" not in request.POST:
        return "draft"
    try:
        services.submit_for_review(draft, by=person(request))
    except (NotAllowed, ValidationError) as refusal:
        for reason in reasons(refusal).get(NON_FIELD_ERRORS, []):
            messages.error(request, reason)
        return "draft"
    messages.success(request, _("Handed in. A second person reads it now."))
    return "change"


def step_page(
    admin: ClaimAdmin, request: HttpRequest, claim: Claim, template: str, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    """A page of this claim inside the desk, with where the claim is at its top."""
    action: Action | None = context.get("action")
    state = claim_state(claim, request)
    writing = _("Write the correction") if state["verdict"] else _("Write the verdict")
    request.current_app = admin.admin_site.name
    return TemplateResponse(
        request,
        template,
        {
            **admin.admin_site.each_context(request),
            "title": action.label if action else writing,
            "subtitle": str(claim),
            "opts": admin.opts,
            "original": claim,
            "media": admin.media,
            "desk": state,
            **context,
        },
        status=status,
    )
