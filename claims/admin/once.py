"""One form logs one claim, however often its button is pressed.

The form carries, signed, the public id its claim will have. The database holds every public id once, so of two
requests with the same form one logs the claim and the other finds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.signing import BadSignature, Signer

from claims.models import Claim, User
from sources.identity import new_public_id

if TYPE_CHECKING:
    from claims.admin.forms import ClaimForm

_signer = Signer(salt="claims.admin.once")


class LoggedAlready(Exception):
    """Rolls the second save back."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(str(claim))
        self.claim = claim


def new_ticket() -> str:
    return _signer.sign(new_public_id())


def public_id_of(ticket: str) -> str:
    """Empty for a ticket we did not write."""
    try:
        return _signer.unsign(ticket)
    except BadSignature:
        return ""


def refuse_twice(form: ClaimForm, *, by: User) -> None:
    """Raises LoggedAlready when this form has logged its claim.

    Somebody who went back in the browser and wrote another claim into the old form means another claim.
    """
    ticket = form.cleaned_data.get("ticket") or ""
    logged = Claim.objects.filter(public_id=public_id_of(ticket)).first()
    if logged is None:
        return
    if logged.created_by_id == by.pk and logged.text == form.cleaned_data["text"]:
        raise LoggedAlready(logged)
    form.cleaned_data["ticket"] = ""
