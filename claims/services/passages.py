"""Evidence picked from a page we hold: the page is named first, the passage is taken from its capture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from claims.choices import EvidenceKind
from claims.models import Claim, Evidence, User
from claims.services.evidence import attach_evidence, watched_source
from claims.services.guards import lock_claim, refuse_while_in_review, require_checker
from sources.comparison import CONTEXT_CHARACTERS
from sources.models import Snapshot, Source

NUMBER = ("quantity_as_stated", "quantity_low", "quantity_high", "quantity_unit")


@dataclass(frozen=True)
class Picked:
    """The characters from `start` to `end` of the text of a capture."""

    snapshot: Snapshot
    start: int
    end: int


@transaction.atomic
def watch_page(claim: Claim, *, by: User, url: str, at: datetime | None = None) -> Source:
    """Register the page, so that it is captured while the person reads on. Raises NotAllowed and ValidationError."""
    require_checker(by)
    refuse_while_in_review(claim)
    return watched_source(url, claim, at=at)


@transaction.atomic
def attach_passage(
    claim: Claim, *, by: User, source: Source, quote: str = "", picked: Picked | None = None, **fields: Any
) -> tuple[Evidence, bool]:
    """Attach a passage of this page; the evidence, and whether it is new.

    `picked` says where in which capture the passage stands, so that of two alike the right one is pinned; without it
    `quote` is looked for. The same passage with the same stance, attached already, is what a double click sends: it
    is returned as it is. `fields` are those of attach_evidence. Raises NotAllowed and ValidationError.
    """
    lock_claim(claim.pk)
    if picked is not None:
        text = picked.snapshot.present_text()
        if picked.snapshot.source_id != source.pk or not 0 <= picked.start < picked.end <= len(text):
            raise ValidationError({"quote": _("This passage is not in the capture: pick it again.")})
        quote = text[picked.start : picked.end].strip()
        fields["quote_prefix"] = text[max(0, picked.start - CONTEXT_CHARACTERS) : picked.start]
        fields["quote_suffix"] = text[picked.end : picked.end + CONTEXT_CHARACTERS]
    twin = claim.evidence.attached().filter(source=source, quote=quote.strip(), stance=fields.get("stance", ""))
    if same := twin.first():
        return same, False
    url = source.canonical_url
    return attach_evidence(claim, by=by, kind=EvidenceKind.PAGE, url=url, quote=quote, **fields), True


@transaction.atomic
def attach_passages(
    claim: Claim, *, by: User, source: Source, picked: list[Picked], **fields: Any
) -> list[tuple[Evidence, bool]]:
    """Each by itself, as attach_passage does, with the same `fields`; all of them or none.

    Raises NotAllowed and ValidationError: also when `fields` have a number, which belongs to one passage.
    """
    if len(picked) > 1 and any(fields.get(name) not in (None, "") for name in NUMBER):
        told = _("A number belongs to one passage: attach that one alone, or leave the number out.")
        raise ValidationError({"quantity_as_stated": told})
    return [attach_passage(claim, by=by, source=source, picked=one, **fields) for one in picked]
