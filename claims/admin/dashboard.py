"""The front page of the desk: what needs somebody now, in a constant number of queries."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from claims.admin.base import person
from claims.admin.figures import newsroom_figures
from claims.admin.overview import review_state
from claims.admin.places import LOGGED
from claims.admin.wording import source_url
from claims.choices import DraftState, VerdictStatus
from claims.models import Alarm, Claim, Draft, Evidence, Hold, Notice, ReaderMessage, Review, User, Verdict
from sources.models import Source

SHOWN = 10
# Claims among which those are looked for that nobody has; the list has all of them.
LOOKED_THROUGH = 5_000


class Shortlist(NamedTuple):
    """The first rows, and whether there are more of them: then the page links to all."""

    rows: list[Any]
    more: bool


def shortlist(rows: QuerySet[Any]) -> Shortlist:
    found = list(rows[: SHOWN + 1])
    return Shortlist(found[:SHOWN], len(found) > SHOWN)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Named in the theme's settings as DASHBOARD_CALLBACK."""
    user = person(request)
    return context | {
        "desk_holds": list(Hold.objects.open().order_by("opened_at")),
        "desk_alarms": list(Alarm.objects.open().order_by("started_at")),
        "desk_due": due_to_look(),
        "desk_messages": from_readers(),
        "desk_notices": unread(user),
        "desk_reviews": open_reviews(),
        "desk_to_read": to_read(user) if user.may_approve else Shortlist([], False),
        "desk_mine": mine(user),
        "desk_nobodys": nobodys(),
        "desk_sources": sources_in_trouble(),
        "desk_figures": newsroom_figures(),
    }


def unread(user: User) -> Shortlist:
    """What this person was told and has not ticked off, newest first."""
    return shortlist(Notice.objects.unread().filter(recipient=user).order_by("-at", "-pk"))


def from_readers() -> Shortlist:
    """What readers reported or suggested and nobody has settled, longest waiting first."""
    return shortlist(ReaderMessage.objects.waiting().select_related("claim").order_by("received_at", "pk"))


def open_reviews() -> Shortlist:
    """Those that drifting evidence opened first; among them who waits longest."""
    rows = (
        Review.objects.open()
        .select_related("verdict__claim", "opened_by")
        .prefetch_related("evidence__source")
        .order_by(F("opened_by").asc(nulls_first=True), "opened_at")
    )
    found = shortlist(rows)
    return Shortlist([review_state(review) for review in found.rows], found.more)


def due_to_look() -> Shortlist:
    """Standing verdicts whose day to look again has come and that nobody looks at yet; longest due first."""
    rows = Verdict.objects.due_to_look(timezone.localdate()).exclude(status=VerdictStatus.UNDER_REVIEW)
    return shortlist(rows.select_related("claim").order_by("look_again_on", "pk"))


def to_read(user: User) -> Shortlist:
    """Handed in by others, waiting for a second person such as this one."""
    rows = Draft.objects.to_be_read_by(user).select_related("claim", "rating", "submitted_by", "reader")
    return shortlist(rows.order_by("updated_at"))


def mine(user: User) -> Shortlist:
    """Assigned to this person and in their court; sent back ones first."""
    rows = Draft.objects.to_be_written_by(user).select_related("claim", "rating")
    found = shortlist(rows.order_by("-updated_at"))
    return Shortlist(sorted(found.rows, key=lambda draft: draft.state != DraftState.SENT_BACK), found.more)


def nobodys() -> Shortlist:
    """Nobody has taken them yet. Of the newest: where every claim has somebody, all would be looked through."""
    newest = Claim.objects.order_by("-created_at", "-pk").values("pk")[:LOOKED_THROUGH]
    logged = Claim.objects.filter(LOGGED, pk__in=newest)
    begun = Claim.objects.filter(draft__in=Draft.objects.nobodys())
    # Each asked for by itself, so that each has its index.
    found = {
        claim.pk: claim
        for rows in (logged, begun)
        for claim in rows.select_related("claimant").order_by("-created_at", "-pk")[: SHOWN + 1]
    }
    rows = sorted(found.values(), key=lambda claim: (claim.created_at, claim.pk), reverse=True)
    return Shortlist(rows[:SHOWN], len(rows) > SHOWN)


def sources_in_trouble() -> Shortlist:
    """Pages that evidence in use rests on and that readers cannot reach."""
    used = Evidence.objects.attached().filter(source=OuterRef("pk"))
    found = shortlist(Source.objects.unreachable().filter(Exists(used)).order_by("-availability_since"))
    return Shortlist([{"source": source, "url": source_url(source) or source.url} for source in found.rows], found.more)
