"""A forgotten password, a changed password, and the password typed again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import services, standing
from accounts.callers import caller_of, set_device_cookie
from accounts.forms import ChangePasswordForm, NewPasswordForm, PasswordForm, ResetForm
from accounts.views.pages import held_back, page, person
from claims.models import User


@never_cache
def ask_for_reset(request: HttpRequest) -> HttpResponse:
    """The answer says nothing of whether anybody has the address."""
    form = ResetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.ask_for_reset(form.cleaned_data["email"], caller=caller_of(request))
        return redirect("password_reset_done")
    return page(request, "accounts/reset.html", _("Forgotten password"), form=form)


@never_cache
def reset_asked(request: HttpRequest) -> HttpResponse:
    return page(request, "accounts/reset_asked.html", _("Look into your mail"))


class ResetView(PasswordResetConfirmView):
    """Django's own dealing with the token: checked twice, moved out of the address, void once used."""

    form_class: Any = NewPasswordForm
    template_name = "accounts/reset_confirm.html"
    title = later("Choose a new password")

    def get_user(self, uidb64: str) -> Any:
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active and user.is_staff else None

    def form_valid(self, form: Any) -> HttpResponse:
        user, caller = self.user, caller_of(self.request)
        assert isinstance(user, User)
        services.set_password(user, form.cleaned_data["new_password1"], by=None)
        self.request.session.flush()
        response = redirect("password_reset_complete")
        # Whoever reads the person's mail is the person: others' guessing holds them up no longer.
        set_device_cookie(response, services.remember_device(user, caller=caller))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**admin.site.each_context(self.request), **super().get_context_data(**kwargs)}


@never_cache
def reset_done(request: HttpRequest) -> HttpResponse:
    return page(request, "accounts/reset_done.html", _("Your new password counts"))


@sensitive_post_parameters()
def change_password(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, request=request, user=user)
    if request.method == "POST" and form.is_valid():
        old_key = request.session.session_key or ""
        services.set_password(user, form.cleaned_data["new_password1"], by=user, keep=old_key)
        update_session_auth_hash(request, user)
        standing.password_typed(request.session, at=timezone.now())
        services.move_session(user, old_key=old_key, new_key=request.session.session_key or "")
        messages.success(request, _("Your password was changed, and you were signed out everywhere else."))
        return redirect("account")
    response = page(request, "accounts/form.html", _("Change password"), form=form, button=_("Change password"))
    return held_back(response, form.pause)


@sensitive_post_parameters()
def password_again(request: HttpRequest) -> HttpResponse:
    """Before what a forgotten screen must not allow."""
    user, to = person(request), safe_next(request)
    form = PasswordForm(request.POST if request.method == "POST" else None, request=request, user=user)
    if request.method == "POST" and form.is_valid():
        standing.password_typed(request.session, at=timezone.now())
        return HttpResponseRedirect(to)
    response = page(
        request, "accounts/form.html", _("Your password, please"), form=form, button=_("Go on"),
        lead=_("What follows gives rights or takes a safeguard away, so a forgotten screen is not enough."),
    )  # fmt: skip
    return held_back(response, form.pause)


def safe_next(request: HttpRequest) -> str:
    """Where `next` leads, if that is on this site."""
    to = request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return to if here else reverse("account")
