"""The front page of the desk: what needs somebody now, in a constant number of queries."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from claims.admin.base import person
from claims.admin.overview import review_state
from claims.admin.wording import source_url
from claims.choices import DraftState
from claims.models import Claim, Draft, Review, User
from sources.models import Source

SHOWN = 10


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Named in the theme's settings as DASHBOARD_CALLBACK."""
    user = person(request)
    return context | {
        "desk_reviews": open_reviews(),
        "desk_to_read": to_read(user) if user.may_approve else [],
        "desk_mine": mine(user),
        "desk_nobodys": nobodys(),
        "desk_sources": sources_in_trouble(),
    }


def open_reviews() -> list[dict[str, Any] | None]:
    """Oldest first: who waits longest is served first."""
    rows = (
        Review.objects.open()
        .select_related("verdict__claim", "opened_by")
        .prefetch_related("evidence__source")
        .order_by("opened_at")
    )
    return [review_state(review) for review in rows[:SHOWN]]


def to_read(user: User) -> list[Draft]:
    """Handed in by others, waiting for a second person such as this one."""
    waiting = Draft.objects.waiting_for_review().exclude(Q(submitted_by=user) | Q(editors=user))
    return list(waiting.select_related("claim", "rating", "submitted_by").order_by("updated_at")[:SHOWN])


def mine(user: User) -> list[Draft]:
    """Assigned to this person and in their court; sent back ones first."""
    rows = Draft.objects.filter(assigned_to=user).exclude(state=DraftState.IN_REVIEW).select_related("claim", "rating")
    newest = rows.order_by("-updated_at")[:SHOWN]
    return sorted(newest, key=lambda draft: draft.state != DraftState.SENT_BACK)


def nobodys() -> list[Claim]:
    """Logged, and nobody has taken them yet."""
    rows = Claim.objects.filter(verdict__isnull=True).filter(Q(draft__isnull=True) | Q(draft__assigned_to=None))
    return list(
        rows.exclude(draft__state=DraftState.IN_REVIEW).select_related("claimant").order_by("-created_at")[:SHOWN]
    )


def sources_in_trouble() -> list[dict[str, Any]]:
    """Pages that evidence in use rests on and that readers cannot reach."""
    rows = Source.objects.unreachable().filter(evidence__dropped_at__isnull=True, evidence__isnull=False).distinct()
    newest = rows.order_by("-availability_since")[:SHOWN]
    return [{"source": source, "url": source_url(source) or source.url} for source in newest]
