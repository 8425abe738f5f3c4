"""A form that arrives after its session has ended: kept while its person signs in, then shown again, never sent by us.

It is kept in the session that the browser gets for signing in: on our side, in no address and so in no access log.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import User

KEPT, OF = "kept_form", "kept_form_of"
# Characters of all fields together, and seconds it waits for its person.
LONGEST, SECONDS = 120_000, 3600
NOT_SAVED = _("Your session had ended. What you wrote is below and not saved yet.")


def keep(request: HttpRequest) -> bool:
    """Keep what was posted to this address; False for what is too long or empty. Passwords are never kept."""
    fields = {
        name: [one.replace("\x00", "") for one in values]
        for name, values in request.POST.lists()
        if not name.startswith("_") and "password" not in name and name not in ("csrfmiddlewaretoken", "token")
    }
    length = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if not length or length > LONGEST:
        return False
    request.session[KEPT] = {
        "path": request.path, "fields": fields, "at": int(timezone.now().timestamp()),
        "of": getattr(request, OF, None),
    }  # fmt: skip
    # Nobody has signed in yet, and perhaps nobody will: such a session is short.
    request.session.set_expiry(SECONDS)
    return True


def take(request: HttpRequest) -> QueryDict | None:
    """What was kept for this address, once. Nothing for anybody but the person whose session ended, if it is known."""
    kept: Any = request.session.get(KEPT)
    if not isinstance(kept, dict) or kept["path"] != request.path or not isinstance(request.user, User):
        return None
    del request.session[KEPT]
    request.session.set_expiry(None)
    fresh = timezone.now().timestamp() - kept["at"] <= SECONDS
    if not fresh or kept["of"] not in (None, request.user.pk):
        return None
    fields = QueryDict(mutable=True)
    for name, values in kept["fields"].items():
        fields.setlist(name, values)
    return fields


def shown_again(request: HttpRequest) -> QueryDict | None:
    """take(), told to the person: a form filled with it is shown, and nothing of it saved."""
    fields = take(request) if request.method == "GET" else None
    if fields is not None:
        messages.warning(request, NOT_SAVED)
    return fields
