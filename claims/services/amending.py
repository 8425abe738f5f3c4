"""Amend what is attached to a claim: unpublished evidence, appearances, translations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.choices import EvidenceKind, QuoteStatus, VerdictStatus
from claims.errors import NotAllowed
from claims.models import Appearance, Evidence, Translation, User, Verdict
from claims.services.evidence import RECORDED, attach_evidence, drop_evidence, pin, watched_source
from claims.services.guards import lock_claim, note_editor, refuse_while_in_review, refuse_withheld, require_checker
from claims.services.logging_claims import APPEARANCE_FIELDS
from claims.services.public_changes import announce_update
from claims.services.record import record, values_of
from sources.comparison import word_difference

EVIDENCE_FIELDS = (
    "kind", "stance", "load_bearing", "origin", "quote", "description", "note", "position",
    "quantity_as_stated", "quantity_low", "quantity_high", "quantity_unit",
)  # fmt: skip
TRANSLATION_FIELDS = ("language", "of_version", "claim_text", "headline", "summary", "explanation")

BLANK_QUANTITY: dict[str, Any] = {
    "quantity_as_stated": "", "quantity_low": None, "quantity_high": None, "quantity_unit": "",
}  # fmt: skip


@transaction.atomic
def change_evidence(
    evidence: Evidence, *, by: User, url: str | None = None, at: datetime | None = None, **fields: Any
) -> Evidence:
    """Rewrite evidence no published version rests on. `fields` are those of EVIDENCE_FIELDS.

    Another quote or page is compared afresh. Raises ValidationError, and NotAllowed for published evidence.
    """
    require_checker(by)
    refuse_while_in_review(evidence.claim)
    row = Evidence.objects.select_for_update(of=("self",)).select_related("claim", "source").get(pk=evidence.pk)
    if row.versions.exists():
        raise NotAllowed(_("A published version rests on this evidence: leave it out of the next one, attach another."))
    before, recorded = (row.kind, row.quote, row.source_id), values_of(row, RECORDED)
    for name, value in fields.items():
        setattr(row, name, value)
    row.quote = row.quote.strip()
    if row.kind == EvidenceKind.PAGE and url is not None:
        row.source = watched_source(url, row.claim)
    elif row.kind != EvidenceKind.PAGE:
        row.source = None
    if before != (row.kind, row.quote, row.source_id):
        _compare_afresh(row, at=at or timezone.now())
    row.full_clean()
    row.save()
    note_editor(row.claim, by)
    after = values_of(row, RECORDED)
    record(row.claim, "changed evidence", by=by, detail=str(row), about=row, before=recorded, after=after, at=at)
    return row


def _compare_afresh(row: Evidence, *, at: datetime) -> None:
    row.snapshot, row.quote_prefix, row.quote_suffix = None, "", ""
    row.quote_status, row.quote_status_since, row.quote_found = QuoteStatus.UNCHECKED, None, ""
    if row.source and row.source.current_snapshot:
        pin(row, row.source.current_snapshot, at=at)


@transaction.atomic
def requote(evidence: Evidence, *, by: User, quote: str, at: datetime | None = None) -> Evidence:
    """Quote another passage of the same page. What a published version rests on stays with it; the copy replaces it.

    A quantity read from the old words is blanked when a number in them changed: it would contradict the new quote.
    """
    blank = BLANK_QUANTITY if _number_changed(evidence.quote, quote) else {}
    if not evidence.versions.exists():
        return change_evidence(evidence, by=by, quote=quote, at=at, **blank)
    assert evidence.source is not None, "only pages are quoted"
    kept = {name: getattr(evidence, name) for name in EVIDENCE_FIELDS if name != "quote"}
    drop_evidence(evidence, by=by, at=at)
    return attach_evidence(evidence.claim, by=by, url=evidence.source.url, quote=quote, at=at, **(kept | blank))


def _number_changed(before: str, after: str) -> bool:
    return any(part.op != "equal" and part.weight == "number" for part in word_difference(before, after))


@transaction.atomic
def change_appearance(appearance: Appearance, *, by: User, **fields: Any) -> Appearance:
    """Change what is known about an appearance; its address stays. Raises ValidationError."""
    require_checker(by)
    lock_claim(appearance.claim_id)
    refuse_withheld(appearance.claim)
    before = values_of(Appearance.objects.get(pk=appearance.pk), APPEARANCE_FIELDS)
    for name, value in fields.items():
        setattr(appearance, name, value)
    appearance.full_clean()
    appearance.save(update_fields=list(fields))
    after = values_of(appearance, APPEARANCE_FIELDS)
    record(
        appearance.claim, "changed an appearance", by=by, detail=appearance.url, about=appearance,
        before=before, after=after,
    )  # fmt: skip
    announce_update(appearance.claim, changed=["appearances"])
    return appearance


@transaction.atomic
def remove_appearance(appearance: Appearance, *, by: User) -> None:
    """Take back an appearance that was never public."""
    require_checker(by)
    lock_claim(appearance.claim_id)
    if Verdict.objects.filter(claim=appearance.claim_id).exists():
        raise NotAllowed(_("This appearance is public: correct its details instead of removing it."))
    before, told = values_of(appearance, APPEARANCE_FIELDS), appearance.url
    record(appearance.claim, "removed an appearance", by=by, detail=told, about=appearance, before=before)
    appearance.delete()


@transaction.atomic
def save_translation(translation: Translation, *, by: User, at: datetime | None = None) -> Translation:
    """Write a translation of the current version. Raises NotAllowed while there is nothing to translate."""
    require_checker(by)
    lock_claim(translation.claim_id)
    verdict = Verdict.objects.select_related("current_version").filter(claim=translation.claim_id).first()
    if verdict is None or verdict.current_version is None or verdict.status == VerdictStatus.WITHHELD:
        raise NotAllowed(_("There is no published verdict to translate yet."))
    old = Translation.objects.filter(pk=translation.pk).first()
    before = values_of(old, TRANSLATION_FIELDS) if old else {}
    translation.of_version = verdict.current_version.number
    translation.translated_by, translation.updated_at = by, at or timezone.now()
    translation.full_clean()
    translation.save()
    record(
        translation.claim, "translated the verdict", by=by, detail=translation.language, about=translation,
        before=before, after=values_of(translation, TRANSLATION_FIELDS), at=at,
    )  # fmt: skip
    announce_update(translation.claim, changed=["translations"], at=at)
    return translation


@transaction.atomic
def remove_translation(translation: Translation, *, by: User) -> None:
    """Take a translation off the site, which its public history says; the verdict stays, its words on the record."""
    require_checker(by)
    lock_claim(translation.claim_id)
    before, told = values_of(translation, TRANSLATION_FIELDS), translation.language
    record(translation.claim, "removed a translation", by=by, detail=told, about=translation, before=before)
    claim = translation.claim
    translation.delete()
    announce_update(claim, changed=["translations"], translations_removed=[told])
