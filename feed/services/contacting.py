"""Tells an endpoint's people by mail that nothing is sent to them any more: they do not read our desk."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone, translation

from claims.services.notices import one_line
from feed.models import Endpoint

logger = logging.getLogger(__name__)

# A worker that is killed while it sends loses its claim after this.
LEASE = timedelta(minutes=10)
# Tried again after 10, 20, 40 … minutes and given up after so many attempts (about two days).
ATTEMPTS = 9
TIMEOUT_SECONDS = 20
AT_ONCE = 10


def mail_contacts(*, at: datetime | None = None) -> int:
    """Mail every contact that is due; returns how many mails left. At least once, as with notices."""
    at = at or timezone.now()
    return sum(_send(endpoint, at) for endpoint in _claim(at))


@transaction.atomic(durable=True)
def _claim(at: datetime) -> list[Endpoint]:
    due = Endpoint.objects.filter(contact_due_at__lte=at).select_for_update(skip_locked=True)
    endpoints = list(due.order_by("contact_due_at")[:AT_ONCE])
    for endpoint in endpoints:
        endpoint.contact_attempts += 1
        endpoint.contact_due_at = at + LEASE * 2 ** (endpoint.contact_attempts - 1)
        endpoint.save(update_fields=["contact_attempts", "contact_due_at"])
    return endpoints


def _send(endpoint: Endpoint, at: datetime) -> bool:
    mine = Endpoint.objects.filter(pk=endpoint.pk, contact_due_at=endpoint.contact_due_at)
    try:
        _mail(endpoint).send()
    except Exception as error:
        logger.warning("the contact of webhook %s could not be mailed: %s", endpoint.name, error)
        if endpoint.contact_attempts >= ATTEMPTS:
            mine.update(contact_due_at=None)
        return False
    mine.update(contact_due_at=None)
    return True


def _mail(endpoint: Endpoint) -> EmailMessage:
    site = one_line(settings.SITE_NAME)
    text = (
        f"{site} no longer posts corrections to your endpoint “{one_line(endpoint.name)}” at {endpoint.host}, since "
        f"{endpoint.state_since:%Y-%m-%d %H:%M} UTC.\n\n{endpoint.state_reason}\n\n"
        f"Nothing is lost. Once your endpoint answers again, write to {settings.CLAIMTRACK_CONTACT}: we switch it on, "
        f"and it is sent everything it missed, in order. Until then you can read every change at\n"
        f"{settings.SITE_URL}/api/v1/events/?after={_last_delivered(endpoint)}\n"
    )
    with translation.override("en"):
        return EmailMessage(
            subject=f"[{site}] Your webhook was switched off",
            body=text,
            to=[endpoint.contact],
            # Out-of-office robots leave such mails alone (RFC 3834).
            headers={"Auto-Submitted": "auto-generated"},
            connection=get_connection(timeout=TIMEOUT_SECONDS),
        )


def _last_delivered(endpoint: Endpoint) -> int:
    """The event before the first that it was not sent."""
    missing = endpoint.deliveries.exclude(state="delivered").order_by("event").values_list("event_id", flat=True)
    first: int | None = missing.first()
    return endpoint.cursor if first is None else first - 1
