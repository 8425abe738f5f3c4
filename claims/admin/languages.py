"""The language of the desk: chosen in the user menu, kept with the person."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from claims import services
from claims.admin.base import person


def languages(request: HttpRequest) -> list[dict[str, Any]]:
    """Named in the theme's settings under LANGUAGES: every language under its own name, then the browser's."""
    chosen = getattr(request.user, "language", "")
    entries = [
        {"code": code, "name_local": get_language_info(code)["name_local"].capitalize(), "chosen": code == chosen}
        for code, _name in settings.LANGUAGES
    ]
    return [*entries, {"code": "", "name_local": gettext_lazy("As the browser asks"), "chosen": not chosen}]


def address(request: HttpRequest) -> str:
    """Named in the theme's settings under LANGUAGES: where the choice is posted to."""
    return reverse("desk_language")


def switch(request: HttpRequest) -> HttpResponse:
    """Keep `language` as this person's, and go back to the page they were on."""
    language = request.POST.get("language", "")
    try:
        services.choose_language(person(request), language=language)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(_back(request))
    with translation.override(language or translation.get_language_from_request(request)):
        messages.success(request, _("The desk speaks your language now."))
    return HttpResponseRedirect(_back(request))


def _back(request: HttpRequest) -> str:
    for address in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
            return address
    return reverse("admin:index")
