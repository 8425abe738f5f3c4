"""What must hold before a draft may be read by a second person, and before it is published."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ValidationError

from claims.models import Draft, Evidence, Verdict
from claims.rendering.claimreview import render_claimreview
from claims.rendering.content import freeze
from claims.rendering.document import render_document
from claims.rendering.lint import lint
from claims.rendering.lint_rules import Finding
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
    if draft.rating is not None and draft.headline and draft.summary:
        yield from (str(finding) for finding in lint_draft(draft) if finding.is_error)


def _missing_words(draft: Draft) -> Iterator[str]:
    if draft.rating is None:
        yield "Choose a rating."
    elif not draft.rating.is_active:
        yield f"The rating “{draft.rating}” is no longer in use: choose another."
    if not draft.headline.strip():
        yield "Write a headline: what is true, in one line."
    if not draft.summary.strip():
        yield "Write the answer: one paragraph that says what is true and why."
    if Verdict.objects.filter(claim=draft.claim).exists():
        if not draft.correction_kind:
            yield "Say whether this correction is minor or substantive."
        if not draft.correction_reason.strip():
            yield "Write the reason for the correction: it becomes public."


def _missing_evidence(draft: Draft, evidence: list[Evidence]) -> Iterator[str]:
    if not evidence:
        yield "Attach at least one piece of evidence."
        return
    if draft.rating and draft.rating.has_truth_value and not any(row.is_decisive for row in evidence):
        yield f"“{draft.rating}” says whether the claim is true: attach evidence that supports or refutes it."
    for row in evidence:
        if row.is_disturbed and not _was_intact(row):
            nearest = f" The nearest passage there is: “{row.quote_found}”." if row.quote_found else ""
            yield f"The quote “{_short(row.quote)}” is not on {row.source}: quote what the page says.{nearest}"
        elif row.is_disturbed:
            yield f"The page {row.source} no longer says “{_short(row.quote)}”: drop this evidence or quote it anew."
        elif row.is_unchecked_page and not draft.unchecked_acknowledged:
            visited = row.source is not None and row.source.last_checked_at is not None
            why = "could not be captured" if visited else "is not captured yet"
            yield (
                f"{row.source} {why}, so nobody has compared the quote “{_short(row.quote)}” with it. "
                "Wait for the capture, or look at the page yourself and acknowledge it on the draft."
            )


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
