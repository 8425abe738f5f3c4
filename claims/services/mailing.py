"""Mails what people are told: rows claimed by a lease, the network outside every transaction."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from claims.models import Notice, User
from claims.services.languages import speaking_to
from claims.services.letters import letter, shortened
from claims.services.notices import GATHER, gets_mail, one_line

logger = logging.getLogger(__name__)

# A worker that is killed while it sends loses its claim after this; the mail leaves again.
LEASE = timedelta(minutes=10)
# Failures are tried again after 1, 2, 4 … minutes, at most this long apart, and given up after so many attempts
# (about two days). The notice stays on the desk and says why.
BACKOFF_AT_MOST = timedelta(hours=6)
ATTEMPTS = 16
PEOPLE_AT_ONCE = 20
# Notices spelled out in one mail; the desk has them all.
SPELLED_OUT = 30


def send_notices(*, at: datetime | None = None) -> int:
    """Send everybody with due notices one mail with all of theirs; returns how many mails left.

    At least once: a mail leaves twice only when a worker is killed between sending and writing so down, and then under
    the same Message-ID, unless there is more to tell.
    """
    at = at or timezone.now()
    due = Notice.objects.filter(mail_due_at__lte=at).order_by("recipient").values_list("recipient", flat=True)
    return sum(_send_to(person, at) for person in due.distinct()[:PEOPLE_AT_ONCE])


def _send_to(person_id: int, at: datetime) -> bool:
    notices = _claim(person_id, at)
    if not notices:
        return False
    keys = [notice.pk for notice in notices]
    try:
        _mail_of(notices).send()
    except Exception as error:
        logger.warning("notices for %s could not be mailed: %s", notices[0].recipient, error)
        _try_later(notices, f"{type(error).__name__}: {error}", at)
        return False
    Notice.objects.filter(pk__in=keys).update(mailed_at=at, mail_due_at=None, mail_error="")
    return True


@transaction.atomic(durable=True)
def _claim(person_id: int, at: datetime) -> list[Notice]:
    """This person's unsent notices, leased to this worker; nothing when another worker has them."""
    person = User.objects.get(pk=person_id)
    due = Notice.objects.filter(recipient=person, mail_due_at__lte=at + GATHER)
    notices = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("at", "pk"))
    mine = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    if not gets_mail(person):
        mine.update(mail_due_at=None)
        return []
    mine.update(mail_due_at=at + LEASE, mail_attempts=F("mail_attempts") + 1)
    return list(mine.select_related("recipient").order_by("at", "pk"))


def wait_after(attempts: int) -> timedelta:
    """How long after so many failed attempts the next one is due."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 10)), BACKOFF_AT_MOST)


def _try_later(notices: list[Notice], error: str, at: datetime) -> None:
    for notice in notices:
        given_up = notice.mail_attempts >= ATTEMPTS
        notice.mail_due_at = None if given_up else at + wait_after(notice.mail_attempts)
        notice.mail_error = one_line(error)[:500]
    Notice.objects.bulk_update(notices, ["mail_due_at", "mail_error"])


def _mail_of(notices: list[Notice]) -> EmailMultiAlternatives:
    """One mail with all of them, in the language of their person."""
    person = notices[0].recipient
    with speaking_to(person):
        parts = [
            {"title": one_line(notice.shown_title), "at": notice.at, "text": notice.shown_text, "path": notice.path}
            for notice in notices[:SPELLED_OUT]
        ]
        more = len(notices) - SPELLED_OUT
        context = {"notices": parts, "more": max(more, 0)}
        told = [notice.pk for notice in notices]
        return letter(person, subject=_subject(notices), template="notices", context=context, told=told)


def _subject(notices: list[Notice]) -> str:
    more = f" (+{len(notices) - 1})" if len(notices) > 1 else ""
    return f"{shortened(notices[0].shown_title)}{more}"
