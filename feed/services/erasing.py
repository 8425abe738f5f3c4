"""What the law withholds goes from the delivery log as well.

Bodies are not kept, but a receiver may have answered with the text it was sent, and the log keeps the beginning of
answers. Attempts are immutable but for this (see the migration named webhooks).
"""

from __future__ import annotations

from django.db import connection, transaction

from claims.choices import VerdictStatus
from feed.models import Attempt


@transaction.atomic
def blank_withheld_answers() -> int:
    """Blank what receivers answered to events about withheld verdicts; returns how many answers."""
    withheld = Attempt.objects.filter(delivery__event__claim__document__status=VerdictStatus.WITHHELD)
    told = list(withheld.exclude(answer="").values_list("pk", flat=True))
    if not told:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL claimtrack.allow_erasure = 'on'")
        blanked = Attempt.objects.filter(pk__in=told).update(answer="")
        cursor.execute("SET LOCAL claimtrack.allow_erasure = 'off'")
    return blanked
