"""Where evidence is picked and verdicts are written: the addresses below a claim that are no step of its workflow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from claims.admin.checking import check_quote_view
from claims.admin.here import here_view
from claims.admin.picking import add_evidence_view, pick_view
from claims.admin.previews import live_view, page_view
from claims.admin.steps import claim_or_404
from claims.admin.unsaved import keep_view, unsaved_view
from claims.models import Claim

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin

View = Callable[["ClaimAdmin", HttpRequest, Claim], HttpResponse]


def writing_urls(admin: ClaimAdmin) -> list[URLPattern]:
    """All behind the desk's sign-in; each view checks what its person may do."""

    def beside(show: View, route: str, name: str) -> URLPattern:
        def view(request: HttpRequest, object_id: int) -> HttpResponse:
            return show(admin, request, claim_or_404(admin, request, object_id))

        return path(f"<int:object_id>/{route}/", admin.admin_site.admin_view(view), name=f"claims_claim_{name}")

    def add(request: HttpRequest, object_id: int) -> HttpResponse:
        return add_evidence_view(admin, request, object_id)

    def pick(request: HttpRequest, object_id: int, source_id: int) -> HttpResponse:
        return pick_view(admin, request, object_id, source_id)

    def check(request: HttpRequest) -> HttpResponse:
        return check_quote_view(admin, request)

    guarded = admin.admin_site.admin_view
    return [
        beside(live_view, "draft/live", "live"),
        beside(page_view, "draft/page", "preview"),
        beside(keep_view, "draft/keep", "keep"),
        beside(unsaved_view, "draft/unsaved", "unsaved"),
        beside(here_view, "here", "here"),
        path("<int:object_id>/evidence/", guarded(add), name="claims_claim_evidence_add"),
        path("<int:object_id>/evidence/<int:source_id>/", guarded(pick), name="claims_claim_evidence_pick"),
        path("evidence/check/", guarded(check), name="claims_evidence_check"),
    ]
