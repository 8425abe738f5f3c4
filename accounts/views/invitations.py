"""The page an invited person comes to."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import services
from accounts.errors import BadLink
from accounts.forms import InvitedForm
from accounts.views.pages import page
from accounts.views.signing_in import let_in
from claims.models import User


@never_cache
@sensitive_post_parameters()
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password and come in. The link opens this page until it was used; looking at it uses nothing up."""
    try:
        invited = services.invitation_of(token)
        as_if = User(username=invited.username, email=invited.email)
        form = InvitedForm(request.POST if request.method == "POST" else None, user=as_if)
        if request.method == "POST" and form.is_valid():
            chosen = form.cleaned_data
            user = services.accept(token, password=chosen["new_password1"], byline=chosen["byline"])
            logout(request)  # whoever else was signed in here
            user.backend = "claims.permissions.RoleBackend"
            return let_in(request, user, reverse("admin:index"), verified=False)
    except BadLink as bad:
        return page(request, "accounts/bad_link.html", _("Invitation"), why=str(bad), status=410)
    return page(request, "accounts/invitation.html", _("Welcome"), form=form, invited=invited)
