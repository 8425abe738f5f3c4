"""What readers reported and suggested: the list, and one page per message where somebody says what comes of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import services
from claims.admin.base import ReadOnlyAdmin, person
from claims.admin.refusals import Refusals
from claims.admin.step_forms import words
from claims.choices import ReaderMessageState
from claims.models import Claim, ReaderMessage, User
from claims.similar import similar_claims
from sources.finding import is_id

CHANGE = "claims.change_readermessage"
# An address longer than this is cut by some servers; the rest of the text is on the message's page.
SHORT = 1500


class MessageForm(forms.Form):
    """One text for whichever button is pressed: each says what becomes of it."""

    words = words(
        gettext_lazy("In our words"),
        gettext_lazy(
            "With “Answer in public” and “Look again” readers see it, word for word; with the other buttons only"
            " colleagues do. Never repeat what the reader wrote: they did not write for everybody."
        ),
    )


@admin.register(ReaderMessage)
class ReaderMessageAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "kind", "state", "beginning", "claim", "decided_by")
    list_filter = ("state", "kind")
    list_select_related = ("claim", "decided_by")
    ordering = ("-received_at", "-pk")

    @admin.display(description=gettext_lazy("message"))
    def beginning(self, message: ReaderMessage) -> str:
        return message.text[:120]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows: QuerySet[ReaderMessage] = ReaderMessage.objects.select_related("claim", "decided_by")
        message = get_object_or_404(rows, pk=int(object_id) if is_id(object_id) else 0)
        may_decide = request.user.has_perm(CHANGE)
        form = MessageForm(request.POST or None, initial={"words": message.answer})
        if request.method == "POST":
            if not may_decide:
                raise PermissionDenied
            if done := _decide(message, request, form):
                return redirect(done)
            message = rows.get(pk=message.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("From readers"),
            "subtitle": str(message),
            "opts": self.opts,
            "original": message,
            "media": self.media,
            "message": message,
            "form": form,
            "may_decide": may_decide,
            "may_look_again": message.is_report and message.is_waiting,
            "similar": [] if message.is_report else similar_claims(message.text).hits,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "claims/desk/reader_message.html", context)


def _decide(message: ReaderMessage, request: HttpRequest, form: MessageForm) -> str | None:
    """Do what the pressed button says; where to go next, None when the form carries what is wrong."""
    user, refused = person(request), Refusals()
    here = reverse("admin:claims_readermessage_change", args=[message.pk])
    listed = f"{reverse('admin:claims_readermessage_changelist')}?state__exact={ReaderMessageState.NEW}"
    with refused.catch():
        if "_log" in request.POST:
            services.take_message(message, by=user)
            return log_address(message)
        if "_same" in request.POST:
            _link(message, request.POST["_same"], by=user)
            messages.success(request, _("Linked: the sender is led to the verdict once there is one."))
            return here
    if not refused.by_prefix and form.is_valid():
        with refused.catch():
            told = _settle(message, request, form.cleaned_data["words"], user)
            if told:
                messages.success(request, told)
                return here if "_answer" in request.POST or "_review" in request.POST else listed
        if not refused.by_prefix:
            form.add_error(None, _("Press one of the buttons: nothing is decided by default."))
    if refused.by_prefix:
        form.is_valid()
        refused.add_to(form)
    return None


def _settle(message: ReaderMessage, request: HttpRequest, said: str, user: User) -> str:
    """What was done, in words; nothing when no button says what to do."""
    if "_answer" in request.POST:
        services.answer_message(message, by=user, answer=said)
        return _("Answered in public.")
    if "_review" in request.POST:
        services.look_again_for(message, by=user, reason=said)
        return _("The verdict is being looked at again, and readers are told. Answer here when it is settled.")
    if "_dismiss" in request.POST:
        services.dismiss_message(message, by=user, because=said)
        return _("Put aside.")
    if "_duplicate" in request.POST:
        services.dismiss_message(message, by=user, because=said, told_before=True)
        return _("Put aside as told before.")
    return ""


def _link(message: ReaderMessage, claim: str, *, by: User) -> None:
    row = get_object_or_404(Claim, pk=int(claim) if is_id(claim) else 0)
    services.link_message(message, row, by=by)


def log_address(message: ReaderMessage) -> str:
    """The log page with what the reader suggested in its fields; somebody reads it there before it is saved."""
    filled = {"text": message.text[:SHORT], "language": message.language}
    if message.where.startswith(("http://", "https://")) and " " not in message.where:
        filled["appearances-0-url"] = message.where
    return f"{reverse('desk:log')}?{urlencode(filled)}"
