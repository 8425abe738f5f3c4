"""The daily mail: one per person and day of the newsroom, at an hour that a setting gives.

A row claims the day for each person before anything is made or sent, so a beat that restarts or runs late sends none
twice. At least once: a mail leaves twice only when a worker is killed between sending and writing so down, and then
under the same Message-ID.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from claims.models import Digest, Notice, User
from claims.services.digest_sections import Newsroom, Section, sections_for
from claims.services.languages import speaking_to
from claims.services.letters import letter, shortened
from claims.services.mailing import LEASE, wait_after
from claims.services.notices import gets_mail, one_line

logger = logging.getLogger(__name__)

PEOPLE_AT_ONCE = 50
# A daily mail that could not be sent is no news on the next day; about ten hours of attempts.
ATTEMPTS = 9


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def moment(day: date) -> datetime:
    """When the mails of this day leave. An hour that a change of clocks leaves out comes as much later."""
    hour: time = settings.CLAIMTRACK_DIGEST_AT
    return datetime.combine(day, hour, tzinfo=zone())


def send_digests(*, at: datetime | None = None) -> int:
    """Claim the day for whoever has not had it, and send what is due; returns how many mails left."""
    at = at or timezone.now()
    day = at.astimezone(zone()).date()
    if at >= moment(day):
        _claim_day(day, at)
    due = list(Digest.objects.filter(due_at__lte=at).order_by("due_at", "pk").values_list("pk", flat=True))
    newsroom: dict[date, Newsroom] = {}
    return sum(_send(key, at, newsroom) for key in due[:PEOPLE_AT_ONCE])


def _claim_day(day: date, at: datetime) -> None:
    """A due row for everybody who reads mail, was here when the mails left, and has none of this day yet."""
    had = Digest.objects.filter(person=OuterRef("pk"), day=day)
    people = User.objects.filter(is_active=True, notify_by_mail=True, date_joined__lt=moment(day)).exclude(email="")
    rows = [Digest(person=person, day=day, due_at=at) for person in people.filter(~Exists(had))]
    Digest.objects.bulk_create(rows, ignore_conflicts=True)


def _send(key: int, at: datetime, newsrooms: dict[date, Newsroom]) -> bool:
    digest = _claim(key, at)
    if digest is None:
        return False
    person, waiting = digest.person, _waiting(digest.person, at)
    newsroom = newsrooms.setdefault(digest.day, Newsroom(digest.day, zone()))
    try:
        with speaking_to(person):
            sections = sections_for(person, waiting, newsroom)
            if sections:
                letter(
                    person,
                    subject=_subject(digest.day, sections),
                    template="digest",
                    context={"sections": sections},
                    told=[digest.day, *(notice.pk for notice in waiting)],
                ).send()
    except Exception as error:
        logger.warning("the daily mail for %s could not be sent: %s", person, error)
        digest.due_at = at + wait_after(digest.attempts) if digest.attempts < ATTEMPTS else None
        digest.error = one_line(f"{type(error).__name__}: {error}")[:500]
        digest.save(update_fields=["due_at", "error"])
        return False
    _done(digest, waiting, at, sent=bool(sections))
    return bool(sections)


@transaction.atomic(durable=True)
def _claim(key: int, at: datetime) -> Digest | None:
    """Leased to this worker; None when another has it, or when its person reads no mail any more."""
    rows = Digest.objects.select_for_update(skip_locked=True, of=("self",)).select_related("person")
    digest = rows.filter(pk=key, due_at__lte=at).first()
    if digest is None:
        return None
    reads = gets_mail(digest.person)
    digest.due_at = at + LEASE if reads else None
    digest.attempts += 1
    digest.save(update_fields=["due_at", "attempts"])
    return digest if reads else None


def _waiting(person: User, at: datetime) -> list[Notice]:
    """What was kept for the daily mail, oldest first."""
    return list(Notice.objects.filter(recipient=person, in_digest=True, at__lte=at).order_by("at", "pk"))


@transaction.atomic
def _done(digest: Digest, told: list[Notice], at: datetime, *, sent: bool) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in told]).update(in_digest=False)
    if sent:
        unread = [notice.pk for notice in told if notice.is_unread]
        Notice.objects.filter(pk__in=unread, mail_due_at=None).update(mailed_at=at)
    digest.due_at, digest.sent_at, digest.error = None, at if sent else None, ""
    digest.save(update_fields=["due_at", "sent_at", "error"])


def _subject(day: date, sections: list[Section]) -> str:
    shown = formats.date_format(day, "DATE_FORMAT")
    return shortened(_("%(day)s: %(first)s") % {"day": shown, "first": sections[0].title})
