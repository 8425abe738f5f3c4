"""Sessions that are over, people without the second factor that everybody needs, and the password typed again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import services, standing
from accounts.callers import caller_of
from claims.admin import kept
from claims.models import User

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# What gives somebody rights, or takes a safeguard away: the password is asked for again.
PASSWORD_AGAIN = {
    "admin:claims_user_add",
    "admin:claims_user_change",
    "admin:auth_user_password_change",
    "admin:accounts_invitation_add",
    "admin:accounts_reset_factor",
    "admin:feed_apikey_add",
    "account_factor",
    "account_factor_off",
    "account_codes",
    "account_address",
}
# What whoever still lacks the second factor that everybody needs may open.
WITHOUT_FACTOR = {
    "account_factor",
    "account_again",
    "account_invitation",
    "admin:logout",
    "admin:jsi18n",
    "desk_language",
    "sign_in",
    "admin_password_reset",
    "password_reset_done",
    "password_reset_confirm",
    "password_reset_complete",
}


# What is posted without a session, and is nothing to come back to.
WITHOUT_SESSION = WITHOUT_FACTOR | PASSWORD_AGAIN | {"admin:login", "account_password", "admin:autocomplete"}


def by_itself(request: HttpRequest) -> bool:
    """A page that stands open asks again and again; browsers say that no person clicked."""
    return request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


class DeskAccountMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/admin/") and isinstance(request.user, User):
            self.look_at(request, request.user)
        return self.get_response(request)

    def look_at(self, request: HttpRequest, user: User) -> None:
        now, session = timezone.now(), request.session
        if not standing.has_begun(session):
            # Began before sessions were listed. Nobody asked for a second factor then.
            if services.has_second_factor(user):
                logout(request)
                return
            standing.begin(session, at=now, verified=False)
        elif standing.is_over(session, at=now):
            logout(request)
            setattr(request, kept.OF, user.pk)
            messages.info(request, _("You were signed out, because you had not clicked for long. Sign in to go on."))
            return
        elif standing.seen_ago(session, at=now) < services.SEEN_EVERY or by_itself(request):
            return
        standing.see(session, at=now)
        if session.session_key:
            services.note_session(user, session_key=session.session_key, caller=caller_of(request), at=now)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user, match = getattr(request, "user", None), request.resolver_match
        if match is None or not request.path.startswith("/admin/"):
            return None
        name = match.view_name
        if not isinstance(user, User):
            # The form was checked by now: it is from a page of ours. Where it leads, signing in is asked for.
            if request.method == "POST" and name not in WITHOUT_SESSION and not by_itself(request):
                kept.keep(request)
            return None
        if settings.CLAIMTRACK_REQUIRE_SECOND_FACTOR and name not in WITHOUT_FACTOR and self.lacks_factor(request):
            messages.info(request, _("Here everybody needs a second factor to sign in. Set yours up now."))
            return redirect("account_factor")
        sending = request.method == "POST"
        if name in PASSWORD_AGAIN and not standing.password_is_fresh(
            request.session, at=timezone.now(), sending=sending
        ):
            if sending:
                messages.warning(request, _("Nothing was saved: the page had been open for too long."))
            return redirect(f"{reverse('account_again')}?{urlencode({'next': request.get_full_path()})}")
        return None

    def lacks_factor(self, request: HttpRequest) -> bool:
        return not standing.is_verified(request.session)
