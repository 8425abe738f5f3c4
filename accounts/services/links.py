"""Links that are mailed. Each is signed, works for a while, and opens once; none is kept anywhere.

They begin with SITE_URL: what a request says of its host decides nothing.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.errors import BadLink
from accounts.models import Invitation
from claims.models import User

INVITED_FOR = timedelta(days=7)
ADDRESS_FOR = timedelta(days=1)
_invitations = "accounts.invitation"
_addresses = "accounts.address"


def reset_link(user: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return _whole(reverse("password_reset_confirm", args=[uid, default_token_generator.make_token(user)]))


def invitation_link(invitation: Invitation) -> str:
    token = signing.dumps([invitation.pk, invitation.serial], salt=_invitations)
    return _whole(reverse("account_invitation", args=[token]))


def invitation_of(token: str) -> Invitation:
    """Raises BadLink: not ours, superseded, used, taken back, or too old."""
    try:
        pk, serial = signing.loads(token, salt=_invitations)
        invitation = Invitation.objects.get(pk=pk, serial=serial)
    except (signing.BadSignature, Invitation.DoesNotExist, ValueError, TypeError):
        raise BadLink(_("This link opens nothing. Perhaps a newer invitation was sent to you: use that one.")) from None
    if invitation.accepted_at is not None:
        raise BadLink(_("This invitation was used already. Sign in with the name and the password you chose."))
    if invitation.revoked_at is not None:
        raise BadLink(_("This invitation was taken back. Ask whoever invited you."))
    if invitation.expires_at <= timezone.now():
        raise BadLink(_("This invitation is too old. Ask whoever invited you to send it again."))
    return invitation


def address_link(user: User, new: str) -> str:
    token = signing.dumps([user.pk, user.email, new], salt=_addresses)
    return _whole(reverse("account_address_confirm", args=[token]))


def address_of(token: str, user: User) -> str:
    """The new address that this link confirms for this person. Raises BadLink."""
    try:
        pk, old, new = signing.loads(token, salt=_addresses, max_age=ADDRESS_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        raise BadLink(_("This link opens nothing any more: it works for one day. Enter the address again.")) from None
    if pk != user.pk:
        raise BadLink(_("This link belongs to another account. Sign in with that one, then open it again."))
    if old != user.email:
        raise BadLink(_("This link was used already, or your address was changed since. Enter the address again."))
    return str(new)


def _whole(path: str) -> str:
    return urljoin(settings.SITE_URL, path)
