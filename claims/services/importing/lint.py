"""The ClaimReview rules on a verdict that is about to be imported."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from claims.choices import VerdictStatus
from claims.rendering.claimreview import render_claimreview
from claims.rendering.content import freeze
from claims.rendering.document import VerdictState, render_document
from claims.rendering.lint import lint
from claims.services.documents import publisher
from claims.services.importing.publishing import Publication


def errors_of(publication: Publication, *, at: datetime) -> list[str]:
    """The CR findings its page would have, each with its rule; any of them blocks the import."""
    found = publication.found
    state = VerdictState(
        slug="claim",
        status=VerdictStatus.PUBLISHED,
        status_reason="",
        status_since=at,
        version=1,
        content_digest="",
        content_salt="",
        published_at=found.published_at or at,
        updated_at=at,
        is_demo=False,
        authors=[],
        approved_by=None,
        reviewed_by_second_person=False,
        claimant={"name": found.claimant, "same_as": list(found.claimant_same_as)} if found.claimant else None,
        topics=[],
        appearances=[
            {"url": url, "platform": "", "published_on": None, "first": url == found.first_appearance}
            for url in found.appearances
        ],
        corrections=[],
        review=None,
    )
    document = render_document(freeze(publication.draft, []), state, site=settings.SITE_URL)
    markup = render_claimreview(document, publisher())
    return [str(finding) for finding in lint(markup) if finding.is_error] if markup else []
