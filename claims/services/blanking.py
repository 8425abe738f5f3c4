"""Blanks what the law withholds, in one transaction. Called by withholding.py alone, after two people agreed."""

from __future__ import annotations

from datetime import datetime

from claims.models import Claim, ClaimFile, TouchedQuote, Verdict
from claims.services.withheld_rows import WithheldRows
from sources.services import BLANKED, erase_captures, erasure_allowed

NO_QUANTITY = {"quantity_as_stated": "", "quantity_low": None, "quantity_high": None, "quantity_unit": ""}


def blank(claim: Claim, *, at: datetime) -> tuple[dict[str, int], list[str]]:
    """Blank every text and capture of this locked claim; what was blanked by count, and the files to delete.

    Captures and files that another public claim rests on stay. Log entries and notices go before the texts they are
    found by.
    """
    rows = WithheldRows(claim)
    counts = rows.counts()
    keys = {name: list(getattr(rows, name).values_list("pk", flat=True)) for name in ("sources", "uploads")}
    forget = list(rows.forgotten_sources.values_list("pk", flat=True))
    with erasure_allowed():
        _blank_what_was_noted(rows)
    with erasure_allowed():
        _blank_what_others_say(rows, at)
        _blank_what_was_written(rows)
        _blank_claim(claim)
    files = erase_captures(sources=keys["sources"], uploads=keys["uploads"], forget=forget)
    return counts, files


def _blank_what_was_noted(rows: WithheldRows) -> None:
    rows.log_entries.update(object_repr=BLANKED, change_message="")
    rows.notices.update(
        title=BLANKED, text="", words={}, path="", mail_due_at=None, in_digest=False, mail_error=""
    )
    rows.holds.update(why=BLANKED)
    rows.holds.exclude(reason="").update(reason=BLANKED)
    rows.record.update(detail="", about_name="", changes=[])


def _blank_what_others_say(rows: WithheldRows, at: datetime) -> None:
    # The fingerprint stays: an import that finds the same again leaves the row alone.
    rows.imported.update(url=BLANKED)
    ClaimFile.objects.filter(claims__claim=rows.claim).update(findings=[])
    rows.touched.update(found="")
    # Nothing waits for a decision about words that are gone.
    waiting = TouchedQuote.objects.waiting().filter(evidence__claim=rows.claim)
    waiting.update(settled_at=at, counts=False)
    rows.external.update(
        claim_text=BLANKED, headline="", raw="", search_text="", claimant="", appearances=[], withdrawn_at=at,
        linked_claim=None, linked_by=None, linked_at=None,
    )  # fmt: skip


def _blank_what_was_written(rows: WithheldRows) -> None:
    rows.reviews.update(reason=BLANKED)
    rows.notes.update(text=BLANKED)
    rows.contacts.delete()
    rows.unsaved.delete()
    rows.reader_messages.delete()
    Verdict.objects.filter(pk=rows.claim.pk).update(look_again_on=None, look_again_why="")
    rows.reviews.exclude(note="").update(note=BLANKED)
    rows.drafts.delete()
    rows.translations.delete()
    rows.relations.delete()
    rows.appearances.delete()
    # Without salt and text nobody can tell from the digest in the event log what stood here.
    rows.versions.update(content="", content_salt="", claimant=None)
    rows.versions.exclude(correction_reason="").update(correction_reason=BLANKED)
    rows.evidence.exclude(quote="").update(quote=BLANKED)
    rows.evidence.exclude(description="").update(description=BLANKED)
    rows.evidence.update(
        quote_prefix="", quote_suffix="", quote_found="", note="", file_name="", file_media_type="", **NO_QUANTITY
    )


def _blank_claim(claim: Claim) -> None:
    claim.topics.clear()
    Claim.objects.filter(pk=claim.pk).update(
        text=BLANKED, slug="claim", location="", claimant=None, made_on=None, **NO_QUANTITY
    )
