"""Evidence and its changes in words and marks, for rows, lists and the front page of the desk."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe

from claims.choices import EvidenceKind
from claims.models import Evidence
from sources.choices import Availability
from sources.comparison import Difference, word_difference
from sources.models import Source

NOT_CAPTURED = {
    # What a fact-checker should know, or do, while we hold no capture of a quoted page.
    Availability.NEW: "Not captured yet: the first visit is due now. Come back in a minute.",
    Availability.SUSPECT: "Not captured yet: the page could not be reached. We go on trying.",
    Availability.DEAD: "Not captured: the page is dead. Quote another copy of it, or an archive.",
    Availability.BLOCKED: "Not captured: the site turns our robot away. Look at the page yourself.",
    Availability.PAYWALLED: "Not captured: the page is behind a login. Look at it yourself.",
    Availability.EXCLUDED: "Not captured: the site's robots.txt asks us not to. Look at the page yourself.",
    Availability.DENIED: "Not captured: our rules refuse this address. Check that it is the public one.",
}
CAPTURED_SOON = "Captured, not compared yet: come back in a minute."


def changed_words(row: Evidence) -> list[Difference]:
    """Word by word from our quote to what the page says now; empty while they agree."""
    return word_difference(row.quote, row.quote_found) if row.is_disturbed and row.quote_found else []


def why_unchecked(row: Evidence) -> str:
    if not row.is_unchecked_page or row.source is None:
        return ""
    if row.source.current_snapshot_id:
        return CAPTURED_SOON
    return NOT_CAPTURED.get(Availability(row.source.availability), NOT_CAPTURED[Availability.NEW])


def evidence_state(row: Evidence) -> SafeString:
    """The state of one row: page, quote, nearest passage."""
    return mark_safe(
        render_to_string(
            "claims/desk/evidence_state.html",
            {
                "row": row,
                "is_page": row.kind == EvidenceKind.PAGE,
                "is_trouble": row.source is not None and row.source.is_unreachable(),
                "unchecked": why_unchecked(row),
                "changed": changed_words(row),
                "source_url": source_url(row.source),
            },
        )
    )


def source_url(source: Source | None) -> str:
    """The source's page on the desk; empty when it has none."""
    if source is None:
        return ""
    try:
        return reverse("admin:sources_source_change", args=[source.pk])
    except NoReverseMatch:
        return ""
