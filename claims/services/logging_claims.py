"""Log a claim, change what is logged, note where it appeared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.errors import EditConflict
from claims.models import Appearance, Claim, Topic, User
from claims.services.guards import lock_claim, refuse_while_in_review, refuse_withheld, require_checker
from claims.services.public_changes import announce_update
from claims.services.record import record, values_of
from claims.services.words import write_claim_words
from sources.services import register_source
from sources.urls import validate_url

CLAIM_FIELDS = (
    "text", "language", "claimant", "made_on", "location",
    "quantity_as_stated", "quantity_low", "quantity_high", "quantity_unit",
)  # fmt: skip
# As the record tells it.
RECORDED = (*CLAIM_FIELDS, "topics")
APPEARANCE_FIELDS = ("url", "platform", "published_on", "audience", "is_first")


@transaction.atomic
def log_claim(
    text: str,
    *,
    by: User,
    topics: Iterable[Topic] = (),
    is_demo: bool = False,
    at: datetime | None = None,
    **fields: Any,
) -> Claim:
    """A new claim. `fields` are those of CLAIM_FIELDS. Raises ValidationError, NotAllowed."""
    require_checker(by)
    claim = Claim(text=text, created_by=by, created_at=at or timezone.now(), is_demo=is_demo, **fields)
    claim.full_clean()
    claim.save()
    claim.topics.set(topics)
    write_claim_words([claim.pk])
    record(claim, "logged the claim", by=by, after=values_of(claim, RECORDED), at=at)
    return claim


@transaction.atomic
def update_claim(
    claim: Claim, *, by: User, expected_revision: int, topics: Iterable[Topic] | None = None, **fields: Any
) -> Claim:
    """Change what is logged. What is published changes with the next version; topics change at once.

    Raises EditConflict when somebody saved since `expected_revision`, naming what differs.
    """
    require_checker(by)
    locked = lock_claim(claim.pk)
    refuse_withheld(claim)
    changed = [name for name, value in fields.items() if getattr(locked, name) != value]
    if locked.revision != expected_revision:
        raise EditConflict(_conflict_text(locked, changed), changed=changed)
    if changed:
        refuse_while_in_review(locked)
    topics_before, before = set(locked.topics.all()), values_of(locked, RECORDED)
    for name in changed:
        setattr(locked, name, fields[name])
    locked.revision += 1
    locked.full_clean()
    locked.save()
    if "text" in changed:
        write_claim_words([locked.pk])
    if topics is not None:
        locked.topics.set(topics)
    public = ["topics"] if topics is not None and set(topics) != topics_before else []
    if changed or public:
        after = values_of(locked, RECORDED)
        record(locked, "changed the claim", by=by, detail=", ".join(changed + public), before=before, after=after)
    announce_update(locked, changed=public)
    return locked


def _conflict_text(claim: Claim, changed: list[str]) -> str:
    last = claim.activities.first()
    who = last.actor.get_username() if last and last.actor else _("Somebody else")
    differs = ", ".join(changed) or _("nothing you changed")
    return _(
        "%(who)s saved this claim while you were editing. What differs from theirs: %(differs)s. Yours is kept below."
    ) % {"who": who, "differs": differs}


@transaction.atomic
def add_appearance(claim: Claim, *, url: str, by: User, **fields: Any) -> Appearance:
    """Where the claim was seen. The address is watched like any source; the same page is the same appearance, however
    its address is spelled. Raises ValidationError, UnusableURL.
    """
    require_checker(by)
    # Locked, so that two people who add the same page add it once.
    lock_claim(claim.pk)
    refuse_withheld(claim)
    source = register_source(url, is_demo=claim.is_demo)
    if claim.appearances.filter(source=source).exists():
        raise ValidationError({"url": _("This page is an appearance of this claim already.")})
    appearance = Appearance(claim=claim, url=validate_url(url.strip()), source=source, **fields)
    appearance.full_clean()
    appearance.save()
    after = values_of(appearance, APPEARANCE_FIELDS)
    record(claim, "added an appearance", by=by, detail=url, about=appearance, after=after)
    announce_update(claim, changed=["appearances"])
    return appearance
