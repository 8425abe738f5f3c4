"""What must hold before a draft may be read by a second person, and before it is published."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.models import Draft, Evidence, Verdict
from claims.rendering.claimreview import render_claimreview
from claims.rendering.content import freeze
from claims.rendering.document import render_document
from claims.rendering.lint import lint
from claims.rendering.lint_rules import Finding
from claims.services.checklist import unticked
from claims.services.documents import publisher
from claims.services.facts import preview_state


def check_ready(draft: Draft) -> None:
    """Raises ValidationError with every reason at once, so that nobody mends one to meet the next."""
    problems = list(what_is_missing(draft))
    if problems:
        raise ValidationError(problems)


def what_is_missing(draft: Draft) -> Iterator[str]:
    """Each sentence says what is wrong and how to mend it."""
    evidence = list(draft.claim.evidence.attached().select_related("source", "snapshot"))
    yield from _missing_words(draft)
    yield from _missing_evidence(draft, evidence)
    for item in unticked(draft):
        told = _("The checklist: “%(point)s” is required. Do it, then tick it on the draft.")
        yield told % {"point": item.shown_text}
    if draft.rating is not None and draft.headline and draft.summary:
        yield from (str(finding) for finding in lint_draft(draft) if finding.is_error)


def _missing_words(draft: Draft) -> Iterator[str]:
    if draft.rating is None:
        yield _("Choose a rating.")
    elif not draft.rating.is_active:
        yield _("The rating “%(rating)s” is no longer in use: choose another.") % {"rating": draft.rating}
    if not draft.headline.strip():
        yield _("Write a headline: what is true, in one line.")
    if not draft.summary.strip():
        yield _("Write the answer: one paragraph that says what is true and why.")
    if Verdict.objects.filter(claim=draft.claim).exists():
        if not draft.correction_kind:
            yield _("Say whether this correction is minor or substantive.")
        if not draft.correction_reason.strip():
            yield _("Write the reason for the correction: it becomes public.")


def _missing_evidence(draft: Draft, evidence: list[Evidence]) -> Iterator[str]:
    if not evidence:
        yield _("Attach at least one piece of evidence.")
        return
    if draft.rating and draft.rating.has_truth_value and not any(row.is_decisive for row in evidence):
        yield _("“%(rating)s” says whether the claim is true: attach evidence that supports or refutes it.") % {
            "rating": draft.rating
        }
    for row in evidence:
        if row.is_disturbed and not _was_intact(row):
            said = _("The quote “%(quote)s” is not on %(source)s: quote what the page says.")
            nearest = _("The nearest passage there is: “%(found)s”.") if row.quote_found else ""
            facts = {"quote": _short(row.quote), "source": row.source, "found": row.quote_found}
            yield f"{said} {nearest}".strip() % facts
        elif row.is_disturbed:
            yield _("The page %(source)s no longer says “%(quote)s”: drop this evidence or quote it anew.") % {
                "source": row.source,
                "quote": _short(row.quote),
            }
        elif row.is_unchecked_page and not draft.unchecked_acknowledged:
            visited = row.source is not None and row.source.last_checked_at is not None
            said = (
                _("%(source)s could not be captured, so nobody has compared the quote “%(quote)s” with it.")
                if visited
                else _("%(source)s is not captured yet, so nobody has compared the quote “%(quote)s” with it.")
            )
            mend = _("Wait for the capture, or look at the page yourself and acknowledge it on the draft.")
            yield f"{said} {mend}" % {"source": row.source, "quote": _short(row.quote)}


def _was_intact(row: Evidence) -> bool:
    return row.snapshot is not None


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def lint_draft(draft: Draft) -> list[Finding]:
    """The ClaimReview findings the published page would have."""
    evidence = list(draft.claim.evidence.attached())
    document = render_document(freeze(draft, evidence), preview_state(draft), site=settings.SITE_URL)
    markup = render_claimreview(document, publisher())
    return lint(markup) if markup else []
