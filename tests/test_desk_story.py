"""The whole story by hand: two people, a browser without JavaScript, nothing but forms."""

from __future__ import annotations

import pytest

from claims import services
from claims.models import Claim, Rating, User
from sources.models import Source
from tests.desk import CLAIMS, Desk, row
from tests.make import PAGE, QUOTE, make_page_say, make_published_verdict

URL = "https://news.example/square"


@pytest.mark.django_db
def test_two_people_take_a_claim_from_logging_to_publication(checker: User, editor: User) -> None:
    desk, second = Desk(checker), Desk(editor)

    # Log it with a quoted page, in one go.
    evidence = row("evidence", 0, kind="page", stance="refutes", url=URL, quote=QUOTE, load_bearing="true")
    appearance = row("appearances", 0, url="https://social.example/post/1", platform="facebook", is_first="on")
    answer = desk.fill(f"{CLAIMS}add/", text="Thousands filled the square", **evidence, **appearance)
    claim = Claim.objects.get()
    assert answer.headers["Location"] == desk.claim(claim)
    assert claim.evidence.get().quote == QUOTE
    assert claim.appearances.get().is_first

    # The worker captures the page.
    make_page_say(Source.objects.get(url=URL), PAGE)
    services.assess_changes()
    assert "On the page as quoted" in desk.get(desk.claim(claim))

    # Write the verdict, hand it in.
    desk.send(desk.claim(claim, "assign"), {})
    assert claim.draft.assigned_to == checker
    rating = Rating.objects.get(code="false")
    answer = desk.fill(
        desk.claim(claim, "draft"),
        "draft_form",
        rating=rating.pk,
        headline="Hundreds came, not thousands",
        summary="The police counted a few hundred people.",
        explanation="See the *police* count.",
        _submit="1",
    )
    assert answer.headers["Location"] == desk.claim(claim)
    claim.draft.refresh_from_db()
    assert claim.draft.state == "in_review"

    # The second person sees it on the front page, reads and publishes it.
    assert "Thousands filled the square" in second.get("/admin/")
    approval = second.get(second.claim(claim, "approve"))
    assert "Hundreds came, not thousands" in approval and "<em>police</em>" in approval and QUOTE in approval
    second.fill(second.claim(claim, "approve"), "step_form")
    verdict = Claim.objects.get().verdict
    assert verdict.current_version is not None
    assert (verdict.status, verdict.current_version.number) == ("published", 1)
    assert verdict.current_version.approved_by == editor


@pytest.mark.django_db
def test_a_changed_passage_is_settled_at_the_desk(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    source = claim.evidence.get().source
    assert source is not None
    make_page_say(source, PAGE.replace("few hundred", "few thousand"))
    services.assess_changes()

    front = Desk(checker).get("/admin/")
    assert "<del>hundred" in front and "<ins>thousand" in front
    desk = Desk(checker)
    desk.fill(desk.claim(claim, "confirm"), "step_form", note="The paper counts anew; the police does not.")
    claim = Claim.objects.get(pk=claim.pk)
    assert claim.verdict.status == "published"
    assert claim.verdict.reviews.get().outcome == "confirmed"
