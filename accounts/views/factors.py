"""Setting up, replacing and giving up the second factor; recovery codes."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import services, standing
from accounts.forms import TokenForm
from accounts.views.pages import page, person
from claims.errors import NotAllowed

# The secret that is being set up; it becomes the person's once their app has shown a token for it.
OFFERED = "offered_secret"


def factor(request: HttpRequest) -> HttpResponse:
    """The QR code, the secret as text, and a field for the first token. The answer to it shows the recovery codes."""
    user = person(request)
    if request.method == "POST" and OFFERED not in request.session and services.has_second_factor(user):
        # The button was pressed twice: the first time did it, and showed the codes to nobody.
        messages.success(request, _("Your second factor is set up. Make recovery codes now if you have not seen any."))
        return redirect("account")
    secret: str = request.session.setdefault(OFFERED, services.new_secret())
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = services.set_up(
                user, secret=secret, token=form.cleaned_data["token"], session_key=request.session.session_key
            )
        except ValidationError as refusal:
            form.add_error("token", refusal)
        else:
            del request.session[OFFERED]
            standing.verify(request.session, verified=True)
            return _codes(request, codes)
    return page(
        request, "accounts/factor.html", _("Second factor"), form=form, secret=_in_groups(secret),
        qr=_drawn(services.address_for_app(user, secret)), replaces=services.has_second_factor(user),
    )  # fmt: skip


def _drawn(address: str) -> SafeString:
    """Drawn here: the secret goes to nobody else. Always dark on light, as cameras want it."""
    image = segno.make(address, micro=False)
    return mark_safe(image.svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="accounts-qr"))  # noqa: S308


def _in_groups(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The answer to the form, no page of its own: nothing has to carry the codes any further."""
    return page(request, "accounts/codes.html", _("Your recovery codes"), codes=codes)


@require_POST
def codes(request: HttpRequest) -> HttpResponse:
    try:
        return _codes(request, services.renew_codes(person(request)))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("account")


def factor_off(request: HttpRequest) -> HttpResponse:
    """GET asks whether, POST does."""
    if request.method != "POST":
        lead = _("Afterwards your password alone lets anybody in who knows it.")
        return page(
            request, "accounts/form.html", _("Switch the second factor off"), form=None, lead=lead,
            button=_("Switch off"),
        )  # fmt: skip
    try:
        services.give_up(person(request))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        standing.verify(request.session, verified=False)
        messages.success(request, _("Your second factor is off."))
    return redirect("account")
