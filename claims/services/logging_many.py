"""Log very many claims: the rules of logging_claims.py, with each statement made once for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Activity, Appearance, Claim, User
from claims.services.guards import require_checker
from claims.services.logging_claims import APPEARANCE_FIELDS, RECORDED
from claims.services.record import line_of, values_of
from claims.services.words import write_claim_words
from sources.services import register_sources
from sources.urls import validate_url


@dataclass
class NewClaim:
    """What log_claim() and add_appearance() take: columns of the claim, keys of topics, columns of each appearance."""

    fields: dict[str, Any]
    topics: Sequence[int] = ()
    appearances: list[dict[str, Any]] = field(default_factory=list)


@transaction.atomic
def log_claims(entries: Sequence[NewClaim], *, by: User) -> list[Claim]:
    """The new claims, in this order; some fifteen statements, however many there are.

    Nobody else knows these claims before the commit, so none is withheld, in review, public or held by anybody: what
    a step at a known claim asks about that is not asked here. Raises ValidationError, UnusableURL, NotAllowed and,
    for what only the database knows, IntegrityError; nothing is logged then.
    """
    require_checker(by)
    at = timezone.now()
    claims = [Claim(created_by=by, created_at=at, **entry.fields) for entry in entries]
    for claim in claims:
        # Foreign keys and constraints are held by the database itself.
        claim.full_clean(exclude={"claimant", "created_by"}, validate_unique=False, validate_constraints=False)
    Claim.objects.bulk_create(claims)
    link = Claim.topics.through
    link.objects.bulk_create(
        [
            link(claim_id=claim.pk, topic_id=topic)
            for claim, entry in zip(claims, entries, strict=True)
            for topic in dict.fromkeys(entry.topics)
        ]
    )
    write_claim_words([claim.pk for claim in claims])
    prefetch_related_objects(claims, "topics", "claimant")
    lines = [line_of(claim, "logged the claim", by=by, after=values_of(claim, RECORDED), at=at) for claim in claims]
    appearances = _appearances(claims, entries)
    lines += [
        line_of(
            one.claim, "added an appearance", by=by, detail=one.url, about=one,
            after=values_of(one, APPEARANCE_FIELDS), at=at,
        )
        for one in appearances
    ]  # fmt: skip
    Activity.objects.bulk_create(lines)
    return claims


def _appearances(claims: list[Claim], entries: Sequence[NewClaim]) -> list[Appearance]:
    sources = register_sources({one["url"] for entry in entries for one in entry.appearances})
    appearances = []
    for claim, entry in zip(claims, entries, strict=True):
        seen = set()
        for one in entry.appearances:
            source = sources[one["url"]]
            if source.pk in seen:
                raise ValidationError({"url": _("This page is an appearance of this claim already.")})
            seen.add(source.pk)
            appearance = Appearance(claim=claim, source=source, **one | {"url": validate_url(one["url"].strip())})
            appearance.full_clean(exclude={"claim", "source"}, validate_unique=False, validate_constraints=False)
            appearances.append(appearance)
    return Appearance.objects.bulk_create(appearances)
