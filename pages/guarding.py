"""Keeps machines away from the public forms without a cookie, a script or a third party.

A form carries a signed ticket of its own: made out for this form alone, good after some seconds and for some hours,
and taken once (the database holds its number unique). Browsers also say which site a form was sent from.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest
from django.utils.module_loading import import_string

# Seconds. Nobody reads, types and sends in less; a tab left open over night still sends.
SOONEST, LATEST = 3, 24 * 3600
SALT = "pages.guarding"


class Unfit(Exception):
    """The ticket cannot be taken: forged, for another form, or too old. A new one is given with the form."""


class TooSoon(Unfit):
    """Faster than anybody fills in a form. The same ticket is good in a moment."""


def new_ticket(form: str) -> str:
    """For the form of this name, such as "report:<public id>"."""
    return TimestampSigner(salt=SALT).sign_object({"form": form, "number": secrets.token_urlsafe(18)})


def number_of(ticket: str, form: str) -> str:
    """The ticket's number. Raises Unfit or TooSoon."""
    signer = TimestampSigner(salt=SALT)
    try:
        said = signer.unsign_object(ticket, max_age=LATEST)
    except (BadSignature, ValueError) as error:
        raise Unfit from error
    if not isinstance(said, dict) or said.get("form") != form:
        raise Unfit
    try:
        signer.unsign_object(ticket, max_age=SOONEST)
    except BadSignature:
        return str(said["number"])
    raise TooSoon


def is_from_here(request: HttpRequest) -> bool:
    """No other site sent it, as far as the browser says; programs that say nothing are held by the ticket."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    own = urlsplit(settings.SITE_URL)
    return origin in {f"{own.scheme}://{own.netloc}", f"{request.scheme}://{request.get_host()}"}


def wait_of(request: HttpRequest) -> int:
    """Seconds this network has to wait before it may send another message; 0: this one is taken, and counted."""
    count = import_string(settings.READER_FORMS_LIMIT)
    return int(count(request.META.get("REMOTE_ADDR", "")))
