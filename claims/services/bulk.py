"""The same safe step on many claims: each by itself, so that one that is refused holds up no other.

Only what can be done again the other way round: nothing is published, retracted or withheld in bulk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from claims.errors import EditConflict, NotAllowed
from claims.models import Claim, Topic, User
from claims.services.drafting import assign
from claims.services.logging_claims import update_claim
from claims.services.looking_again import set_look_again

MOST = 500


@dataclass
class BulkReport:
    """Which claims were changed, and which were refused, each with the reason."""

    done: list[Claim] = field(default_factory=list)
    refused: list[tuple[Claim, str]] = field(default_factory=list)


def assign_all(claim_ids: Iterable[int], *, to: User, by: User) -> BulkReport:
    """Give them all to one person. Raises NotAllowed for more than MOST."""
    return _each(claim_ids, lambda claim: assign(claim, to=to, by=by))


def add_topic_to_all(claim_ids: Iterable[int], *, topic: Topic, by: User) -> BulkReport:
    """Add the topic beside those each has. Raises NotAllowed for more than MOST."""

    def add(claim: Claim) -> object:
        topics = [*claim.topics.all(), topic]
        return update_claim(claim, by=by, expected_revision=claim.revision, topics=topics)

    return _each(claim_ids, add)


def set_look_again_on_all(claim_ids: Iterable[int], *, on: date, by: User) -> BulkReport:
    """Set one day to look again at all of them. Raises NotAllowed for more than MOST."""
    return _each(claim_ids, lambda claim: set_look_again(claim, on=on, by=by))


def _each(claim_ids: Iterable[int], step: Callable[[Claim], object]) -> BulkReport:
    ids = sorted(set(claim_ids))
    if len(ids) > MOST:
        raise NotAllowed(_("At most %(most)d claims at a time: narrow the list first.") % {"most": MOST})
    report = BulkReport()
    for claim in Claim.objects.filter(pk__in=ids).order_by("pk"):
        try:
            with transaction.atomic():
                step(claim)
        except ValidationError as refusal:
            report.refused.append((claim, " ".join(refusal.messages)))
        except (NotAllowed, EditConflict) as refusal:
            report.refused.append((claim, str(refusal)))
        else:
            report.done.append(claim)
    return report
