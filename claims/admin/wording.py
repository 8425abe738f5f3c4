"""Evidence and its changes in words and marks, for rows, lists and the front page of the desk."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.choices import EvidenceKind
from claims.models import Evidence
from claims.models.quantities import WithQuantity
from claims.rendering.changes import readable_quantity
from claims.services.file_quotes import quote_in_file
from sources.choices import Availability
from sources.comparison import Difference, word_difference
from sources.models import Source

NOT_CAPTURED = {
    # What a fact-checker should know, or do, while we hold no capture of a quoted page.
    Availability.NEW: _(
        "Not captured yet: the last visit failed before it reached the page (its name could not be looked up, or the "
        "site asked us to come later). We try again by ourselves."
    ),
    Availability.SUSPECT: _("Not captured yet: the page could not be reached. We go on trying."),
    Availability.DEAD: _("Not captured: the page is dead. Quote another copy of it, or an archive."),
    Availability.BLOCKED: _("Not captured: the site turns our robot away. Look at the page yourself."),
    Availability.PAYWALLED: _("Not captured: the page is behind a login. Look at it yourself."),
    Availability.EXCLUDED: _("Not captured: the site's robots.txt asks us not to. Look at the page yourself."),
    Availability.DENIED: _("Not captured: our rules refuse this address. Check that it is the public one."),
}
PAGE_TROUBLE = {
    # What a fact-checker should know before readers are sent to a page that we hold a capture of.
    Availability.SUSPECT: _("The page could not be reached lately. Readers may not find it."),
    Availability.DEAD: _("The page is dead: readers will not find it."),
    Availability.BLOCKED: _("The site turns our robot away, so we cannot see whether the page changes."),
    Availability.PAYWALLED: _("The page is behind a login or a payment: many readers cannot open it."),
    Availability.EXCLUDED: _("robots.txt asks us not to visit the page, so we cannot see whether it changes."),
    Availability.DENIED: _("Our rules refuse this address by now. Check that it is the public one."),
}
NOT_VISITED = _("Not captured yet: the first visit is due now. Come back in a minute.")
CAPTURED_SOON = _("Captured, not compared yet: come back in a minute.")
# A quote no capture ever held: nothing changed, it was copied wrongly (or from another page).
NEVER_ON_PAGE = _("Not on the page as quoted")


def changed_words(row: Evidence) -> list[Difference]:
    """Word by word from our quote to what the page says now; empty while they agree."""
    return word_difference(row.quote, row.quote_found) if row.is_disturbed and row.quote_found else []


def number_in(row: WithQuantity) -> str:
    """The number of a claim or of evidence, for people; empty when there is none."""
    quantity = row.quantity
    return readable_quantity({**quantity}) if quantity else ""


def quote_state(row: Evidence) -> str:
    """How the quote and the page agree, in words."""
    if row.is_disturbed and row.snapshot_id is None:
        return str(NEVER_ON_PAGE)
    return row.get_quote_status_display()


def why_unchecked(row: Evidence) -> str:
    if not row.is_unchecked_page or row.source is None:
        return ""
    return str(CAPTURED_SOON) if row.source.current_snapshot_id else why_not_captured(row.source)


def why_not_captured(source: Source) -> str:
    """Of a page we hold no capture of."""
    if source.last_checked_at is None:
        return str(NOT_VISITED)
    return str(NOT_CAPTURED.get(Availability(source.availability), NOT_CAPTURED[Availability.NEW]))


def page_trouble(row: Evidence) -> str:
    """What readers will meet when they follow the link, in words; empty for a page they can open as we did.

    Only of captured pages: of others `why_unchecked` says more.
    """
    if row.source is None or row.source.current_snapshot_id is None:
        return ""
    return str(PAGE_TROUBLE.get(Availability(row.source.availability), ""))


def archived_copy(row: Evidence) -> str:
    """Our capture the quote was first seen in, else the page's newest, on the desk; empty when there is none."""
    snapshot = row.snapshot_id or (row.source.current_snapshot_id if row.source else None)
    return reverse("admin:sources_snapshot_capture", args=[snapshot]) if snapshot else ""


def quote_told(row: Evidence) -> tuple[bool, str]:
    """Whether all is well, and how the quote and the page agree, to be said right after saving."""
    quote = {"quote": row.quote, "nearest": row.quote_found}
    if row.is_disturbed and row.quote_found:
        return False, gettext(
            "“%(quote)s” is not on the page. The nearest passage there: “%(nearest)s”. "
            "Take it over below, or mend the quote."
        ) % quote
    if row.is_disturbed:
        return False, gettext(
            "“%(quote)s” is not on the page, and nothing like it is. Copy the passage again from the page."
        ) % quote
    if row.is_unchecked_page:
        return True, gettext("Attached. The quote “%(quote)s” is compared as soon as the page is captured.") % quote
    return True, gettext("“%(quote)s” stands on the page and is pinned to our capture of it.") % quote


def quote_in_file_words(row: Evidence) -> str:
    """How the quote and the uploaded file agree, in words; empty without either."""
    found = quote_in_file(row)
    if found is None:
        return ""
    if found.status == "intact":
        return str(_("The quote stands in the file."))
    if found.status == "unreadable":
        return str(_("The file's text cannot be read by machine."))
    if not found.nearest:
        return str(_("The quote was not found in the file's text."))
    return str(_("The quote was not found in the file's text; nearest: “%s”") % found.nearest)


def evidence_state(row: Evidence) -> SafeString:
    """The state of one row: page, quote, nearest passage."""
    return mark_safe(
        render_to_string(
            "claims/desk/evidence_state.html",
            {
                "row": row,
                "is_page": row.kind == EvidenceKind.PAGE,
                "is_trouble": row.source is not None and row.source.is_unreachable(),
                "quote_state": quote_state(row),
                "was_there": row.snapshot_id is not None,
                "unchecked": why_unchecked(row),
                "trouble": page_trouble(row),
                "archived": archived_copy(row),
                "in_file": quote_in_file_words(row),
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
