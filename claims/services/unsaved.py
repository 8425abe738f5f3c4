"""Words somebody typed and did not save: kept apart from the draft, for them alone, for a while."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.choices import VerdictStatus
from claims.errors import NotAllowed
from claims.models import Claim, Presence, UnsavedWords, User, Verdict
from claims.querysets import HERE_FOR
from claims.services.guards import lock_claim, require_checker

KEPT_FOR = timedelta(days=30)
# Characters of a form with everything its fields may hold, twice: as it was opened and as it is.
LONGEST = 400_000

Words = dict[str, list[str]]


@transaction.atomic
def keep_words(claim: Claim, *, by: User, words: Words, at: datetime | None = None) -> UnsavedWords:
    """Keep what this person has typed into the draft's form; replaces what was kept of theirs on this claim before.

    An older moment than the one kept (a device that was offline) is not let over it. No line in the record: nothing
    happened yet. Raises NotAllowed, and ValidationError for more text than a draft may hold.
    """
    require_checker(by)
    lock_claim(claim.pk)
    if Verdict.objects.filter(claim=claim, status=VerdictStatus.WITHHELD).exists():
        raise NotAllowed(_("This verdict is withheld: nothing is written about it any more."))
    if len(json.dumps(words, ensure_ascii=False)) > LONGEST:
        raise ValidationError(_("This is longer than a draft may be, so it is kept on this device alone."))
    # PostgreSQL keeps no NUL.
    words = {name: [one.replace("\x00", "") for one in typed] for name, typed in words.items()}
    at = at or timezone.now()
    kept, _made = UnsavedWords.objects.select_for_update(of=("self",)).get_or_create(
        claim=claim, user=by, defaults={"words": words, "kept_at": at}
    )
    if kept.kept_at < at:
        kept.words, kept.kept_at = words, at
        kept.save(update_fields=["words", "kept_at"])
    return kept


@transaction.atomic
def discard_words(claim: Claim, *, by: User) -> None:
    """They are saved, or not wanted any more."""
    UnsavedWords.objects.filter(claim=claim, user=by).delete()


@transaction.atomic
def forget_old_words(*, at: datetime | None = None) -> int:
    """Delete what nobody came back for in KEPT_FOR, and who was here long ago. Returns how many rows went."""
    at = at or timezone.now()
    words, _by_model = UnsavedWords.objects.filter(kept_at__lt=at - KEPT_FOR).delete()
    gone, _by_model = Presence.objects.filter(seen_at__lt=at - 10 * HERE_FOR).delete()
    return words + gone
