"""What the log page fetches while somebody writes: a page's state, claims like a text, what an address is known for.

Looked at only: nothing is written here. Whoever may see claims may ask; texts come in the body of a POST, so that no
log keeps what nobody has published.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from claims.admin.log.page import audience_of, day_of, page_state, quantities_of
from claims.admin.log.similar import listed
from claims.admin.log.values import MOST_ROWS
from claims.intake.language import guess_language
from claims.knowing import uses_of
from claims.models import Claim
from claims.similar import LONGEST_TEXT, Similar, similar_claims
from sources.finding import is_id
from sources.models import Source

View = Callable[[HttpRequest], HttpResponse]
LONGEST_ADDRESS = 3000


def for_readers(view: View) -> View:
    """For whoever may see claims on the desk. Without a session: 403 as JSON, for a script can follow no login."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not admin.site.has_permission(request):
            return JsonResponse({"detail": "Sign in again."}, status=403)
        if not request.user.has_perm("claims.view_claim"):
            raise PermissionDenied
        response = view(request)
        response["Cache-Control"] = "no-store"
        return response

    return guarded


@require_GET
@for_readers
def page_part(request: HttpRequest) -> HttpResponse:
    """`?source=`: the state of a page that is being captured, and what to fill in."""
    state = page_state(source_or_404(request.GET.get("source", "")), title=request.GET.get("title", "")[:500])
    html = render_to_string("claims/desk/log_captured.html", {"page": state}, request)
    return JsonResponse({"is_waiting": state.is_waiting, "words": state.words, "html": html, "guesses": state.guesses})


def source_or_404(public_id: str) -> Source:
    source = (
        Source.objects.select_related("current_snapshot").filter(public_id=public_id[:16].replace("\x00", "")).first()
    )
    if source is None:
        raise Http404
    return source


@require_POST
@for_readers
def text_part(request: HttpRequest) -> HttpResponse:
    """`text`, `language`: at most ten claims like it, and the numbers it gives; `only=numbers`: these alone."""
    text = request.POST.get("text", "")[:LONGEST_TEXT]
    language = request.POST.get("language", "")[:12] or guess_language(text)
    similar = Similar() if request.POST.get("only") == "numbers" else similar_claims(text, language=language)
    rows = listed(similar)
    context = {"similar": rows, "may_log": request.user.has_perm("claims.add_claim")}
    return JsonResponse(
        {
            "language": guess_language(text),
            "claims": [_told(row) for row in rows["rows"]],
            "similar": render_to_string("claims/desk/log_similar.html", context, request),
            "quantities": render_to_string(
                "claims/desk/log_quantities.html", {"quantities": quantities_of(text, language)}, request
            ),
        }
    )


def _told(row: dict[str, Any]) -> dict[str, Any]:
    claim: Claim = row["claim"]
    return {
        "id": claim.public_id,
        "text": claim.text,
        "url": row["url"],
        "is_public": claim.is_public,
        "state": [str(place.label) for place in row["places"]],
        "rating": str(row["rating"] or ""),
        "on": row["on"].isoformat(),
        "matched": row["words"],
    }


@require_POST
@for_readers
def address_part(request: HttpRequest) -> HttpResponse:
    """`url`, `published_on`, `row`: which claims have the page already, and its account's audience on that day."""
    url = request.POST.get("url", "")[:LONGEST_ADDRESS].strip()
    row = request.POST.get("row", "")
    besides = request.POST.get("claim", "")
    context = {
        "uses": uses_of(url, besides=int(besides) if is_id(besides) else None),
        "audience": audience_of(
            url, day_of(request.POST.get("published_on", "")), min(int(row), MOST_ROWS) if is_id(row) else 0
        ),
    }
    return JsonResponse(
        {"is_known": bool(context["uses"]), "html": render_to_string("claims/desk/log_address.html", context, request)}
    )
