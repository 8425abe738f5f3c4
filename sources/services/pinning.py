from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sources.choices import Availability, ChangeKind
from sources.models import Source, SourceChange
from sources.states import Limits, failures_needed


@transaction.atomic
def pin(
    source: Source,
    *,
    by: AbstractBaseUser,
    reason: str,
    availability: Availability | None = None,
    at: datetime | None = None,
) -> Source:
    """A person settles the availability (None: as it is now); visits go on but no longer change it.

    Raises ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError(_("Say why the availability is settled: the reason is shown to the next fact-checker."))
    at = at or timezone.now()
    locked = Source.objects.select_for_update().get(pk=source.pk)
    locked.pinned, locked.pinned_by_id, locked.pinned_reason = True, by.pk, reason.strip()
    _change_availability(locked, availability or Availability(locked.availability), at)
    locked.full_clean()
    locked.save(update_fields=["pinned", "pinned_by", "pinned_reason", "availability", "availability_since"])
    return locked


@transaction.atomic
def unpin(source: Source, *, at: datetime | None = None) -> Source:
    """Let visits decide the availability again, the next one at once."""
    at = at or timezone.now()
    locked = Source.objects.select_for_update().get(pk=source.pk)
    locked.pinned, locked.pinned_by_id, locked.pinned_reason = False, None, ""
    if locked.availability == Availability.DEAD and locked.counted_failures < failures_needed(
        Limits(settings.RECHECK_FAILURES)
    ):
        # Dead was the person's word; the machine has not seen enough to say it (with a 410 it says so at once).
        _change_availability(locked, Availability.SUSPECT, at)
    locked.next_check_at = at
    locked.full_clean()
    locked.save(
        update_fields=[
            "pinned",
            "pinned_by",
            "pinned_reason",
            "availability",
            "availability_since",
            "next_check_at",
        ]
    )
    return locked


def _change_availability(source: Source, availability: Availability, at: datetime) -> None:
    if source.availability == availability:
        return
    SourceChange.objects.create(
        source=source, at=at, kind=ChangeKind.AVAILABILITY, before=source.availability, after=availability
    )
    source.availability, source.availability_since = availability, at
