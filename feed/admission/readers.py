"""How many reports and suggestions one network may send, found by its name in the settings."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from feed.admission.gate import network_of
from feed.admission.limits import limiter

HOUR = 3600


def wait_of(address: str) -> int:
    """Count one message from this address; seconds until another is taken, 0: this one is. Uncounted without Redis.

    Of the address nothing is kept but a keyed hash that is another one every day, and that for an hour.
    """
    quota = settings.RATE_FORMS
    if not quota:
        return 0
    today = timezone.now().date().isoformat()
    client = salted_hmac("feed.admission.readers", f"{today} {network_of(address)}", algorithm="sha256").hexdigest()
    counted = limiter(HOUR).count(f"readers:{client}", quota)
    return 0 if counted is None or counted.passes else max(counted.seconds, 1)
