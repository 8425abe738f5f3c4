"""A verdict's page before it is published, for whoever writes it. Named in the settings as CLAIM_PAGE_PREVIEW."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from claims.models import VerdictDocument
from pages.links import absolute
from pages.reading import read_document, timeline, with_evidence
from pages.responses import render_page


def claim_page(request: HttpRequest, row: VerdictDocument) -> HttpResponse:
    """The page as the root will show it, marked as a preview. `row` is not stored; nobody but its writers sees it."""
    with translation.override("en"):
        document = with_evidence(read_document(row, ""))
        context = {
            "document": document,
            "timeline": timeline(document, []),
            "claimreview": "",
            "canonical": absolute(document["path"]),
            "alternates": [],
            "api_path": f"/api/v1/verdicts/{row.public_id}/",
            "noindex": True,
            "is_preview": True,
        }
        return render_page(request, "claim.html", context)
