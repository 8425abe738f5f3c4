"""Pages that change under published verdicts, for the tests of the brake, the notices and the desk."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.utils import timezone

from claims import services
from claims.choices import Role
from claims.models import Event, Evidence, User, VerdictDocument, VerdictVersion
from sources.models import Source, SourceChange
from tests.held import held
from tests.make import PAGE, make_claim, make_draft, make_evidence, make_page_say, make_user

ALTERED = PAGE.replace("a few hundred", "a few thousand")
GONE = "This article has been taken over by a recipe for apple pie with cinnamon and raisins."
SIX = 6


def publish(checker: User, editor: User, *urls: str, **fields: Any) -> VerdictVersion:
    """A published verdict that rests on the same sentence of each of these pages."""
    claim = make_claim(checker)
    for url in urls:
        source = make_evidence(claim, checker, url=url, **fields).source
        assert source is not None
        if source.current_snapshot is None:
            make_page_say(source, PAGE)
    services.assess_changes()
    return services.approve_and_publish(services.submit_for_review(make_draft(claim, checker), by=checker), by=editor)


def publish_many(number: int, checker: User, editor: User, host: str = "news.example") -> list[Source]:
    """That many published verdicts, each resting on a page of its own of this host; their sources."""
    sources = []
    for count in range(number):
        source = publish(checker, editor, f"https://{host}/{count}").evidence.get().source
        assert source is not None
        sources.append(source)
    return sources


@held
def six_held(checker: User, editor: User) -> None:
    """The cast, SIX verdicts, and the changes of all their pages held."""
    make_user("admin", Role.ADMIN, is_superuser=True)
    make_user("outsider", Role.OBSERVER)
    change(publish_many(SIX, checker, editor))


def say(sources: list[Source], text: str, at: datetime | None = None) -> list[SourceChange]:
    """The pages say this now; nobody has assessed it yet."""
    return [make_page_say(source, text, at) for source in sources]


def change(sources: list[Source], text: str = ALTERED, at: datetime | None = None) -> None:
    """The pages say this now, and one sweep assesses it."""
    at = at or timezone.now()
    say(sources, text, at)
    services.assess_changes(at=at)


def statuses() -> list[str]:
    """What readers are told of each quote, verdict by verdict."""
    return list(Evidence.objects.order_by("pk").values_list("quote_status", flat=True))


def under_review() -> int:
    return sum(json.loads(row.body)["status"] == "under_review" for row in VerdictDocument.objects.all())


def new_events(published: int) -> list[str]:
    """Types of the events after the publications."""
    types = list(Event.objects.order_by("sequence").values_list("type", flat=True))
    assert types[:published] == ["verdict.published"] * published
    return types[published:]
