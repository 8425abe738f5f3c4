"""Pin evidence to a passage, and let it go again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.choices import EvidenceKind, Stance
from claims.models import Claim, Evidence, User
from claims.services.file_quotes import quote_in_file
from claims.services.guards import note_editor, refuse_while_in_review, require_checker
from claims.services.record import record, values_of
from sources.archive import CaptureNotStored
from sources.comparison import QuoteMatch, find_quote
from sources.media_types import media_type_of
from sources.models import Snapshot, Source
from sources.services import register_source, store_upload
from sources.urls import UnusableURL

# As the record tells it.
RECORDED = (
    "kind", "stance", "load_bearing", "source", "quote", "file_name", "description", "note", "position",
    "quantity_as_stated", "quantity_low", "quantity_high", "quantity_unit",
)  # fmt: skip


@transaction.atomic
def attach_evidence(
    claim: Claim,
    *,
    by: User,
    stance: str,
    kind: str = EvidenceKind.PAGE,
    url: str = "",
    quote: str = "",
    load_bearing: bool | None = None,
    file: tuple[str, str, bytes] | None = None,
    title: str = "",
    publisher: str = "",
    at: datetime | None = None,
    **fields: Any,
) -> Evidence:
    """Evidence on a claim; for a page, its source is watched from now on.

    `file` is (name, media type, content). `load_bearing` defaults to what the stance says: context is not.
    When the page has been captured already the quote is looked for at once: see `quote_status` and, where the
    passage is not there, `quote_found` for the nearest one.
    Raises ValidationError (with the field to mend) and NotAllowed.
    """
    require_checker(by)
    refuse_while_in_review(claim)
    evidence = Evidence(
        claim=claim,
        kind=kind,
        stance=stance,
        quote=quote.strip(),
        load_bearing=stance != Stance.CONTEXT if load_bearing is None else load_bearing,
        created_by=by,
        created_at=at or timezone.now(),
        **fields,
    )
    if kind == EvidenceKind.PAGE:
        evidence.source = watched_source(url, claim, title=title, publisher=publisher, at=at)
    if file is not None:
        name, media_type, content = file
        try:
            evidence.upload = store_upload(content, name=name, media_type=media_type)
        except (ValueError, CaptureNotStored) as error:
            raise ValidationError({"file": str(error)}) from error
        evidence.file_name, evidence.file_media_type = name[-255:], media_type_of(content, media_type)[:100]
    evidence.full_clean()
    if evidence.source and evidence.source.current_snapshot:
        pin(evidence, evidence.source.current_snapshot, at=evidence.created_at)
    evidence.save()
    quote_in_file(evidence)  # long files are read through now, not while the desk's page is drawn
    note_editor(claim, by)
    after = values_of(evidence, RECORDED)
    record(claim, "attached evidence", by=by, detail=str(evidence), about=evidence, after=after, at=at)
    return evidence


def watched_source(
    url: str, claim: Claim, *, title: str = "", publisher: str = "", at: datetime | None = None
) -> Source:
    """The page at this address, watched from now on. Raises ValidationError at the field `url`."""
    if not url.strip():
        raise ValidationError({"url": _("Evidence from a page needs the page's address, beginning with https://.")})
    try:
        return register_source(url, title=title, publisher=publisher, is_demo=claim.is_demo, at=at)
    except UnusableURL as error:
        raise ValidationError({"url": str(error)}) from error


def pin(evidence: Evidence, snapshot: Snapshot, *, at: datetime) -> bool:
    """Compare the quote with a capture and set the machine's columns; True when its status changed. Does not save.

    The first capture that holds the quote becomes the one it is pinned to, with the words around it, so that a
    passage that occurs more than once is told apart later.
    """
    text = snapshot.present_text()
    match = find_quote(text, evidence.quote, prefix=evidence.quote_prefix, suffix=evidence.quote_suffix)
    if match.status == "intact" and evidence.snapshot is None:
        evidence.snapshot = snapshot
        evidence.quote_prefix, evidence.quote_suffix = match.prefix[-300:], match.suffix[:300]
    changed = (evidence.quote_status, evidence.quote_found) != (match.status, _found(match))
    if evidence.quote_status != match.status:
        evidence.quote_status_since = at
    evidence.quote_status, evidence.quote_found = match.status, _found(match)
    return changed


def _found(match: QuoteMatch) -> str:
    return "" if match.status == "intact" else match.found


@transaction.atomic
def drop_evidence(evidence: Evidence, *, by: User, at: datetime | None = None) -> None:
    """Leave it out of the next version. Evidence no version rests on is deleted; the rest stays with its versions."""
    require_checker(by)
    refuse_while_in_review(evidence.claim)
    note_editor(evidence.claim, by)
    before = values_of(evidence, RECORDED)
    record(evidence.claim, "dropped evidence", by=by, detail=str(evidence), about=evidence, before=before, at=at)
    if evidence.versions.exists():
        evidence.dropped_at = at or timezone.now()
        evidence.save(update_fields=["dropped_at"])
    else:
        evidence.delete()
