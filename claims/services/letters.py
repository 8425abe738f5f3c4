"""One mail to one person of the desk: as text and as simple HTML, in their language."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from claims.models import User
from claims.services.notices import one_line

# A mail server that says nothing must not keep a worker.
TIMEOUT_SECONDS = 20
MAX_SUBJECT = 120


def shortened(title: str) -> str:
    """Titles are strangers' text: one line, nothing invisible, no header of theirs."""
    title = one_line(title)
    return title if len(title) <= MAX_SUBJECT else f"{title[: MAX_SUBJECT - 1]}…"


def letter(
    person: User, *, subject: str, template: str, context: Mapping[str, Any], told: Collection[object]
) -> EmailMultiAlternatives:
    """From claims/mail/<template>.txt and .html, for which `site` is the base of every address.

    What it tells (`told`) names it: what leaves a second time is the same message, which most mail systems show once.
    """
    preferences = urljoin(settings.SITE_URL, reverse("admin:claims_notice_preferences"))
    shared = {
        **context,
        "person": person,
        "site": settings.SITE_URL.rstrip("/"),
        "site_name": settings.SITE_NAME,
        "desk": urljoin(settings.SITE_URL, reverse("admin:index")),
        "preferences": preferences,
        "language": translation.get_language(),
    }
    mail = EmailMultiAlternatives(
        subject=f"[{one_line(settings.SITE_NAME)}] {subject}",
        body=render_to_string(f"claims/mail/{template}.txt", shared).strip() + "\n",
        to=[person.email],
        headers={
            "Message-ID": _message_id(template, person.pk, *told),
            # Out-of-office robots leave such mails alone (RFC 3834).
            "Auto-Submitted": "auto-generated",
            # Mail programs show it as a button (RFC 2369); there each kind of mail is switched off, or all of them.
            "List-Unsubscribe": f"<{preferences}>",
        },
        connection=get_connection(timeout=TIMEOUT_SECONDS),
    )
    mail.attach_alternative(render_to_string(f"claims/mail/{template}.html", shared), "text/html")
    return mail


def _message_id(*parts: object) -> str:
    """Unique in the world by the site's host (RFC 5322, 3.6.4)."""
    name = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
    return f"<{name}@{urlsplit(settings.SITE_URL).hostname}>"
