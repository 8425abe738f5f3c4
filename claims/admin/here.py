"""Who else has a claim open: said when the page is opened, and again every few seconds where there is JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone

from claims import services
from claims.admin.base import person
from claims.models import Claim, Presence, User

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin

# Who is named; more than that in one claim is a meeting.
MOST_NAMED = 8


def others_here(claim: Claim, user: User) -> list[Presence]:
    """Everybody but this person, whoever writes first."""
    here = claim.presences.here(timezone.now()).exclude(user=user).select_related("user")
    return list(here.order_by("-writing", "since")[:MOST_NAMED])


def here_view(admin: ClaimAdmin, request: HttpRequest, claim: Claim) -> HttpResponse:
    """POST says that this person is here (`writing`: at the verdict), or is not any more (`gone`); answers who else."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    user = person(request)
    if "gone" in request.POST:
        services.leave(claim, by=user)
        return HttpResponse(status=204)
    services.note_presence(claim, by=user, writing="writing" in request.POST)
    return render(request, "claims/desk/here.html", {"others": others_here(claim, user)})
