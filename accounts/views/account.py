"""My account: byline, mail address, sessions; what leads to password, second factor and notices."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import services
from accounts.errors import BadLink
from accounts.forms import AddressForm, BylineForm
from accounts.models import SecondFactor
from accounts.views.pages import page, person
from sources.finding import is_id

# Pages about a person that other parts of the desk may bring; linked where they are there.
ELSEWHERE = ("admin:claims_notice_preferences",)


def account(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, **forms: Any) -> HttpResponse:
    user = person(request)
    return page(
        request,
        "accounts/account.html",
        _("My account"),
        who=user,
        byline_form=forms.get("byline_form") or BylineForm(initial={"byline": user.byline}),
        factor=SecondFactor.objects.filter(user=user).first(),
        codes_left=services.codes_left(user),
        sessions=services.sessions_of(user),
        this_session=request.session.session_key,
        notices_url=_first_url(ELSEWHERE),
    )


def _first_url(names: tuple[str, ...]) -> str:
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


@require_POST
def byline(request: HttpRequest) -> HttpResponse:
    form = BylineForm(request.POST)
    if not form.is_valid():
        return _page(request, byline_form=form)
    services.change_byline(person(request), form.cleaned_data["byline"])
    messages.success(request, _("Your byline was saved. What is published keeps the one it was published with."))
    return redirect("account")


def address(request: HttpRequest) -> HttpResponse:
    """Ask for another mail address: a link goes there."""
    user = person(request)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_for_address(user, form.cleaned_data["email"])
        except ValidationError as refusal:
            form.add_error("email", refusal)
        else:
            messages.success(request, _("A link was sent to that address. Open it within a day, while signed in here."))
            return redirect("account")
    return page(
        request, "accounts/form.html", _("Mail address"), form=form, button=_("Send the link"),
        lead=_("Your address now: %(address)s") % {"address": user.email} if user.email else "",
    )  # fmt: skip


def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks whether, POST does: programs that look at links in mails change nothing."""
    user = person(request)
    try:
        new = services.address_of(token, user)
    except BadLink as bad:
        return page(request, "accounts/bad_link.html", _("Mail address"), why=str(bad), status=410)
    if request.method != "POST":
        lead = _("From now on, mail for you goes to %(address)s.") % {"address": new}
        return page(request, "accounts/form.html", _("Mail address"), form=None, button=_("Confirm"), lead=lead)
    services.confirm_address(user, new)
    messages.success(request, _("Your mail address was changed."))
    return redirect("account")


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End the session in `session`, or, without one, all but this one."""
    user, one = person(request), request.POST.get("session")
    if one is None:
        ended = services.end_sessions(user, keep=request.session.session_key)
        message = ngettext("%(count)s other session was ended.", "%(count)s other sessions were ended.", ended)
        messages.success(request, message % {"count": ended})
    elif is_id(one) and services.end_session(user, int(one)):
        messages.success(request, _("That session was ended."))
    return redirect("account")
