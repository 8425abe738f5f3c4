"""Sends the letters: rows claimed by a lease, the network outside every transaction, links made at the last moment."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.choices import LetterKind
from accounts.models import Letter
from accounts.services.links import address_link, invitation_link, reset_link
from accounts.services.telling import language_of
from claims.models import User
from claims.services.notices import one_line

logger = logging.getLogger(__name__)

# A worker that is killed while it sends loses its claim after this; the mail leaves again.
LEASE = timedelta(minutes=10)
# Tried again after 1, 2, 4 … minutes. A link for a new password is of no use the day after.
ATTEMPTS = 8
TIMEOUT_SECONDS = 20
AT_ONCE = 50


def send_letters(*, at: datetime | None = None) -> int:
    """Send what is due; returns how many mails left. At least once, as with notices."""
    at = at or timezone.now()
    due = Letter.objects.filter(due_at__lte=at).order_by("due_at").values_list("pk", flat=True)
    return sum(_send(pk, at) for pk in due[:AT_ONCE])


def _send(pk: int, at: datetime) -> int:
    letter = _claim(pk, at)
    if letter is None:
        return 0
    left = 0
    try:
        for mail in mails_of(letter):
            mail.send()
            left += 1
    except Exception as error:
        logger.warning("a letter (%s) could not be mailed: %s", letter.kind, error)
        wait = timedelta(minutes=2 ** (letter.attempts - 1))
        letter.due_at = None if letter.attempts >= ATTEMPTS else at + wait
        letter.error = one_line(f"{type(error).__name__}: {error}")[:500]
    else:
        letter.due_at, letter.sent_at, letter.error = None, at, ""
    letter.save(update_fields=["due_at", "sent_at", "error"])
    return left


@transaction.atomic(durable=True)
def _claim(pk: int, at: datetime) -> Letter | None:
    letter = Letter.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, due_at__lte=at).first()
    if letter is None:
        return None
    letter.due_at, letter.attempts = at + LEASE, letter.attempts + 1
    letter.save(update_fields=["due_at", "attempts"])
    return letter


def mails_of(letter: Letter) -> Iterator[EmailMessage]:
    """None for a link that nobody can use: an address that nobody has, an invitation that was taken back."""
    if letter.kind == LetterKind.RESET:
        for user in _who_has(letter.to):
            with translation.override(language_of(user)):
                yield _mail(user.email, _("Choose a new password"), _reset_text(user))
    elif letter.kind == LetterKind.INVITATION and letter.invitation and letter.invitation.is_pending:
        invitation = letter.invitation
        with translation.override(settings.LANGUAGE_CODE):
            title = _("%(who)s invites you to the desk of %(site)s")
            words = {"who": invitation.invited_by.get_username(), "site": settings.SITE_NAME}
            text = _(
                "You will sign in as %(name)s. Choose your password here:\n\n%(link)s\n\n"
                "The link works once, until %(until)s UTC. If you do not know what this is about, throw it away."
            )
            link = {"name": invitation.username, "link": invitation_link(invitation)}
            yield _mail(letter.to, title % words, text % (link | {"until": f"{invitation.expires_at:%Y-%m-%d %H:%M}"}))
    elif letter.kind == LetterKind.ADDRESS and letter.user:
        with translation.override(language_of(letter.user)):
            text = _(
                "%(name)s wants mail from the desk to come to this address. To confirm, open this while signed in:\n\n"
                "%(link)s\n\nThe link works once, for one day. If it was not you, throw it away: nothing changes."
            )
            values = {"name": letter.user.get_username(), "link": address_link(letter.user, letter.to)}
            yield _mail(letter.to, _("Confirm your mail address"), text % values)
    elif letter.kind == LetterKind.TOLD:
        with translation.override(language_of(letter.user)):
            desk = urljoin(settings.SITE_URL, "/admin/")
            yield _mail(letter.to, letter.title, f"{letter.text}\n\n{_('The desk: %(link)s') % {'link': desk}}")


def _who_has(email: str) -> list[User]:
    """Whoever could use a new password. Compared once more without the database's folding, as Django does."""
    found = User.objects.filter(email__iexact=email, is_active=True, is_staff=True)
    return [user for user in found if user.has_usable_password() and user.email.casefold() == email.casefold()]


def _reset_text(user: User) -> str:
    text = _(
        "Somebody, probably you, asked for a new password for %(name)s. Choose it here:\n\n%(link)s\n\n"
        "The link works once, for one hour. If it was not you, throw this away: nothing changes."
    )
    return text % {"name": user.get_username(), "link": reset_link(user)}


def _mail(to: str, title: str, text: str) -> EmailMessage:
    return EmailMessage(
        subject=f"[{one_line(settings.SITE_NAME)}] {one_line(title)[:120]}",
        body=f"{text}\n",
        to=[to],
        # Out-of-office robots leave such mails alone (RFC 3834).
        headers={"Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=TIMEOUT_SECONDS),
    )
