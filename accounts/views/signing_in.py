"""/admin/login/: name and password, then the second factor for those who have one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts import services, standing
from accounts.callers import caller_of, set_device_cookie
from accounts.errors import Paused, WrongGuess
from accounts.forms import CodeForm, SignInForm, TokenForm, wait_in_words
from accounts.views.pages import held_back, page
from claims.models import User

PENDING = "second_step"
# For so long the password counts as typed.
PENDING_SECONDS = 600


def let_in(request: HttpRequest, user: User, to: str, *, verified: bool) -> HttpResponse:
    """Signs in under a new session key: whoever knew the one of before knows nothing."""
    login(request, user)
    request.session.pop(PENDING, None)
    standing.begin(request.session, at=timezone.now(), verified=verified)
    request.session.save()
    token = services.begin_session(user, session_key=request.session.session_key or "", caller=caller_of(request))
    response = HttpResponseRedirect(to)
    if token:
        set_device_cookie(response, token)
    return response


def pending(request: HttpRequest) -> tuple[User, str] | None:
    """Who has typed the right password just now and owes a token, and where they want to go."""
    kept: Any = request.session.get(PENDING)
    if not isinstance(kept, dict) or timezone.now().timestamp() - kept["at"] > PENDING_SECONDS:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True, is_staff=True).first()
    # Not any more when the password was changed meanwhile.
    if user is None or not constant_time_compare(user.get_session_auth_hash(), kept["hash"]):
        return None
    return user, kept["to"]


class SignInView(LoginView):
    authentication_form = SignInForm
    template_name = "admin/login.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if admin.site.has_permission(request):
            return redirect("admin:index")
        if "restart" in request.GET:
            request.session.pop(PENDING, None)
        waiting = pending(request)
        return self.ask_for_token(*waiting) if waiting else super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        waiting = pending(request)
        if waiting and "username" not in request.POST:
            return self.take_token(*waiting)
        return super().post(request, *args, **kwargs)

    def get_default_redirect_url(self) -> str:
        return reverse("admin:index")

    def form_valid(self, form: Any) -> HttpResponse:
        user, to = form.get_user(), self.get_success_url()
        if not services.has_second_factor(user):
            return let_in(self.request, user, to, verified=False)
        self.request.session.cycle_key()
        self.request.session[PENDING] = {
            "user": user.pk, "hash": user.get_session_auth_hash(), "at": int(timezone.now().timestamp()), "to": to,
        }  # fmt: skip
        return redirect(self.request.get_full_path())

    def form_invalid(self, form: Any) -> HttpResponse:
        response: Any = super().form_invalid(form)
        return held_back(response, form.pause)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.request.current_app = admin.site.name
        signed_in, here = self.request.user.get_username(), self.request.get_full_path()
        shown = {"title": _("Log in"), "subtitle": None, "app_path": here, "username": signed_in}
        return super().get_context_data(**{**admin.site.each_context(self.request), **shown, **kwargs})

    def ask_for_token(self, user: User, to: str, form: Any = None, pause: Paused | None = None) -> HttpResponse:
        by_code = "code" in self.request.GET
        response = page(
            self.request, "accounts/token.html", _("Second step"), by_code=by_code, who=user.get_username(),
            form=form or (CodeForm() if by_code else TokenForm()),
        )  # fmt: skip
        return held_back(response, pause)

    def take_token(self, user: User, to: str) -> HttpResponse:
        form = (CodeForm if "code" in self.request.GET else TokenForm)(self.request.POST)
        if form.is_valid():
            try:
                services.check_token(user, form.cleaned_data["token"], caller=caller_of(self.request))
            except Paused as pause:
                form.add_error("token", wait_in_words(pause))
                return self.ask_for_token(user, to, form, pause)
            except WrongGuess:
                form.add_error("token", _("This does not fit, or was used already. Wait for the app's next number."))
                # What is typed next stands alone in the field.
                form.data = {"token": ""}
            else:
                return let_in(self.request, user, to, verified=True)
        return self.ask_for_token(user, to, form)
